"""One client that is led by hand: it sends over HTTP and over NATS, looks at every part of the answer, and remembers what it was told."""

import http.client
import json
import socket
import time

from servicelib import Life

REFUSED = 400
"""Statuses from here on say that there is no result."""


class Answer:
    """What came, and after how long (seconds)."""

    def __init__(self, status, headers, body, seconds):
        self.status, self.headers, self.body, self.seconds = status, {name.lower(): value for name, value in headers.items()}, body, seconds

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} after {self.seconds:.2f} s: {self.body[:300]!r}"


class Wire:
    """The part of the protocol of NATS that a question needs."""

    def __init__(self, port, timeout=10.0):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.socket.sendall(b'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true,"lang":"python","version":"1"}\r\n')
        self.number = 0

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, subject, body, headers=None, reply=""):
        """Publishes; who wants no answer hears none."""
        if headers is None:
            self.socket.sendall(f"PUB {subject} {reply} {len(body)}\r\n".encode() + body + b"\r\n")
        else:
            head = ("NATS/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode()
            self.socket.sendall(f"HPUB {subject} {reply} {len(head)} {len(head) + len(body)}\r\n".encode() + head + body + b"\r\n")

    def inbox(self):
        self.number += 1
        inbox = f"_INBOX.hand{id(self)}.{self.number}"
        self.socket.sendall(f"SUB {inbox} {self.number}\r\nUNSUB {self.number} 1\r\n".encode())
        return inbox

    def ask(self, subject, body=b"", headers=None, timeout=10.0):
        """The body of the answer; `OSError` when nobody answers."""
        inbox = self.inbox()
        self.socket.settimeout(timeout)
        self.send(subject, body, headers, inbox)
        while True:
            line = self.file.readline()
            if not line:
                raise ConnectionError("the server closed the connection")
            words = line.split()
            if words[0] == b"PING":
                self.socket.sendall(b"PONG\r\n")
            elif words[0] in (b"MSG", b"HMSG"):
                content = self.file.read(int(words[-1]) + 2)[:-2]
                if words[1].decode() != inbox:
                    continue
                head = int(words[-2]) if words[0] == b"HMSG" else 0
                if content[:head].startswith(b"NATS/1.0 503"):
                    raise ConnectionError("nobody answers")
                return content[head:]
            elif words[0] == b"-ERR":
                raise ConnectionError(line.decode())

    def api(self, subject, question=None):
        """JetStream's own questions."""
        answer = json.loads(self.ask(f"$JS.API.{subject}", json.dumps(question).encode() if question is not None else b""))
        assert "error" not in answer, f"{subject}: {answer['error']}"
        return answer


class Hand:
    """One client, with the books of `servicelib.Client`: what it sent, and at which position it was told that it stands."""

    events = 0
    """None that it sends by itself."""

    def __init__(self, dice, nats=None):
        self.dice, self.nats = dice, nats
        self.acknowledged, self.sent, self.wrong, self.answers, self.waited = {}, [], [], {}, 0.0
        self.recorded_of = {}

    def life(self):
        return Life(self.dice)

    # ---- The ways to send

    def record(self, gateway, event, timeout=30):
        answer = ask(gateway, "POST", path_of(event), event, timeout)
        return self._told([event], answer, [answer.json()] if answer.status < REFUSED else [])

    def decide(self, gateway, events, timeout=30):
        answer = ask(gateway, "POST", path_of(events[0]), {"events": events}, timeout)
        return self._told(events, answer, answer.json() if answer.status < REFUSED else [])

    def outbox(self, gateway, events, timeout=60):
        answer = ask(gateway, "POST", "/api/v1/events", events, timeout)
        results = answer.json() if answer.status < REFUSED else []
        return self._told(events, answer, [result.get("event") for result in results])

    def command(self, event, timeout=10):
        """Over NATS, to whichever gateway takes it. The status is that of the answer's document."""
        wire, began = Wire(self.nats.port), time.monotonic()
        try:
            body = wire.ask(f"traject.command.{event['organisation']}", json.dumps(event).encode(), {"Content-Type": "application/json"}, timeout)
        finally:
            wire.close()
        document = json.loads(body)
        answer = Answer(document["status"], {}, json.dumps(document.get("problem")).encode(), time.monotonic() - began)
        return self._told([event], answer, [document["event"]] if "event" in document else [])

    # ---- The ways to leave before the answer

    def record_and_leave(self, gateway, event):
        """Sends the whole request, and closes the connection without reading a byte."""
        self.sent.append(event["event_id"])
        body = json.dumps(event).encode()
        head = f"POST {path_of(event)} HTTP/1.1\r\nHost: 127.0.0.1:{gateway.port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", gateway.port), 10) as connection:
            connection.sendall(head.encode() + body)

    def command_and_leave(self, event):
        self.sent.append(event["event_id"])
        wire = Wire(self.nats.port)
        wire.send(f"traject.command.{event['organisation']}", json.dumps(event).encode(), {"Content-Type": "application/json"}, wire.inbox())
        wire.close()

    # ---- The books

    def _told(self, events, answer, recorded):
        self.answers[answer.status] = self.answers.get(answer.status, 0) + 1
        for event in events:
            self.sent.append(event["event_id"])
        for event, one in zip(events, recorded):
            if one is None:
                continue
            if one["event_id"] != event["event_id"]:
                self.wrong.append(f"asked for {event['event_id']}, told of {one['event_id']}")
            self.recorded_of.setdefault(event["trajectory_id"], set()).add(event["event_id"])
            known = self.acknowledged.setdefault(event["event_id"], one["position"])
            if known != one["position"]:
                self.wrong.append(f"{event['event_id']}: told {known}, then {one['position']}")
        return answer


def path_of(event):
    return f"/api/v1/trajectories/{event['trajectory_id']}/events"


def ask(gateway, method, path, document=None, timeout=30):
    """One question over a connection of its own."""
    connection, began = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=timeout), time.monotonic()
    try:
        body = json.dumps(document) if document is not None else None
        connection.request(method, path, body, {"Content-Type": "application/json", "X-Actor": "hand"})
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read(), time.monotonic() - began)
    finally:
        connection.close()


def assert_problem(what, answer, status, code):
    """The one shape of an error: RFC 9457, with a stable code and the request's id, and how long to wait where waiting helps."""
    assert answer.status == status, f"{what}: {status} was expected: {answer}"
    problem = answer.json()
    assert problem["status"] == status and problem["code"] == code and problem.get("request_id"), f"{what}: {answer}"
    if "content-type" in answer.headers:
        assert answer.headers["content-type"] == "application/problem+json", f"{what}: {answer.headers}"
        if status in (429, 503, 507):
            assert int(answer.headers.get("retry-after", 0)) > 0, f"{what}: {status} without Retry-After: {answer.headers}"
