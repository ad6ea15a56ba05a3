"""A whole service for the fault tests: nats-server, gateways, projectors, clients that record, and the proof afterwards."""

import atexit
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import faultlib

ORGANISATIONS = [f"org-{n}" for n in range(1, 4)]
READY_WITHIN = 60


def nats_server():
    """The nats-server binary: as told, as installed for the tests, or from the PATH."""
    told = os.environ.get("NATS_SERVER")
    installed = faultlib.REPOSITORY / "tests/.tools/venv/bin/nats-server"
    found = told or (str(installed) if installed.exists() else shutil.which("nats-server"))
    if not found:
        faultlib.skip("nats-server is not installed")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, condition, within=READY_WITHIN):
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException, ValueError):
            pass
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {within} s")


STARTED = []


@atexit.register
def kill_all():
    """Whatever way the test ends, nothing of it goes on."""
    for process in STARTED:
        process.kill()


class Process:
    """A program that is started, killed and started again, on the same ports and folders."""

    def __init__(self, name, command, folder, environment=None):
        self.name, self.command, self.process = name, [str(part) for part in command], None
        self.log = open(Path(folder) / f"{name}.log", "ab")
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("TRAJECTLOG_")} | (environment or {})
        STARTED.append(self)

    def start(self):
        if self.running():
            return self
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, env=self.environment)
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        return self.wait()

    def stop(self, within=30):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        return self.wait(within)

    def wait(self, within=30):
        return self.process.wait(within) if self.process else None

    def running(self):
        return self.process is not None and self.process.poll() is None


class Nats(Process):
    def __init__(self, folder, store=None, name="nats", sync="always", cluster=None, maximum=None):
        self.port, self.monitor, self.sync, self.cluster = free_port(), free_port(), sync, cluster
        self.store = Path(store or Path(folder) / f"{name}-store")
        self.config = Path(folder) / f"{name}.conf"
        super().__init__(name, [nats_server(), "-c", self.config], folder)
        self.configure(maximum)

    def configure(self, maximum=None):
        """Writes what the server reads when it is started or told to reload; `maximum` bytes for all that it stores."""
        lines = [
            f"server_name: {self.name}",
            f"listen: 127.0.0.1:{self.port}",
            f"http: 127.0.0.1:{self.monitor}",
            f'jetstream {{ store_dir: "{self.store}", sync_interval: {self.sync}' + (f", max_file_store: {maximum}" if maximum else "") + " }",
        ]
        if self.cluster:
            own, routes = self.cluster
            lines.append(f"cluster {{ name: three, listen: 127.0.0.1:{own}, routes: [{', '.join(f'nats://127.0.0.1:{r}' for r in routes)}] }}")
        self.config.write_text("\n".join(lines) + "\n")

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self):
        return f"http://127.0.0.1:{self.monitor}"

    def healthy(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.monitor, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200

    def ready(self):
        wait_for(f"{self.name} is healthy", self.healthy)
        return self


class Service(Process):
    """One process of the program, with some roles or all."""

    def __init__(self, name, binary, folder, place, roles=(), more=()):
        self.port = free_port()
        self.data = Path(folder) / f"{name}-data"
        command = [binary, "serve", "--auth", "none", "--listen", f"127.0.0.1:{self.port}", "--data", self.data, *place, *more]
        for role in roles:
            command += ["--role", role]
        super().__init__(name, command, folder, {"TRAJECTLOG_MASTER_KEY": "07" * 32, "TRAJECTLOG_LOG": os.environ.get("SERVICE_LOG", "info")})

    def get(self, path, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def json(self, path):
        status, body = self.get(path)
        if status != 200:
            raise ValueError(f"{path}: {status} {body[:300]!r}")
        return json.loads(body)

    def ready(self, within=READY_WITHIN):
        wait_for(f"{self.name} is ready", lambda: self.get("/readyz", 2)[0] == 200, within)
        return self


class World:
    """A nats-server, two gateways, both projectors."""

    def __init__(self, binary, folder, nats=None, url=None, more=()):
        self.binary, self.folder = binary, Path(folder)
        self.nats = nats or Nats(folder)
        self.nats.start().ready()
        self.place = ["--nats", url or self.nats.url, "--nats-monitor", self.nats.monitor_url, *more]
        self.gateways = [Service(f"gateway-{n}", binary, folder, self.place, ["gateway"]) for n in (1, 2)]
        self.projectors = [Service(role, binary, folder, self.place, [role]) for role in ("sustainable-work", "werkmonitor")]
        for service in self.services:
            service.start()
        for service in self.services:
            service.ready()

    @property
    def services(self):
        return [*self.gateways, *self.projectors]

    @property
    def direct(self):
        """The server itself, past whatever stands between it and the services."""
        return ["--nats", self.nats.url, "--nats-monitor", self.nats.monitor_url]

    def stop(self):
        for service in self.services:
            service.kill()
        self.nats.kill()


class Cable:
    """A connection that can be cut: it passes on what comes, or nothing at all."""

    def __init__(self, target):
        self.target, self.connections, self.up = target, [], True
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                side, _ = self.listener.accept()
            except OSError:
                return
            if not self.up:
                side.close()
                continue
            try:
                other = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                side.close()
                continue
            self.connections += [side, other]
            for one, two in ((side, other), (other, side)):
                threading.Thread(target=self._pass, args=(one, two), daemon=True).start()

    @staticmethod
    def _pass(one, two):
        try:
            while data := one.recv(65536):
                two.sendall(data)
        except OSError:
            pass
        for side in (one, two):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.up = False
        for side in self.connections:
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.connections.clear()

    def mend(self):
        self.up = True


def identity(dice):
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


class Life:
    """One trajectory, and events that may come next in any order: contacts, and jobs that begin."""

    def __init__(self, dice):
        self.id, self.organisation = identity(dice), dice.choice(ORGANISATIONS)
        self.intake = self.event(
            dice, "intake", "2025-01-06", {"client_id": identity(dice), "method": "ips", "funding": "uwv", "region": "AM18", "label": "Noor"}
        )

    def event(self, dice, kind, day, data):
        return {
            "event_id": identity(dice),
            "trajectory_id": self.id,
            "organisation": self.organisation,
            "type": kind,
            "occurred_on": day,
            "data": data,
        }

    def next(self, dice):
        day = f"2025-0{dice.randint(2, 9)}-{dice.randint(10, 28)}"
        if dice.random() < 0.3:
            job = {"job_id": identity(dice), "regular_workplace": True, "hours_per_week": dice.randint(8, 36), "wage_value_percent": 100}
            return self.event(dice, "paid_work_started", day, job)
        return self.event(dice, "contact", day, {"with": "client", "channel": "phone", "note": "gesproken"})


class Client(threading.Thread):
    """Records events one after the other, each until it is acknowledged; of some (half of them) it sends a repetition."""

    def __init__(self, number, seed, gateways, lives, events, pause=0.0, repeated=0.5, actor=None):
        super().__init__(daemon=True)
        self.dice = random.Random(f"{seed}/{number}")
        self.gateways, self.lives, self.events, self.pause, self.repeated = gateways, lives, events, pause, repeated
        self.headers = {"Content-Type": "application/json"} | ({"X-Actor": actor} if actor else {})
        self.acknowledged, self.sent, self.waited, self.wrong = {}, [], 0.0, []
        self.answers, self.stop = {}, False
        self.connection, self.connected = None, None

    def run(self):
        own = Life(self.dice)
        try:
            self.record(own.intake)
            for number in range(self.events):
                if self.stop:
                    break
                life = self.dice.choice([*self.lives, own])
                event = life.next(self.dice)
                self.record(event)
                if self.dice.random() < self.repeated:
                    self.record(event)
                if self.pause:
                    time.sleep(self.pause)
        except Exception as error:  # whatever it is, the test must see it
            self.wrong.append(repr(error))

    def post(self, gateway, event):
        if self.connected is not gateway:
            if self.connection:
                self.connection.close()
            self.connection, self.connected = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=20), gateway
        body = json.dumps(event)
        self.connection.request("POST", f"/api/v1/trajectories/{event['trajectory_id']}/events", body, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def record(self, event):
        began = time.monotonic()
        self.sent.append(event["event_id"])
        while time.monotonic() < began + 120:
            gateway = self.dice.choice(self.gateways)
            try:
                status, body = self.post(gateway, event)
            except (OSError, http.client.HTTPException):
                self.connection, self.connected = None, None
                self.answers["gone"] = self.answers.get("gone", 0) + 1
                time.sleep(0.05)
                continue
            self.answers[status] = self.answers.get(status, 0) + 1
            if status in (200, 201):
                told = json.loads(body)
                known = self.acknowledged.setdefault(event["event_id"], told["position"])
                if known != told["position"]:
                    self.wrong.append(f"{event['event_id']}: told {known}, then {told['position']}")
                self.waited = max(self.waited, time.monotonic() - began)
                return
            if status not in (429, 503, 507):
                self.wrong.append(f"{status} {body[:400]!r}")
                return
            time.sleep(0.05)
        self.wrong.append(f"{event['event_id']}: not acknowledged within two minutes")


class Crowd:
    """Some clients, and what they know together."""

    def __init__(self, clients):
        self.clients = clients

    @classmethod
    def sharing(cls, seed, gateways, clients, events, shared=6, pause=0.0):
        """Clients at some gateways, on shared trajectories and on their own."""
        dice = random.Random(f"{seed}/shared")
        lives = [Life(dice) for _ in range(shared)]
        first = Client("first", seed, gateways, [], 0)
        for life in lives:
            first.record(life.intake)
        return cls([first, *(Client(n, seed, gateways, lives, events, pause) for n in range(clients))])

    def start(self):
        for client in self.clients:
            if client.events:
                client.start()
        return self

    def stop(self):
        for client in self.clients:
            client.stop = True
        return self.finish()

    def finish(self, within=600):
        end = time.monotonic() + within
        for client in self.clients:
            if not client.events:
                continue
            client.join(max(0.1, end - time.monotonic()))
            if client.is_alive():
                client.wrong.append("a client did not come to its end")
        return self

    @property
    def acknowledged(self):
        return {event: position for client in self.clients for event, position in client.acknowledged.items()}

    @property
    def wrong(self):
        return [wrong for client in self.clients for wrong in client.wrong]

    def answers(self):
        total = {}
        for client in self.clients:
            for answer, count in client.answers.items():
                total[answer] = total.get(answer, 0) + count
        return total


def cli(binary, *arguments, code=0, text=None):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRAJECTLOG_")}
    done = subprocess.run(
        [str(binary), *(str(a) for a in arguments)],
        input=text,
        capture_output=True,
        text=True,
        env=environment | {"TRAJECTLOG_MASTER_KEY": "07" * 32},
        timeout=300,
    )
    if done.returncode != code:
        raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr[-600:]}")
    return done.stdout


def prove(binary, place, crowd, readers, folder):
    """After everything: nothing acknowledged lost, nothing twice, one serial history, and every view equal to a fresh replay."""
    assert not crowd.wrong, crowd.wrong[:5]
    lines = cli(binary, *place, "export").splitlines()
    events = [json.loads(line) for line in lines]
    at, revisions, moment = {}, {}, ""
    for number, event in enumerate(events, 1):
        assert event["position"] == number, f"position {event['position']} at place {number}"
        assert event["event_id"] not in at, f"{event['event_id']} twice"
        at[event["event_id"]] = number
        assert event["revision"] == revisions.get(event["trajectory_id"], 0) + 1, f"revisions of {event['trajectory_id']}"
        revisions[event["trajectory_id"]] = event["revision"]
        assert event["recorded_at"] >= moment, "moments run backwards"
        moment = event["recorded_at"]
    for event, position in crowd.acknowledged.items():
        assert at.get(event) == position, f"{event}: told position {position}, found at {at.get(event)}"
    sent = {event for client in crowd.clients for event in client.sent}
    assert set(at) <= sent, "events that nobody sent"
    figures = ["figures", "--quarter", "2025Q2", "--format", "json", "--tables"]
    fresh = json.loads(cli(binary, *place, *figures, "--as-of", len(events)))
    copy = Path(tempfile.mkdtemp(dir=folder)) / "copy"
    cli(binary, "import", "-", "--data", copy, text="\n".join(lines) + "\n")
    assert cli(binary, "export", "--data", copy) == "\n".join(lines) + "\n", "the embedded copy is another history"
    of_copy = json.loads(cli(binary, "--data", copy, *figures, "--as-of", len(events)))
    assert fresh["figures"] == of_copy["figures"], "figures of the copy differ"
    shutil.rmtree(copy.parent)
    for reader in readers:
        live = lambda: reader.json("/api/v1/figures/2025Q2?tables=true")
        wait_for(f"{reader.name} has caught up", lambda: live()["as_of"]["position"] >= len(events))
        assert {**live(), "as_of": 0, "provisional": 0} == {**fresh, "as_of": 0, "provisional": 0}, f"{reader.name}: live figures differ from a fresh replay"
        compare_statuses(binary, place, reader, set(revisions), len(events))
    return len(events), len(crowd.acknowledged)


def compare_statuses(binary, place, reader, trajectories, position):
    def shown():
        found, path = {}, "/api/v1/trajectories?limit=200"
        while path:
            page = reader.json(path)
            found |= {status["trajectory_id"]: status for status in page["trajectories"]}
            path = page.get("next")
        return found

    wait_for(f"{reader.name} shows every trajectory", lambda: set(shown()) >= trajectories)
    statuses = shown()
    some = random.Random(position).sample(sorted(trajectories), min(12, len(trajectories)))
    for trajectory in some:
        fresh = json.loads(cli(binary, *place, "status", trajectory, "--format", "json"))
        wait_for(
            f"{reader.name}: the status of {trajectory} equals a fresh replay",
            lambda: {key: shown()[trajectory][key] for key in fresh} == fresh,
            10,
        )
    return statuses
