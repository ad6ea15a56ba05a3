"""The JSON Schema of events says what the program says.

    schema.py --bin PROGRAM

1. Every event of the synthetic national log, and of an export of one, is valid.
2. Thousands of events with one thing changed: the schema finds them invalid exactly when the program's import calls them malformed.
3. What a schema cannot see is listed here, and the program refuses it.
4. The limits (rule 7): the second schema finds an event invalid exactly when the program refuses it as `invalid_value`.

Then the schemas are spoiled, one word at a time, and the differences must show.
"""

import argparse
import copy
import csv
import datetime
import decimal
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from pathlib import Path

from checklib import REPOSITORY, Checks, ends, skip

try:
    import jsonschema
    import jsonschema_rs
except ImportError:
    skip("jsonschema and jsonschema-rs are not installed and could not be")

CONTRACTS = REPOSITORY / "docs" / "contracts"
REGIONS = REPOSITORY / "shared" / "synthetic" / "data" / "regions.csv"
TYPES = 14
# Enough digits for every number that is tried: a remainder must be exact.
decimal.getcontext().prec = 2000

# ---- A validator that is exact: decimals, the calendar, patterns as ECMAScript reads them ----------------------------------------------------

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def is_date(text):
    return not isinstance(text, str) or len(text) == 10 and text.isascii() and bool(datetime.date.fromisoformat(text))


@FORMATS.checks("date-time", raises=(ValueError, OverflowError))
def is_timestamp(text):
    # Leap seconds and the like are the pattern's; here the calendar, also after the offset: years 1 to 9999.
    if not isinstance(text, str):
        return True
    moment = datetime.datetime.fromisoformat(re.sub(r"\.(\d{1,6})", lambda m: "." + m[1].ljust(6, "0"), text.upper().replace("Z", "+00:00")))
    return bool(moment.astimezone(datetime.timezone.utc))


def pattern(_, wanted, instance, __):
    # In ECMAScript `$` is the very end; in Python also the place before a last line break.
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", wanted), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")


Exact = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": pattern})


def read(text):
    return json.loads(text, parse_float=decimal.Decimal)


def validator(schema):
    return Exact(read(json.dumps(schema)), format_checker=FORMATS)


# ---- The program ----------------------------------------------------------------------------------------------------------------------------


def imported(program, lines, *options):
    """What the program says of each line that it does not take: line number to code."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.jsonl"
        file.write_bytes(b"\n".join(lines) + b"\n")
        found = subprocess.run([program, "--data", Path(folder) / "data", "import", file, *options], capture_output=True)
        said = [json.loads(line) for line in found.stderr.splitlines() if line.startswith(b"{")]
        if found.returncode > 2:
            sys.exit(f"import ended with {found.returncode}: {found.stderr.decode()[-2000:]}")
        return {each["line"]: each["code"] for each in said if each.get("line")}, found


def malformed(program, lines):
    """Which lines are malformed. A good line stands first: all lines of a file have `recorded_at` or none, and it is the first that says."""
    verdicts = {}
    for with_moment in (False, True):
        part = [(n, line) for n, line in enumerate(lines) if (b'"recorded_at"' in line) == with_moment]
        if not part:
            continue
        first = json.dumps({**base("engagement", {"wish": "explore"}), **({"recorded_at": "2025-03-01T12:00:00Z"} if with_moment else {})}).encode()
        codes, found = imported(program, [first, *(line for _, line in part)])
        if found.returncode != 2 or set(codes.values()) != {"malformed"} or 1 in codes:
            sys.exit(f"expected malformed lines and a good first one, found exit {found.returncode}, {set(codes.values())}, {codes.get(1)}")
        verdicts |= {n: codes.get(at + 2) == "malformed" for at, (n, _) in enumerate(part)}
    return [verdicts[n] for n in range(len(lines))]


# ---- Events to change -----------------------------------------------------------------------------------------------------------------------


def new_id():
    return str(uuid.uuid4())


def base(kind, data):
    return {"event_id": new_id(), "trajectory_id": new_id(), "organisation": "ggz-voorbeeld", "type": kind, "occurred_on": "2025-02-03", "data": data}


JOB = {"job_id": new_id(), "regular_workplace": True, "hours_per_week": 16.5, "wage_value_percent": 100, "contract": {"kind": "fixed_term", "until": "2025-08-02"}, "sector": "zorg", "employer": "Bakkerij"}
FULL = {
    "intake": {"client_id": new_id(), "method": "ips", "variant": "epa", "funding": "uwv", "scheme": "ips-2025", "region": "AM18", "coach": "coach-1", "target_group": "cmd", "benefit": "none",
               "in_care": False, "label": "Noor"},
    "engagement": {"wish": "paid_work", "goals": "Een baan"},
    "assessment": {"sectors": ["zorg", "groen"], "max_hours_per_week": 24.25, "profile": "rustig"},
    "placement_started": {"placement_id": new_id(), "kind": "trial_placement"},
    "placement_stopped": {"placement_id": new_id(), "reason": "klaar"},
    "paid_work_started": JOB,
    "paid_work_changed": JOB | {"contract": {"kind": "permanent"}},
    "paid_work_stopped": {"job_id": new_id(), "reason": "einde"},
    "education_started": {"education_id": new_id(), "level": "mbo-2"},
    "education_stopped": {"education_id": new_id(), "completed": True},
    "contact": {"with": "client", "channel": "phone", "minutes": 30, "note": "gebeld"},
    "trajectory_changed": {"variant": "cmd", "funding": "other", "scheme": "x", "region": "AM01", "coach": "coach-2", "target_group": "other", "benefit": "wia", "in_care": True, "label": "Noor B."},
    "outflow": {"reason": "work", "work_ready": True},
    "retraction": {"event_id": new_id(), "reason": "vergissing"},
}
ENVELOPE = {"recorded_at": "2025-03-01T12:00:00.5+01:00", "actor": "coach-1", "corrects": new_id(), "correlation_id": new_id(), "causation_id": new_id(), "decision": new_id(),
            "source_recorded_at": "2024-03-01T12:00:00Z", "schema": 1, "revision": 3, "position": 77}
ANYTHING = [None, True, False, 0, -1, 17, 1.5, "", "x", "AM18", "client", [], {}, ["x"], {"a": 1}, {"erased": True}, {"erased": False}, {"erased": 1}, {"erased": True, "more": 1}]
STRINGS = [lambda s: s.upper(), lambda s: s + "\n", lambda s: " " + s, lambda s: s + "x", lambda s: s[:-1], lambda s: s * 70, lambda s: s.replace("-", ""), lambda s: s.replace("1", "١"),
           lambda s: s.replace("-", "_"), lambda s: "-" + s, lambda s: s + "\u0000", lambda s: "{" + s + "}", lambda s: "urn:uuid:" + s]
NUMBERS = [-0.01, 0.01, 12.34, 12.345, 1e-3, 99999.99, 10**12, 10**30, -(10**30), 80.01, "12", 0.07, 0.29, 1.1, 4.35]
DATES = ["2025-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-01-00", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "20250101",
         "2025-1-1", "2025-01-01T00:00:00Z", "2025/01/01", "-025-01-01", "+025-01-01", "2025-W01-1", "2025-001 ", "２０２５-01-01"]
TIMES = ["2025-03-01T12:00:00Z", "2025-03-01t12:00:00z", "2025-03-01 12:00:00Z", "2025-03-01T12:00:00", "2025-03-01T12:00Z", "2025-03-01T24:00:00Z", "2025-03-01T23:59:60Z", "2025-03-01T12:60:00Z",
         "2025-03-01T12:00:00.Z", "2025-03-01T12:00:00.1Z", "2025-03-01T12:00:00.123456Z", "2025-03-01T12:00:00.1234567Z", "2025-03-01T12:00:00+23:59", "2025-03-01T12:00:00+24:00",
         "2025-03-01T12:00:00-00:00", "2025-03-01T12:00:00+0100", "2025-03-01T12:00:00+01", "2025-02-30T12:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59.999999Z",
         "9999-12-31T23:59:59-00:01", "2025-03-01T12:00:00,5Z", "2025-03-01T12:00:00Z ", "2025-03-01"]
CONTRACTS_TRIED = [{"kind": "permanent"}, {"kind": "other"}, {"kind": "fixed_term"}, {"kind": "fixed_term", "until": "2025-09-30"}, {"kind": "permanent", "until": "2025-09-30"},
                   {"kind": "other", "until": "2025-09-30"}, {"kind": "fixed_term", "until": None}, {"kind": "permanent", "until": None}, {"kind": "temporary"}, {"until": "2025-09-30"}, {},
                   {"kind": "permanent", "hours": 1}, {"kind": "Permanent"}, ["permanent"], "permanent", ["fixed_term", "2025-09-30"]]
WORDS = ["ips", "epa", "other", "uwv", "none", "explore", "paid_work", "day_activity", "family", "message", "participatiewet", "IPS", "naar-werk", "unknown"]


def paths(value, here=()):
    """Every place in an event that holds something."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield (*here, key)
        if isinstance(value[key], (dict, list)):
            yield from paths(value[key], (*here, key))


def changed(event, path, new):
    event = copy.deepcopy(event)
    place = event
    for key in path[:-1]:
        place = place[key]
    if new is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return event


def mutations():
    """Events with one thing changed, and what was changed."""
    for kind, data in FULL.items():
        plain, full = base(kind, data), {**base(kind, data), **ENVELOPE}
        yield "nothing", plain
        yield "nothing, all fields", full
        for event in (plain, full):
            own = [path for path in paths(event) if event is plain or path[0] in ENVELOPE]
            for path in own:
                value = event
                for key in path:
                    value = value[key]
                yield f"{path} left out", changed(event, path, ...)
                tries = list(ANYTHING)
                if isinstance(value, str):
                    tries += [change(value) for change in STRINGS]
                    tries += WORDS if len(value) < 20 else []
                    tries += DATES if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else TIMES if re.match(r"\d{4}-\d\d-\d\dT", value) else []
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    tries += NUMBERS
                if path[-1] == "contract":
                    tries += CONTRACTS_TRIED
                if path == ("actor",):
                    tries += ["é" * 200, "é" * 201, "😀" * 200, "😀" * 201]
                for new in tries:
                    yield f"{path} is {str(new)[:60]!r}", changed(event, path, new)
        for name in ("unknown", "Type", "expected_revision", "event_id ", "client_id", "job_id", "label", "reason", "until"):
            yield f"envelope has {name}", {**plain, name: new_id()}
            if name not in data:
                yield f"data has {name}", {**plain, "data": {**data, name: new_id()}}
        for other in [*FULL, "client_erased", "advice_given", "Intake", ""]:
            yield f"{kind} called {other}", {**plain, "type": other}
        for field in data:
            yield f"only {field}", {**plain, "data": {field: data[field]}}
        yield "no data", {**plain, "data": {}}
    for schema in (0, 2, 255, 65535, 65536, 10**20, -1):
        yield f"schema {schema}", {**base("outflow", {}), "schema": schema}


def unseen():
    """Lines that a schema cannot judge: it never sees how a value was written."""
    event = base("contact", {"with": "client", "channel": "phone", "minutes": 30})
    line = json.dumps(event)
    work = json.dumps(base("paid_work_started", {"job_id": new_id(), "hours_per_week": 12}))
    yield "an integer with a point", line.replace("30}", "30.0}")
    yield "an integer with an exponent", line.replace("30}", "3e1}")
    yield "an integer with a point in the envelope", line[:-1] + ', "revision": 1.0}'
    yield "a schema with a point", line[:-1] + ', "schema": 1.0}'
    yield "three decimals that are zero", work.replace("12}", "12.000}")
    yield "three decimals that end in zero", work.replace("12}", "12.500}")
    yield "a key twice in the envelope", line[:-1] + ', "organisation": "ggz-voorbeeld"}'
    yield "a key twice in the data", line.replace('"minutes": 30', '"minutes": 30, "minutes": 30')
    yield "a lone surrogate", line.replace('"minutes": 30', '"note": "\\ud800"')
    yield "bytes that are not Unicode", line.replace('"minutes": 30', '"note": "@"').encode().replace(b"@", b"\xff")
    yield "no JSON", line[:-1]
    yield "two objects", line + line
    yield "a list of one", f"[{line}]"
    yield "not a number", line.replace("30}", "NaN}")
    yield "more than 4 MiB", line.replace('"minutes": 30', f'"note": "{"a" * (4 << 20)}"')


def limits():
    """Streams whose last event may be out of limits, and that event."""
    def after_intake(kind, data, *between):
        stream = new_id()
        events = [base("intake", {**FULL["intake"], "client_id": new_id()}), *between, base(kind, data)]
        return [{**event, "trajectory_id": stream} for event in events]

    regions = sorted({row["code"] for row in csv.DictReader(REGIONS.open())})
    for region in [*regions, "AM00", "AM99", "am18", "", "AM18 ", "Groningen"]:
        yield after_intake("trajectory_changed", {"region": region})
        yield [base("intake", {**FULL["intake"], "client_id": new_id(), "region": region})]
    for hours in (0, 0.01, 79.99, 80, 80.01, -0.01, -5, 1000, 10**12, -(10**12)):
        job = new_id()
        yield after_intake("paid_work_started", {"job_id": job, "hours_per_week": hours})
        yield after_intake("paid_work_changed", {"job_id": job, "hours_per_week": hours}, base("paid_work_started", {"job_id": job}))
        yield after_intake("assessment", {"max_hours_per_week": hours})
    for percent in (0, 99.99, 100, 100.01, -0.01, 250):
        job = new_id()
        yield after_intake("paid_work_started", {"job_id": job, "wage_value_percent": percent})
        yield after_intake("paid_work_changed", {"job_id": job, "wage_value_percent": percent}, base("paid_work_started", {"job_id": job}))
    for minutes in (0, 1, 1440, 1441, -1, 10**12):
        yield after_intake("contact", {"with": "client", "channel": "phone", "minutes": minutes})
    for count in (0, 49, 50, 51):
        yield after_intake("assessment", {"sectors": ["s"] * count})
    for text in ("", "a" * 4000, "a" * 4001, "é" * 4000, "é" * 4001, "😀" * 4000, "😀" * 4001):
        job, place = new_id(), new_id()

        def start():
            return base("paid_work_started", {"job_id": job})

        yield [base("intake", {**FULL["intake"], "client_id": new_id(), "label": text})]
        yield after_intake("engagement", {"wish": "explore", "goals": text})
        yield after_intake("assessment", {"profile": text})
        yield after_intake("assessment", {"sectors": ["s", text]})
        yield after_intake("placement_stopped", {"placement_id": place, "reason": text}, base("placement_started", {"placement_id": place, "kind": "day_activity"}))
        for field in ("sector", "employer"):
            yield after_intake("paid_work_started", {"job_id": job, field: text})
            yield after_intake("paid_work_changed", {"job_id": job, field: text}, start())
        yield after_intake("paid_work_stopped", {"job_id": job, "reason": text}, start())
        yield after_intake("contact", {"with": "client", "channel": "phone", "note": text})
        yield after_intake("trajectory_changed", {"label": text})
        undone = base("contact", {"with": "client", "channel": "phone"})
        yield after_intake("retraction", {"event_id": undone["event_id"], "reason": text}, undone)
    job = new_id()
    for data in ({"job_id": job}, {"job_id": job, "sector": None}, {"job_id": job, "regular_workplace": True}):
        yield after_intake("paid_work_changed", data, base("paid_work_started", {"job_id": job}))
    for data in ({}, {"coach": None}, {"in_care": True}):
        yield after_intake("trajectory_changed", data)


# ---- The checks --------------------------------------------------------------------------------------------------------------------------


def differences(schema, lines, verdicts):
    """Where schema and program differ: number of the line to what the schema says."""
    exact = validator(schema)
    return {n: not exact.is_valid(read(line)) for n, line in enumerate(lines) if exact.is_valid(read(line)) == verdicts[n]}


def real_events(checks, program, schema):
    """The national log and an export: all valid, judged by another, faster validator (it knows formats, and numbers as they are written)."""
    line = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    recorded = jsonschema_rs.Draft202012Validator({**schema, "$ref": "#/$defs/recorded"}, validate_formats=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        subprocess.run([program, "generate", "--published", "--out", folder / "published.jsonl"], check=True, capture_output=True)
        kinds, wrong = Counter(), []
        with (folder / "published.jsonl").open() as file:
            for text in file:
                event = json.loads(text)
                kinds[event["type"]] += 1
                if not line.is_valid(event):
                    wrong.append(event["event_id"])
        subprocess.run([program, "generate", "--trajectories", "200", "--seed", "9", "--out", folder / "some.jsonl"], check=True, capture_output=True)
        subprocess.run([program, "--data", folder / "data", "import", folder / "some.jsonl"], check=True, capture_output=True)
        exported = subprocess.run([program, "--data", folder / "data", "export"], check=True, capture_output=True, text=True).stdout.splitlines()
        out = [event for event in map(json.loads, exported) if not recorded.is_valid(event)]
    checks.check(not wrong, f"events of the national log that are invalid: {wrong[:5]}")
    checks.check(sum(kinds.values()) > 100_000 and len(kinds) == TYPES, f"all {TYPES} types are in the national log: {dict(kinds)}")
    checks.check(exported and not out, f"exported events that are invalid: {out[:2]}")
    checks.done += sum(kinds.values()) + len(exported)
    return sum(kinds.values()) + len(exported)


def commands(checks, schema):
    """What a client app sends: without what the log says, with what it may say."""
    exact = validator({**schema, "$ref": "#/$defs/command"})
    event = base("engagement", {"wish": "explore"})
    work = base("paid_work_changed", {"job_id": new_id(), "contract": {"kind": "permanent"}, "sector": None})
    for fine in (event, work, base("assessment", {"sectors": ["zorg"]}), {**event, "expected_revision": 3}, {"events": [event]}, {"events": [event, event], "expected_revision": 0}):
        checks.check(exact.is_valid(fine), f"a command: {fine.keys()}")
    for wrong in ({**event, "actor": "me"}, {**event, "recorded_at": "2025-03-01T12:00:00Z"}, {**event, "revision": 1}, {**event, "position": 1}, {"events": []}, {"events": [{**event, "expected_revision": 1}]},
                  {"events": [event], "actor": "me"}, {**event, "expected_revision": -1}, {**event, "data": {}}, [event], {},
                  {**event, "data": {"wish": "explore", "goals": {"erased": True}}}, {"events": [base("assessment", {"sectors": ["zorg", {"erased": True}]})]}):
        checks.check(not exact.is_valid(wrong), f"not a command: {wrong}")


SPOILED = {
    "a field more in the envelope": lambda s: s["$defs"]["line"].pop("unevaluatedProperties"),
    "a type less": lambda s: s["$defs"]["content"]["properties"]["type"]["enum"].remove("outflow"),
    "a word less": lambda s: s["$defs"]["benefit"]["enum"].remove("none"),
    "a word more": lambda s: s["$defs"]["method"]["enum"].append("unknown"),
    "an optional field that is required": lambda s: s["$defs"]["contact"]["required"].append("minutes"),
    "a required field that is optional": lambda s: s["$defs"]["retraction"]["required"].remove("reason"),
    "null where none is allowed": lambda s: s["$defs"]["trajectory_changed"]["properties"].update(region={"type": ["string", "null"]}),
    "no null where it is allowed": lambda s: s["$defs"]["paid_work_changed"]["properties"].update(contract={"$ref": "#/$defs/contract"}),
    "a contract with an end that has none": lambda s: s["$defs"]["contract"]["oneOf"][1].update(required=["kind"]),
    "any number": lambda s: s["$defs"]["number"].pop("multipleOf"),
    "a calendar without leap years": lambda s: s["$defs"]["date"].pop("format"),
    "a longer slug": lambda s: s["$defs"]["slug"].update(pattern="^[a-z0-9][a-z0-9-]*$"),
    "a UUID in any form": lambda s: s["$defs"]["uuid"].pop("pattern"),
    "a moment with seven digits": lambda s: s["$defs"]["timestamp"].update(pattern=s["$defs"]["timestamp"]["pattern"].replace("{1,6}", "{1,9}")),
    "any actor": lambda s: s["$defs"]["line"]["properties"]["actor"].pop("maxLength"),
    "data of another type": lambda s: s["$defs"]["content"]["allOf"].pop(3),
}
SPOILED_LIMITS = {
    "hours to a hundred": lambda s: s["$defs"]["hours"].update(maximum=100),
    "texts of any length": lambda s: s["$defs"]["text"].pop("maxLength"),
    "a region less": lambda s: s["$defs"]["region"]["enum"].pop(),
    "a change of nothing": lambda s: [each["then"]["data" if "data" in each["then"] else "properties"]["data"].pop("minProperties", None) for each in s["allOf"]],
    "minutes from nought": lambda s: [each["then"]["properties"]["data"]["properties"].get("minutes", {}).update(minimum=0) for each in s["allOf"]],
}


def at_once(questions):
    """The answer to each question, by name: every processor has a child of its own, which inherits what the question is about."""
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), initializer=ASKED.update, initargs=(questions,)) as pool:
        return dict(zip(questions, pool.map(answer, questions, chunksize=1)))


ASKED = {}


def answer(name):
    return ASKED[name]()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bin", required=True, help="the program")
    program = arguments.parse_args().bin
    checks = Checks()
    schema = json.loads((CONTRACTS / "events.schema.json").read_text())
    limited = json.loads((CONTRACTS / "events.limits.schema.json").read_text())
    for each in (schema, limited):
        jsonschema.Draft202012Validator.check_schema(each)
    total = real_events(checks, program, schema)
    commands(checks, schema)

    tried = list({json.dumps(event, ensure_ascii=False): what for what, event in mutations()}.items())
    lines = [line.encode() for line, _ in tried]
    verdicts = malformed(program, lines)
    for n, invalid in differences(schema, lines, verdicts).items():
        print(f"WRONG: {tried[n][1]}: the schema says {'invalid' if invalid else 'valid'}, the program {'malformed' if verdicts[n] else 'not malformed'}: {lines[n].decode()[:300]}")
        checks.wrong.append(tried[n][1])
    checks.done += len(lines)
    checks.check(200 < sum(verdicts) < len(verdicts) - 200, "many changed events are malformed, and many are not")

    blind = [(what, line if isinstance(line, bytes) else line.encode()) for what, line in unseen()]
    for (what, _), refused in zip(blind, malformed(program, [line for _, line in blind])):
        checks.check(refused, f"the program refuses {what}")

    streams = list(limits())
    flat = [event for stream in streams for event in stream]
    codes, _ = imported(program, [json.dumps(event, ensure_ascii=False).encode() for event in flat])
    ends_at, judged = 0, []
    for stream in streams:
        ends_at += len(stream)
        judged.append((stream[-1], codes.get(ends_at)))
        checks.check(all(codes.get(at) is None for at in range(ends_at - len(stream) + 1, ends_at)), f"what comes before is accepted: {codes.get(ends_at - 1)}")
        checks.check(codes.get(ends_at) in (None, "invalid_value"), f"no other refusal: {codes.get(ends_at)} of {str(stream[-1]['data'])[:100]}")

    def limit_differences(limits_schema):
        exact = validator(limits_schema)
        return [event for event, code in judged if exact.is_valid(read(json.dumps(event))) != (code is None)]

    for event in limit_differences(limited):
        checks.check(False, f"limits: the schema and the program differ on {event['type']} {str(event['data'])[:200]}")
    checks.done += len(judged)

    def notices(spoils, good, differ, name):
        bad = copy.deepcopy(good)
        spoils[name](bad)
        return bool(differ(bad))

    tries = {name: (SPOILED, schema, lambda s: differences(s, lines, verdicts)) for name in SPOILED}
    tries |= {name: (SPOILED_LIMITS, limited, limit_differences) for name in SPOILED_LIMITS}
    caught = at_once({name: lambda name=name, of=of: notices(*of, name) for name, of in tries.items()})
    print(f"{total} real events; {len(lines)} changed ones, {sum(verdicts)} malformed to the program; {len(blind)} that a schema cannot see; {len(judged)} at the limits, {sum(code is not None for _, code in judged)} beyond them")
    ends(checks, caught, "contracts: schema of events")


if __name__ == "__main__":
    main()
