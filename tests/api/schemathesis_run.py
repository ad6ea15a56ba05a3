#!/usr/bin/env python3
"""Hostile requests, made of the service's own description: every answer is a documented one.

    schemathesis_run.py --bin PROGRAM [--max-examples 20] [--seed 1]

The service runs on a folder of its own with a generated log. schemathesis reads /api/v1/openapi.json and sends what fits it and what does
not; every check of schemathesis is on (schemathesis.toml says where another status is right, and why). No answer may be 500, have a status,
a media type or a form that is not documented, or take in what the description forbids.

Streams do not end, which schemathesis waits for: they are asked here, with a time limit. In the end the service must live, must not have
panicked, and must end in order when told.

Then the description is spoiled, one thing at a time, and schemathesis must find it.
"""

import argparse
import copy
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
SKIPPED = 77
STREAMS = {"followFigures": "/api/v1/figures/2025Q1/live", "followLog": "/api/v1/events/live"}
# What a stream answers, by its query: (status, media type).
STREAM, WRONG = (200, "text/event-stream"), (400, "application/problem+json")
ASKED_OF_STREAMS = {
    "followFigures": {"": STREAM, "scope=region:AM18": STREAM, "tables=true": STREAM, "scope=x": WRONG, "tables=1": WRONG, "a=b": WRONG},
    "followLog": {"": STREAM, "from=3": STREAM, "from=18446744073709551615": STREAM, "from=-1": WRONG, "from=1&from=2": WRONG, "%00": WRONG},
}
# A trajectory that is not in the log.
NOT_THERE = "70000000-0000-4000-8000-000000000001"
# How long a stream may take to begin, in seconds.
BEGINS_WITHIN = 10


class Service:
    """`trajectlog serve` on a new folder with some data."""

    def __init__(self, program, folder):
        data, log = str(folder / "data"), str(folder / "log.jsonl")
        subprocess.run([program, "generate", "--trajectories", "50", "--out", log], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([program, "--data", data, "import", log], check=True, stdout=subprocess.DEVNULL)
        command = [program, "--data", data, "serve", "--auth", "none", "--listen", "127.0.0.1:0", "--rate", "1000000"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.said, self.url, listening = [], None, threading.Event()

        def listen():
            for line in self.process.stderr:
                self.said.append(line.rstrip())
                found = re.search(r"listening on (http://\S+)", line)
                if found:
                    self.url = found[1]
                    listening.set()
            listening.set()

        threading.Thread(target=listen, daemon=True).start()
        if not listening.wait(60) or not self.url:
            sys.exit("the service did not begin: " + " ".join(self.said[-5:]))

    def get(self, path, timeout=BEGINS_WITHIN):
        """Status, media type, and the beginning of the body."""
        address = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
        connection.request("GET", path)
        answer = connection.getresponse()
        media = (answer.headers.get("content-type") or "").split(";")[0]
        beginning = answer.read1(1 << 16) if media == "text/event-stream" and "from=184" not in path else b""
        whole = answer.read() if media != "text/event-stream" else beginning
        connection.close()
        return answer.status, media, whole

    def end(self):
        """What is wrong with how it lived and ended."""
        wrong = [] if self.process.poll() is None and self.get("/healthz")[0] == 200 else ["the service does not live any more"]
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(30)
            wrong += [f"the service ended with {code}"] if code else []
        except subprocess.TimeoutExpired:
            self.process.kill()
            wrong.append("the service did not end within 30 s")
        return wrong + [line for line in self.said if "panicked" in line]


def can_be_generated(document, caseload):
    """The same document, the schema of commands written out type by type: schemathesis makes nothing of conditions within schemas.

    Ids of trajectories and names of organisations are some that there are, and one that there is not, or no command would reach the rules.
    Only what is sent is written otherwise; what is answered is held against the schemas as they are served.
    """
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    content, command = schemas["content"]["properties"], {}
    clear = {"type": "string"}

    def without_erased(schema):
        if isinstance(schema, dict):
            return clear if schema.get("$ref", "").endswith("/text") else {key: without_erased(value) for key, value in schema.items()}
        return [without_erased(value) for value in schema] if isinstance(schema, list) else schema

    known = [trajectory["trajectory_id"] for trajectory in caseload] + [NOT_THERE]
    organisations = sorted({trajectory["organisation"] for trajectory in caseload})
    of_path = {"id": known, "name": ["werkmonitor", "sustainable-work", "nobody"]}
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in of_path:
                    parameter["schema"] = {"enum": of_path[parameter["name"]]}
    kinds = content["type"]["enum"]
    for kind in kinds:
        fields = {name: {key: value for key, value in schema.items() if key != "description"} for name, schema in content.items()}
        fields |= {"trajectory_id": {"enum": known}, "organisation": {"enum": organisations}}
        fields |= {"type": {"const": kind}, "data": without_erased(schemas[kind])}
        fields.pop("schema", None)
        command[f"new_{kind}"] = {
            "type": "object",
            "required": schemas["content"]["required"],
            "properties": fields,
            "additionalProperties": False,
        }
    one = {"anyOf": [{"$ref": f"#/components/schemas/new_{kind}"} for kind in kinds]}
    schemas |= command
    schemas["command"] = one
    schemas["OutboxEvent"] = one
    return document


class Tester:
    """Runs schemathesis on a document."""

    def __init__(self, service, folder, seed):
        self.service, self.folder, self.seed = service, folder, seed

    def run(self, document, examples, only=(), phases="examples,coverage,fuzzing,stateful", quiet=False):
        """Exit code, operations, cases, and what was printed."""
        path = self.folder / "openapi.json"
        path.write_text(json.dumps(document))
        tool = Path(sys.executable).with_name("schemathesis")
        command = [tool, "--no-color", "--config-file", HERE / "schemathesis.toml", "run", path, "--url", self.service.url]
        command += ["--checks", "all", "--max-examples", str(examples), "--seed", str(self.seed), "--phases", phases, "--continue-on-failure"]
        command += [word for name in STREAMS for word in ("--exclude-operation-id", name)] if not only else []
        command += [word for name in only for word in ("--include-operation-id", name)]
        done = subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not quiet:
            print(done.stdout)
        number = lambda pattern: int((re.search(pattern, done.stdout) or [0, 0])[1])
        return done.returncode, number(r"Tested: (\d+)"), number(r"(\d+) generated"), done.stdout


def streams(service):
    """What is wrong with the streams' answers, and how many were asked."""
    wrong, asked = [], 0
    for name, path in STREAMS.items():
        for query, expected in ASKED_OF_STREAMS[name].items():
            asked += 1
            status, media, body = service.get(f"{path}?{query}")
            if (status, media) != expected:
                wrong.append(f"{path}?{query}: expected {expected}, found {(status, media)}")
            if expected == WRONG and json.loads(body).get("code") != "malformed":
                wrong.append(f"{path}?{query}: {body[:200]!r}")
    return wrong, asked


def without_status(document):
    del document["paths"]["/api/v1/trajectories/{id}"]["get"]["responses"]["400"]


def other_type(document):
    document["components"]["schemas"]["Projections"]["properties"]["projections"]["items"]["properties"]["lag"] = {"type": "string"}


def other_media(document):
    answer = document["paths"]["/api/v1/projections"]["get"]["responses"]["200"]
    answer["content"] = {"text/csv": {"schema": {"type": "string"}}}


def other_limit(document):
    parameters = document["paths"]["/api/v1/events"]["get"]["parameters"]
    next(p for p in parameters if p["name"] == "limit")["schema"] = {"type": "integer", "minimum": 5}


# Each a description that is no longer true: what is spoiled, the operation, and how schemathesis names what it then finds.
SPOILED = {
    "a status that is answered and not documented": (without_status, "getTrajectory", "Undocumented status code"),
    "a field of another type": (other_type, "listProjections", "Response violates schema"),
    "another media type": (other_media, "listProjections", "Undocumented Content-Type"),
    "a limit that is not kept": (other_limit, "readLog", "Schema-violating request accepted"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the program")
    parser.add_argument("--max-examples", type=int, default=20, help="cases for each operation and phase")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not os.access(Path(sys.executable).with_name("schemathesis"), os.X_OK):
        print("schemathesis is not installed and could not be")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        service = Service(args.bin, folder)
        caseload = json.loads(service.get("/api/v1/trajectories?limit=2")[2])
        document = can_be_generated(json.loads(service.get("/api/v1/openapi.json")[2]), caseload["trajectories"])
        tester = Tester(service, folder, args.seed)
        code, operations, cases, _ = tester.run(document, args.max_examples)
        wrong, asked = streams(service)
        missed = 0
        for name, (spoil, operation, finding) in SPOILED.items():
            spoiled = copy.deepcopy(document)
            spoil(spoiled)
            code_then, _, _, said = tester.run(spoiled, 10, only=[operation], quiet=True)
            if code_then == 0 or finding not in said:
                missed += 1
                print(f"WRONG: this spoiled description was not caught: {name}\n{said[-1500:]}")
        wrong += service.end()
    for line in wrong:
        print(f"WRONG: {line}")
    failed = "passed" if code == 0 else "FAILED"
    print(
        f"schemathesis {failed}: {operations} operations, {cases} cases; {asked} requests of {len(STREAMS)} streams, {len(wrong)} wrong; "
        f"{len(SPOILED)} spoiled descriptions, {missed} not caught"
    )
    sys.exit(1 if code or wrong or missed or not operations or not cases else 0)


if __name__ == "__main__":
    main()
