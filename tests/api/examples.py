#!/usr/bin/env python3
"""The examples for makers of client apps, and what asyncapi.yaml says, against the real program and a real nats-server.

    examples.py --bin PROGRAM

Both examples record, repeat, are refused, and keep what they have while nobody answers; what they print and their exit codes are held
against docs/contracts. Then every kind of request is sent as JSON and as MessagePack, and each answer, with its headers, must fit the
description. In the end examples and answers are spoiled, one thing at a time, which must be caught.
"""

import argparse
import asyncio
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "deploy"), str(TESTS / "faults")]

from checklib import REPOSITORY, Checks, ends, program, skip
from servicelib import Nats, Service

try:
    import jsonschema
    import msgpack
    import nats
    import referencing
    import yaml
except ImportError:
    skip("what tests/deploy/requirements.txt names is not installed and could not be")

CONTRACTS = REPOSITORY / "docs" / "contracts"
EXAMPLES = CONTRACTS / "examples"
ORGANISATION, ACTOR = "ggz-voorbeeld", "coach-7"
QUARTER = "2025Q1"
# The examples give up after this many seconds at most: 15 of waiting, and what five attempts take.
GIVES_UP_WITHIN = 90
# For an answer, in seconds.
ANSWERED_WITHIN = 30
FORMATS = {"application/json": (lambda value: json.dumps(value).encode(), json.loads), "application/msgpack": (msgpack.packb, msgpack.unpackb)}


def event(trajectory, kind, day, data):
    return {"event_id": str(uuid.uuid4()), "trajectory_id": trajectory, "organisation": ORGANISATION, "type": kind, "occurred_on": day, "data": data}


def intake(trajectory):
    # Of the same client each time, as a trajectory is.
    data = {"client_id": str(uuid.uuid5(uuid.UUID(trajectory), "client")), "method": "ips", "variant": "epa", "funding": "municipality", "region": "AM18", "coach": "coach-1"}
    return event(trajectory, "intake", "2025-01-13", data)


def contact(trajectory):
    return event(trajectory, "contact", "2025-02-10", {"with": "client", "channel": "phone", "minutes": 20})


class Examples:
    """The two programs, as one who makes an app runs them, with an outbox of their own."""

    def __init__(self, folder, scripts, server, service):
        self.folder, self.scripts = Path(folder), scripts
        self.outbox = self.folder / "outbox"
        own = {"TRAJECTLOG_URL": f"http://127.0.0.1:{service.port}", "TRAJECTLOG_NATS": server.url, "TRAJECTLOG_OUTBOX": str(self.outbox)}
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("TRAJECTLOG_")} | own

    def run(self, *command):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=self.environment, timeout=GIVES_UP_WITHIN)
        return done.returncode, done.stdout, done.stderr

    def written(self, event):
        file = self.folder / f"{uuid.uuid4()}.json"
        file.write_text(json.dumps(event))
        return file

    def http(self, event):
        return self.run("bash", self.scripts / "log_event.sh", self.written(event))

    def add(self, event):
        return self.run(sys.executable, self.scripts / "log_event.py", "add", self.written(event))

    def send(self):
        return self.run(sys.executable, self.scripts / "log_event.py", "send")

    def nats(self, event):
        self.add(event)
        return self.send()

    def waiting(self, suffix="json"):
        return [json.loads(file.read_text())["event_id"] for file in sorted(self.outbox.glob(f"*.{suffix}"))]


def only_line(checks, text, what):
    """The one JSON document that was printed; an empty one when there is none."""
    try:
        return json.loads(text)
    except ValueError:
        checks.check(False, f"{what}: printed one document, not {text[:300]!r}")
        return {}


def judge_examples(checks, examples):
    """Recorded, there already, refused; over both ways in, and the same over either."""
    trajectory = str(uuid.uuid4())
    for way, other, sent, revision in (("http", "nats", intake(trajectory), 1), ("nats", "http", contact(trajectory), 2)):
        code, first, said = getattr(examples, way)(sent)
        checks.equal((code, said), (0, "recorded\n"), f"{way}: a new event")
        recorded = only_line(checks, first, f"{way}: a new event")
        checks.equal({name: recorded.get(name) for name in sent}, sent, f"{way}: the event that is printed")
        checks.equal(recorded.get("revision"), revision, f"{way}: its revision")
        checks.check({"recorded_at", "actor", "schema", "position"} <= recorded.keys(), f"{way}: what the log added is printed")
        for again in (way, other):
            code, second, said = getattr(examples, again)(sent)
            checks.equal((code, said), (0, "was there already\n"), f"{again}: the same event again")
            checks.equal(only_line(checks, second, f"{again}: again"), recorded, f"{again}: the same event again is answered the same")
    checks.equal(examples.waiting(), [], "what has an answer has left the outbox")

    for way in ("http", "nats"):
        second = intake(trajectory)
        code, printed, said = getattr(examples, way)(second)
        checks.equal((code, printed), (1, ""), f"{way}: a second intake")
        problem = only_line(checks, said, f"{way}: a second intake")
        checks.equal((problem.get("status"), problem.get("code"), problem.get("event_id")), (422, "second_intake", second["event_id"]), f"{way}: its problem")
    checks.equal(examples.waiting("refused"), [second["event_id"]], "the refused event is kept aside")
    shutil.rmtree(examples.outbox, ignore_errors=True)

    # What comes after a refused one waits for the next time.
    after, nameless = contact(trajectory), {key: value for key, value in contact(trajectory).items() if key != "event_id"}
    for each in (intake(trajectory), after, nameless):
        code, chosen, _ = examples.add(each)
        checks.equal((code, len(chosen.strip())), (0, 36), "an event is put into the outbox and its id is printed")
    checks.equal((examples.send()[0], len(examples.waiting())), (1, 2), "sending ends at the refused event")
    code, printed, said = examples.send()
    checks.equal((code, said), (0, "recorded\n" * 2), "the rest is sent the next time")
    checks.equal([json.loads(line)["event_id"] for line in printed.splitlines()], [after["event_id"], chosen.strip()], "in order")
    checks.equal(examples.http(nameless)[0], 2, "http: an event without an id is not sent")


def judge_absence(checks, examples, server, service):
    """Nobody answers: both give up in the end with 3 and lose nothing; later it is recorded once."""
    trajectory = str(uuid.uuid4())
    checks.equal(examples.http(intake(trajectory))[0], 0, "an intake before the service goes")
    by_http, by_nats = contact(trajectory), contact(trajectory)
    service.kill()
    with ThreadPoolExecutor() as both:
        gave_up = [both.submit(examples.http, by_http), both.submit(examples.nats, by_nats)]
    for way, done in zip(("http", "nats"), gave_up):
        code, printed, said = done.result()
        checks.equal((code, printed), (3, ""), f"{way}: no service")
        checks.check("no answer" in said, f"{way}: says that there was no answer: {said[-300:]!r}")
    server.kill()
    checks.equal(examples.send()[:2], (3, ""), "nats: no server")
    checks.equal(examples.waiting(), [by_nats["event_id"]], "what has no answer stays in the outbox")
    server.start().ready()
    service.start().ready()
    checks.equal((examples.send()[0], examples.waiting()), (0, []), "later it is sent")
    checks.equal(examples.http(by_http)[0], 0, "later it is sent over HTTP")
    stored = service.json("/api/v1/events")["events"]
    own = [each["event_id"] for each in stored if each["trajectory_id"] == trajectory]
    checks.equal(sorted(own[1:]), sorted([by_http["event_id"], by_nats["event_id"]]), "each is in the log once")


class Description:
    """asyncapi.yaml, to hold messages against."""

    BASE = "file:///"

    def __init__(self):
        self.document = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text())
        schema = json.loads((CONTRACTS / "events.schema.json").read_text())
        named = {"asyncapi.yaml": self.document, "events.schema.json": schema}
        resources = [(self.BASE + name, referencing.Resource(each, referencing.jsonschema.DRAFT202012)) for name, each in named.items()]
        self.registry = referencing.Registry().with_resources(resources)

    def wrong(self, message, part, value):
        """What is wrong with the payload or the headers of a message."""
        described = self.document["components"]["messages"][message].get(part, {})
        inside = "/schema" if "schemaFormat" in described else ""
        pointer = {"$ref": f"{self.BASE}asyncapi.yaml#/components/messages/{message}/{part}{inside}"}
        formats = jsonschema.FormatChecker(formats=("date", "uuid"))
        validator = jsonschema.Draft202012Validator(pointer, registry=self.registry, format_checker=formats)
        return [error.message[:300] for error in validator.iter_errors(value)]


def judge_answer(checks, description, message, headers, document, statuses, form):
    """An answer fits its description, and has the status that it should."""
    what = f"{message} as {form}"
    checks.equal(description.wrong(message, "payload", document), [], f"{what}: the document")
    checks.equal(description.wrong(message, "headers", headers), [], f"{what}: the headers")
    checks.equal(headers.get("Content-Type"), form, f"{what}: its format")
    found = [done.get("status") for done in (document if isinstance(document, list) else [document])]
    checks.equal(found, statuses, f"{what}: the status")
    problem = document.get("problem", {}) if isinstance(document, dict) else {}
    told = (str(problem["status"]), problem["code"]) if problem else (None, None)
    checks.equal((headers.get("Nats-Service-Error-Code"), headers.get("Nats-Service-Error")), told, f"{what}: what the headers say of it")


async def judge_messages(checks, description, server):
    """Every kind of command in both formats, each answer against the description, and a notice. Gives the answers back."""
    client, answers = await nats.connect(server.url), []
    try:
        notices = await client.subscribe("traject.figures.*")
        await client.flush()
        for form, (write, read) in FORMATS.items():
            async def ask(message, body, statuses):
                headers = {"Content-Type": form, "X-Actor": ACTOR}
                reply = await client.request(f"traject.command.{ORGANISATION}", write(body), timeout=ANSWERED_WITHIN, headers=headers)
                answer = (message, dict(reply.headers or {}), read(reply.data), statuses, form)
                judge_answer(checks, description, *answer)
                answers.append(answer)
                return answer[2]

            trajectory = str(uuid.uuid4())
            begins, spoken = intake(trajectory), contact(trajectory)
            told = await ask("recorded", begins, [201])
            checks.equal(told.get("event", {}).get("actor"), ACTOR, f"who recorded, as {form}")
            checks.equal((await ask("recorded", begins, [200])).get("event"), told.get("event"), f"the same event again, as {form}")
            decision = {"events": [contact(trajectory), contact(trajectory)], "expected_revision": 1}
            await ask("decision", decision, [201])
            await ask("decision", decision, [200])
            await ask("problem", intake(trajectory), [422])
            await ask("problem", spoken | {"expected_revision": 1}, [409])
            await ask("problem", spoken | {"event_id": begins["event_id"]}, [409])
            await ask("problem", spoken | {"organisation": "another"}, [400])
            await ask("problem", spoken | {"type": "contract"}, [400])
            await ask("problem", {"events": []}, [400])
            await ask("outboxAnswer", [spoken, intake(trajectory), begins, {"type": "contact"}], [201, 422, 200, 400])
            await ask("outboxAnswer", [], [])
        notice = await notices.next_msg(timeout=ANSWERED_WITHIN)
        said = json.loads(notice.data)
        checks.equal(description.wrong("figuresChanged", "payload", said), [], "a notice")
        checks.equal(notice.subject, f"traject.figures.{said.get('quarter')}", "the quarter of a notice is that of its subject")
        other = await client.request(f"traject.command.{ORGANISATION}", b"{}", timeout=ANSWERED_WITHIN, headers={"Content-Type": "text/plain"})
        judge_answer(checks, description, "problem", dict(other.headers or {}), json.loads(other.data), [415], "application/json")
    finally:
        await client.close()
    return answers


# Examples with one fault: (file, text, in its place).
SPOILED_EXAMPLES = {
    "what is sent stays in the outbox": ("log_event.py", "waiting.unlink()", "pass"),
    "a refusal is taken for an answer": ("log_event.py", 'if "problem" in answer:', 'if "event" in answer and False:'),
    "the bare event is expected": ("log_event.py", 'answer["status"] not in AGAIN', 'answer["schema"] not in AGAIN'),
    "the id is chosen at sending": ("log_event.py", "event = json.loads(waiting.read_text())", 'event = json.loads(waiting.read_text()) | {"event_id": str(uuid.uuid4())}'),
    "what was there already is a failure": ("log_event.sh", "        200) ", "        299) "),
}

# Answers with one fault: which message, and what is done to (headers, document).
SPOILED_ANSWERS = {
    "the bare event": ("recorded", lambda headers, document: (headers, document["event"])),
    "the bare problem": ("problem", lambda headers, document: (headers, document["problem"])),
    "the bare list": ("decision", lambda headers, document: (headers, document["events"])),
    "an event of an outbox without its status": ("outboxAnswer", lambda headers, document: (headers, [{"event": done.get("event")} for done in document])),
    "a problem that the headers do not tell": ("problem", lambda headers, document: ({"Content-Type": headers["Content-Type"]}, document)),
    "an answer without its format": ("recorded", lambda headers, document: ({}, document)),
}


def spoiled_examples(folder, server, service):
    def caught(name):
        file, text, instead = SPOILED_EXAMPLES[name]
        place = Path(tempfile.mkdtemp(dir=folder))
        shutil.copytree(EXAMPLES, place / "examples")
        script = place / "examples" / file
        if text not in script.read_text():
            sys.exit(f"{name}: {file} has no {text!r} any more: mend the self-test")
        script.write_text(script.read_text().replace(text, instead))
        tried = Checks(quiet=True)
        try:
            judge_examples(tried, Examples(place, place / "examples", server, service))
        except (ValueError, KeyError, OSError, subprocess.SubprocessError) as error:
            tried.check(False, f"{error!r}")
        return bool(tried.wrong)

    with ThreadPoolExecutor(2) as some:
        return dict(zip(SPOILED_EXAMPLES, some.map(caught, SPOILED_EXAMPLES)))


def spoiled_answers(description, answers):
    caught = {}
    for name, (message, spoil) in SPOILED_ANSWERS.items():
        _, headers, document, statuses, form = copy.deepcopy(next(answer for answer in answers if answer[0] == message))
        tried = Checks(quiet=True)
        judge_answer(tried, description, message, *spoil(headers, document), statuses, form)
        caught[name] = bool(tried.wrong)
    return caught


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=Path)
    binary = parser.parse_args().bin
    if not os.access(binary, os.X_OK):
        sys.exit(f"{binary} is not there: build it first (cargo build --release --package trajectlog)")
    for needed in ("bash", "curl", "jq"):
        program(needed)
    checks, description = Checks(), Description()
    with tempfile.TemporaryDirectory() as folder:
        server = Nats(folder)
        service = Service("service", binary.resolve(), folder, ["--nats", server.url, "--nats-monitor", server.monitor_url])
        try:
            server.start().ready()
            service.start().ready()
            answers = asyncio.run(judge_messages(checks, description, server))
            judge_examples(checks, Examples(tempfile.mkdtemp(dir=folder), EXAMPLES, server, service))
            caught = spoiled_examples(folder, server, service) | spoiled_answers(description, answers)
            judge_absence(checks, Examples(tempfile.mkdtemp(dir=folder), EXAMPLES, server, service), server, service)
            checks.equal(service.stop(), 0, "the service ends in order")
            checks.check("panicked" not in (Path(folder) / "service.log").read_text(), "nothing panicked")
        finally:
            service.kill()
            server.kill()
    ends(checks, caught, f"examples: {len(answers)} answers over NATS held against asyncapi.yaml")


if __name__ == "__main__":
    main()
