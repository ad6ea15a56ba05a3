#!/usr/bin/env python3
"""A second implementation of the event contract and of the werkmonitor figures.

It was written from the specification alone (events.md, figures.md, interfaces.md), so that the program can be held against it:
import of JSON Lines with every acceptance rule, the effective timeline as of a position, figures, status and export. Everything is
exact (integers and fractions) and the plainest code that says what the specification says; speed is no aim. Where the
specification leaves a choice, a comment that begins with CHOICE says which one was made.

    python3 oracle.py import FILE [--strict] [--recorded keep|now]      judge a file; prints the refusals and the counts
    python3 oracle.py figures FILE 2025Q1 [--scope S] [--as-of A] [--tables]
    python3 oracle.py status FILE TRAJECTORY 2025-03-31 [--as-of A]
    python3 oracle.py export FILE

Python 3.11, standard library only.
"""
from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any, Iterable, Optional
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UTC = timezone.utc
DAY = timedelta(days=1)
DEFINITIONS = "werkmonitor-2025.1"

# spec/regions.csv: "a code of that list is known on every day".
REGIONS = frozenset(f"AM{n:02}" for n in range(1, 39)) - {"AM04", "AM16", "AM31"}

METHODS = ("ips", "wabz", "jobcoaching", "werkfit", "naar_werk", "other")
FUNDINGS = ("municipality", "uwv", "other")
VARIANTS = ("epa", "cmd", "other")
BENEFITS = ("wia", "wao", "waz", "wajong", "zw", "ww", "participatiewet", "none")
PLACEMENT_KINDS = ("trial_placement", "volunteer_work", "work_experience", "day_activity")

MAX_TEXT = 4000         # Unicode code points
MAX_SECTORS = 50


# == Values =============================================================================================================

class Malformed(Exception):
    """Rule 1: the form of a line is wrong."""


class Number(str):
    """A JSON number as it was written, so that its decimals can be counted."""


class Erased:
    """The text of an erased client, `{"erased":true}`."""

    def __repr__(self) -> str:
        return "ERASED"


ERASED = Erased()
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
# CHOICE: the T and the Z of a timestamp are upper case.
TIMESTAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))")
# CHOICE: decimals are counted as they are written, so 12.000 is malformed; an exponent is malformed too.
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")
INTEGER = re.compile(r"-?[0-9]+")


def parse_text(value: Any) -> Any:
    """A text, or the mark of an erased one (which only an import accepts)."""
    if isinstance(value, dict):
        if value == {"erased": True} and value["erased"] is True:
            return ERASED
        raise Malformed("not a text")
    return parse_string(value)


def parse_string(value: Any) -> str:
    if not isinstance(value, str) or isinstance(value, Number):
        raise Malformed("not a string")
    return value


def parse_slug(value: Any) -> str:
    if not SLUG.fullmatch(parse_string(value)):
        raise Malformed(f"not a slug: {value!r}")
    return value


def parse_uuid(value: Any) -> str:
    if not UUID.fullmatch(parse_string(value)):
        raise Malformed(f"not a UUID: {value!r}")
    return value.lower()


def parse_date(value: Any) -> date:
    if not DATE.fullmatch(parse_string(value)):
        raise Malformed(f"not a date: {value!r}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Malformed(f"not a date: {value!r}") from None


def parse_timestamp(value: Any) -> datetime:
    """RFC 3339 with 0 to 6 digits of fraction and any offset; in UTC."""
    found = TIMESTAMP.fullmatch(parse_string(value))
    if not found:
        raise Malformed(f"not a timestamp: {value!r}")
    day, hour, minute, second, fraction, sign, off_hours, off_minutes = found.groups()
    try:
        d = date.fromisoformat(day)
        moment = datetime(d.year, d.month, d.day, int(hour), int(minute), int(second), int((fraction or "").ljust(6, "0")), UTC)
        if sign:
            if int(off_hours) > 23 or int(off_minutes) > 59:
                raise ValueError("offset")
            offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
            moment = moment - offset if sign == "+" else moment + offset
        return moment
    except (ValueError, OverflowError):
        raise Malformed(f"not a timestamp: {value!r}") from None


def parse_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed("not true or false")
    return value


def parse_number(value: Any) -> Fraction:
    if not isinstance(value, Number) or not NUMBER.fullmatch(value):
        raise Malformed("not a number with at most two decimals")
    return Fraction(value)


def parse_integer(value: Any) -> int:
    if not isinstance(value, Number) or not INTEGER.fullmatch(value):
        raise Malformed("not an integer (an integer is written without a point)")
    return int(value)


def parse_enum(*allowed: str):
    def parse(value: Any) -> str:
        if parse_string(value) not in allowed:
            raise Malformed(f"not one of {allowed}: {value!r}")
        return value
    return parse


def parse_sectors(value: Any) -> list:
    # CHOICE: of an erased list each text is erased, not the list as a whole.
    if not isinstance(value, list):
        raise Malformed("not a list")
    return [parse_text(v) for v in value]


def parse_contract(value: Any) -> dict:
    if not isinstance(value, dict):
        raise Malformed("not a contract")
    kind = parse_enum("permanent", "fixed_term", "other")(value.get("kind"))
    wanted = {"kind", "until"} if kind == "fixed_term" else {"kind"}
    if set(value) != wanted:
        raise Malformed("a contract with wrong fields")
    return {"kind": kind, "until": parse_date(value["until"])} if kind == "fixed_term" else {"kind": kind}


def format_timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def format_number(value: Fraction) -> Number:
    """As short as possible: 12, 12.5, 12.25."""
    hundredths = value * 100
    assert hundredths.denominator == 1
    n = abs(int(hundredths))
    text = f"{n // 100}.{n % 100:02}".rstrip("0").rstrip(".")
    return Number(("-" if value < 0 else "") + text)


# == Form ===============================================================================================================

REQUIRED, OPTIONAL, NULLABLE = "required", "optional", "nullable"     # nullable: optional, and null is a value
text, slug, uuid, number, integer, flag = parse_text, parse_slug, parse_uuid, parse_number, parse_integer, parse_bool
funding, variant, benefit = parse_enum(*FUNDINGS), parse_enum(*VARIANTS), parse_enum(*BENEFITS)

JOB_CONDITIONS = {"regular_workplace": flag, "hours_per_week": number, "wage_value_percent": number, "contract": parse_contract,
                  "sector": text, "employer": text}

# type -> field -> (whether it must be there, how it is read). A region is any string here: one outside the list is rule 7.
FIELDS: dict[str, dict[str, tuple]] = {
    "intake": {
        "client_id": (REQUIRED, uuid), "method": (REQUIRED, parse_enum(*METHODS)), "variant": (OPTIONAL, variant),
        "funding": (REQUIRED, funding), "scheme": (OPTIONAL, slug), "region": (REQUIRED, parse_string), "coach": (OPTIONAL, slug),
        "target_group": (OPTIONAL, variant), "benefit": (OPTIONAL, benefit), "in_care": (OPTIONAL, flag), "label": (OPTIONAL, text)},
    "engagement": {"wish": (REQUIRED, parse_enum("paid_work", "education", "unpaid_work", "explore")), "goals": (OPTIONAL, text)},
    "assessment": {"sectors": (OPTIONAL, parse_sectors), "max_hours_per_week": (OPTIONAL, number), "profile": (OPTIONAL, text)},
    "placement_started": {"placement_id": (REQUIRED, uuid), "kind": (REQUIRED, parse_enum(*PLACEMENT_KINDS))},
    "placement_stopped": {"placement_id": (REQUIRED, uuid), "reason": (OPTIONAL, text)},
    "paid_work_started": {"job_id": (REQUIRED, uuid), **{name: (OPTIONAL, read) for name, read in JOB_CONDITIONS.items()}},
    "paid_work_changed": {"job_id": (REQUIRED, uuid), **{name: (NULLABLE, read) for name, read in JOB_CONDITIONS.items()}},
    "paid_work_stopped": {"job_id": (REQUIRED, uuid), "reason": (OPTIONAL, text)},
    "education_started": {"education_id": (REQUIRED, uuid), "level": (OPTIONAL, slug)},
    "education_stopped": {"education_id": (REQUIRED, uuid), "completed": (OPTIONAL, flag)},
    "contact": {
        "with": (REQUIRED, parse_enum("client", "employer", "care_team", "uwv", "municipality", "family")),
        "channel": (REQUIRED, parse_enum("in_person", "phone", "video", "message")),
        "minutes": (OPTIONAL, integer), "note": (OPTIONAL, text)},
    "trajectory_changed": {
        "variant": (NULLABLE, variant), "funding": (OPTIONAL, funding), "scheme": (NULLABLE, slug), "region": (OPTIONAL, parse_string),
        "coach": (NULLABLE, slug), "target_group": (NULLABLE, variant), "benefit": (NULLABLE, benefit), "in_care": (NULLABLE, flag),
        "label": (NULLABLE, text)},
    "outflow": {"reason": (OPTIONAL, slug), "work_ready": (OPTIONAL, flag)},
    "retraction": {"event_id": (REQUIRED, uuid), "reason": (REQUIRED, text)},
}

# Things that begin and stop: the kind -> (its id field, type of its start, type of its stop, code when it is unknown)
THINGS = {
    "job": ("job_id", "paid_work_started", "paid_work_stopped", "unknown_job"),
    "placement": ("placement_id", "placement_started", "placement_stopped", "unknown_placement"),
    "education": ("education_id", "education_started", "education_stopped", "unknown_education"),
}
STARTS = {start: kind for kind, (_, start, _, _) in THINGS.items()}
STOPS = {stop: kind for kind, (_, _, stop, _) in THINGS.items()}


@dataclass(frozen=True)
class Event:
    """One event; the fields from `revision` on are set when the log takes it."""
    event_id: str
    trajectory_id: str
    organisation: str
    type: str
    occurred_on: date
    data: dict
    corrects: Optional[str] = None
    correlation_id: Optional[str] = None
    causation_id: Optional[str] = None
    schema: int = 1
    recorded_at: Optional[datetime] = None
    actor: Optional[str] = None
    decision: Optional[str] = None
    source_recorded_at: Optional[datetime] = None
    line: int = 0
    revision: int = 0
    position: int = 0

    @property
    def thing_id(self) -> str:
        """The id of the job, placement or education that this event speaks of."""
        for name in ("job_id", "placement_id", "education_id"):
            if name in self.data:
                return self.data[name]
        raise KeyError(self.type)

    @property
    def thing_kind(self) -> Optional[str]:
        return "job" if self.type == "paid_work_changed" else STARTS.get(self.type) or STOPS.get(self.type)

    def content(self) -> tuple:
        """What is compared when an id comes again."""
        return (self.trajectory_id, self.organisation, self.type, self.occurred_on, self.corrects, self.correlation_id,
                self.causation_id, self.schema, self.data)


def same_content(a: Any, b: Any) -> bool:
    """Equality after parsing; an erased text equals any text."""
    if a is ERASED or b is ERASED:
        return all(v is ERASED or isinstance(v, str) for v in (a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_content(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same_content, a, b))
    return a == b


# envelope field -> (required, reader). None: read apart.
ENVELOPE: dict[str, tuple] = {
    "event_id": (True, parse_uuid), "trajectory_id": (True, parse_uuid), "organisation": (True, parse_slug),
    "type": (True, parse_enum(*FIELDS)), "occurred_on": (True, parse_date), "recorded_at": (False, parse_timestamp),
    "actor": (False, parse_string), "corrects": (False, parse_uuid), "correlation_id": (False, parse_uuid),
    "causation_id": (False, parse_uuid), "decision": (False, parse_uuid), "source_recorded_at": (False, parse_timestamp),
    "schema": (False, parse_integer), "data": (True, None), "revision": (False, parse_integer), "position": (False, parse_integer)}


def parse_json(raw: bytes) -> Any:
    """JSON in UTF-8; duplicate keys, non-numbers and lone surrogates are malformed."""
    def no_duplicates(pairs):
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Malformed("duplicate key")
        return found

    def no_constant(name):
        raise Malformed(f"not JSON: {name}")

    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=no_duplicates, parse_float=Number, parse_int=Number, parse_constant=no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")           # a lone surrogate cannot be written
    except (ValueError, RecursionError) as e:
        raise Malformed(f"not JSON: {e}") from None
    return value


def parse_event(value: Any, line: int = 0) -> Event:
    """The form of one event (rule 1)."""
    if not isinstance(value, dict):
        raise Malformed("not an object")
    # CHOICE: `expected_revision` belongs to HTTP and NATS; in a file it is an unknown field.
    unknown = set(value) - set(ENVELOPE)
    missing = {name for name, (required, _) in ENVELOPE.items() if required} - set(value)
    if unknown or missing:
        raise Malformed(f"unknown {sorted(unknown)}, missing {sorted(missing)}")
    read = {name: parse(value[name]) for name, (_, parse) in ENVELOPE.items() if parse and name in value}
    if read.get("schema", 1) != 1:
        raise Malformed("an unknown schema")
    for ignored in ("revision", "position"):
        # CHOICE: "accepted and ignored" holds of integers from 1; anything else is a wrong type.
        if read.pop(ignored, 1) < 1:
            raise Malformed(f"{ignored} counts from 1")
    return Event(**read, data=parse_data(read["type"], value["data"]), line=line)


def parse_data(event_type: str, value: Any) -> dict:
    """The form of a payload: unknown and missing fields, types, enum values; null only where it is a value."""
    if not isinstance(value, dict):
        raise Malformed("data is not an object")
    fields = FIELDS[event_type]
    if set(value) - set(fields):
        raise Malformed(f"unknown field in data: {sorted(set(value) - set(fields))}")
    found = {}
    for name, (presence, parse) in fields.items():
        if name not in value:
            if presence == REQUIRED:
                raise Malformed(f"data has no {name}")
        elif value[name] is None:
            if presence != NULLABLE:
                raise Malformed(f"{name} cannot be null")
            found[name] = None
        else:
            found[name] = parse(value[name])
    return found


def event_id_of(raw: bytes) -> Optional[str]:
    """The id of a malformed line, where it can be read."""
    try:
        return parse_uuid(parse_json(raw).get("event_id"))
    except (Malformed, AttributeError):
        return None


# == The effective timeline =============================================================================================

@dataclass(frozen=True)
class Standing:
    """An event that counts. `place` is the revision of the first event of its correction chain."""
    event: Event
    place: int

    @property
    def order(self) -> tuple:
        return (self.event.occurred_on, self.place)


def put(counting: dict[str, Standing], event: Event) -> None:
    """Adds one event to those that count: a retraction removes, a correction stands in the place of the corrected one."""
    if event.type == "retraction":
        counting.pop(event.data["event_id"])
    elif event.corrects:
        counting[event.event_id] = Standing(event, counting.pop(event.corrects).place)
    else:
        counting[event.event_id] = Standing(event, event.revision)


@dataclass
class Thing:
    """A job, a placement or an education in the effective timeline."""
    kind: str
    thing_id: str
    start: Event
    stopped: Optional[date]
    changes: list[Event]

    @property
    def started(self) -> date:
        return self.start.occurred_on

    def active(self, day: date) -> bool:
        """start <= d < stop"""
        return self.started <= day and (self.stopped is None or day < self.stopped)

    def active_within(self, first: date, last: date) -> bool:
        """Active on some day of [first, last]."""
        day = max(first, self.started)
        return day <= last and self.active(day)

    def conditions(self, day: date) -> dict:
        """The values in force: those of the start, then each change up to and with that day; a field left out keeps its value."""
        # CHOICE: the start comes first, even if a change of the same day has the lower revision.
        values = {name: self.start.data.get(name) for name in JOB_CONDITIONS}
        for change in self.changes:
            if change.occurred_on <= day:
                values.update({name: v for name, v in change.data.items() if name in JOB_CONDITIONS})
        return values


class Timeline:
    """The events of one stream that count, in their order."""

    def __init__(self, organisation: str, counting: Iterable[Standing], revision: int):
        self.organisation = organisation
        self.revision = revision
        self.events = [s.event for s in sorted(counting, key=lambda s: s.order)]
        self.intakes = self.recorded("intake")
        self.outflows = self.recorded("outflow")
        self.starts: dict[tuple, list[Event]] = {}
        self.stops: dict[tuple, list[Event]] = {}
        for e in sorted(self.events, key=lambda e: e.revision):
            if e.type in STARTS:
                self.starts.setdefault((STARTS[e.type], e.thing_id), []).append(e)
            elif e.type in STOPS:
                self.stops.setdefault((STOPS[e.type], e.thing_id), []).append(e)

    def recorded(self, event_type: str) -> list[Event]:
        """The events of one type in the order in which they were recorded."""
        return sorted((e for e in self.events if e.type == event_type), key=lambda e: e.revision)

    @property
    def intake(self) -> Optional[Event]:
        return self.intakes[0] if self.intakes else None

    @property
    def outflow(self) -> Optional[Event]:
        return self.outflows[0] if self.outflows else None

    def things(self, kind: str) -> list[Thing]:
        found = []
        for (k, thing_id), starts in self.starts.items():
            if k == kind:
                stops = self.stops.get((k, thing_id))
                changes = [e for e in self.events if e.type == "paid_work_changed" and e.data["job_id"] == thing_id] if kind == "job" else []
                found.append(Thing(kind, thing_id, starts[0], stops[0].occurred_on if stops else None, changes))
        return found

    def attributes(self, day: date) -> dict:
        """The trajectory's attributes in force on a day: those of the intake, then each change up to and with that day."""
        # CHOICE: the intake comes first, even if a change of the same day has the lower revision.
        values = {name: self.intake.data.get(name) for name in FIELDS["trajectory_changed"]}
        for e in self.events:
            if e.type == "trajectory_changed" and e.occurred_on <= day:
                values.update(e.data)
        return values

    def broken_rule(self, e: Event) -> Optional[tuple[str, list[str]]]:
        """Rules 10 to 19 for one event of this timeline: the first that it breaks, with what it collides with.

        CHOICE: where two events collide as equals (second intake, outflow or stop, an id started twice) the one that was recorded
        later is wrong. CHOICE: `conflicts` never names the event itself (a variant in an intake of another method; a contract that
        ends before the start that carries it).
        """
        def names(*events: Event) -> list[str]:
            return [x.event_id for x in events if x.event_id != e.event_id]

        if e.type == "retraction":
            return None
        if e.type != "intake" and not self.intakes:                                                             # 10
            return "no_intake", []
        if e.type == "intake" and self.intake.revision < e.revision:                                            # 11
            return "second_intake", names(self.intake)
        if e.type == "outflow" and self.outflow.revision < e.revision:
            return "second_outflow", names(self.outflow)
        intake, outflow = self.intake, self.outflow
        if e.type in ("trajectory_changed", "outflow") and e.occurred_on < intake.occurred_on:                   # 12
            return "before_start", names(intake)
        if outflow and e.type != "outflow":                                                                     # 13
            last = outflow.occurred_on + DAY if e.type in STOPS else outflow.occurred_on
            if e.occurred_on > last:
                return "after_outflow", names(outflow)
        if e.type in ("intake", "trajectory_changed") and e.data.get("variant") is not None:                     # 14
            if intake.data["method"] != "ips":
                return "variant_without_ips", names(intake)
        kind = e.thing_kind
        if kind is None:
            return None
        key = (kind, e.thing_id)
        starts, stops = self.starts.get(key, []), self.stops.get(key, [])
        if not starts:                                                                                          # 15
            return THINGS[kind][3], []
        start = starts[0]
        if e.type in STARTS and start.revision < e.revision:                                                    # 16
            return "duplicate_id", names(start)
        if e.type not in STARTS:
            if e.occurred_on < start.occurred_on:                                                               # 17
                return "stop_before_start", names(start)
            if e.type in STOPS and stops[0].revision < e.revision:                                              # 18
                return "already_stopped", names(stops[0])
            if e.type == "paid_work_changed" and stops and e.occurred_on > stops[0].occurred_on:
                return "already_stopped", names(stops[0])
        contract = e.data.get("contract")                                                                       # 19
        if contract and contract["kind"] == "fixed_term" and contract["until"] < start.occurred_on:
            return "contract_ends_before_start", names(start)
        return None


RULES_10_TO_19 = ("no_intake", "second_intake", "second_outflow", "before_start", "after_outflow", "variant_without_ips", "unknown_job",
                  "unknown_placement", "unknown_education", "duplicate_id", "stop_before_start", "already_stopped",
                  "contract_ends_before_start")


# == The log and what it accepts ========================================================================================

@dataclass
class Stream:
    organisation: str
    events: list[Event] = field(default_factory=list)
    counting: dict[str, Standing] = field(default_factory=dict)

    @property
    def first_intake(self) -> Optional[Event]:
        return next((e for e in self.events if e.type == "intake"), None)


@dataclass(frozen=True)
class Refusal:
    line: int
    event_id: Optional[str]
    code: str
    conflicts: tuple = ()
    detail: str = ""

    def as_json(self) -> dict:
        return {"line": self.line, "event_id": self.event_id, "code": self.code, "conflicts": list(self.conflicts), "detail": self.detail}


@dataclass
class ImportResult:
    imported: int = 0
    already_present: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    exit: int = 0

    def counts(self) -> dict:
        return {"imported": self.imported, "already_present": self.already_present, "refused": self.refused}


def amsterdam_day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


def invalid_value(e: Event, first_intake: Optional[Event]) -> bool:
    """Rule 7."""
    d = e.data

    def texts(value):
        if isinstance(value, list):
            return [t for v in value for t in texts(v)]
        return [value] if isinstance(value, str) else []

    for name in ("hours_per_week", "max_hours_per_week"):
        if d.get(name) is not None and not 0 <= d[name] <= 80:
            return True
    if d.get("wage_value_percent") is not None and not 0 <= d["wage_value_percent"] <= 100:
        return True
    if d.get("minutes") is not None and not 1 <= d["minutes"] <= 1440:
        return True
    if len(d.get("sectors", ())) > MAX_SECTORS:
        return True
    if "region" in d and d["region"] not in REGIONS:
        return True
    if any(len(t) > MAX_TEXT for v in d.values() for t in texts(v)):
        return True
    if e.type == "paid_work_changed" and set(d) == {"job_id"} or e.type == "trajectory_changed" and not d:
        return True
    return e.type == "intake" and first_intake is not None and d["client_id"] != first_intake.data["client_id"]


class Log:
    """The log in memory."""

    def __init__(self):
        self.events: list[Event] = []                   # position n is events[n - 1]
        self.streams: dict[str, Stream] = {}
        self.by_id: dict[str, Event] = {}

    # -- import ----------------------------------------------------------------------------------------------------------
    def import_bytes(self, raw: bytes, now: datetime, strict: bool = False, recorded: str = "keep") -> ImportResult:
        """`trajectlog import`: first the form of everything, then each event, neighbours of one decision together."""
        events, malformed = parse_lines(raw)
        result = ImportResult()
        if malformed:
            result.refusals, result.exit = malformed, 2
            return result
        log = self.copy() if strict else self
        for group in decisions(events):
            log.take(group, now, recorded, result)
        if strict and result.refused:
            result.imported = 0
        elif strict:
            self.__dict__.update(log.__dict__)
        result.exit = 1 if result.refused else 0
        return result

    def copy(self) -> Log:
        other = Log()
        other.events, other.by_id = list(self.events), dict(self.by_id)
        other.streams = {k: Stream(s.organisation, list(s.events), dict(s.counting)) for k, s in self.streams.items()}
        return other

    def take(self, group: list[Event], now: datetime, recorded: str, result: ImportResult) -> None:
        """One event, or the events of one decision: all of them are appended, or none."""
        # CHOICE: "what is there already counts as present" also in the counts of the import, even when the rest is refused.
        rest: list[Event] = []
        for e in group:
            there = self.by_id.get(e.event_id)
            if there and same_content(there.content(), e.content()):
                result.already_present += 1
            else:
                rest.append(e)
        if not rest:
            return
        rest = [self.recorded(e, now, recorded) for e in rest]
        repeated, new, refusal = self.judge(rest, now, keeps=recorded == "keep")
        if refusal:
            result.refused += len(rest)
            result.refusals.append(refusal)
            return
        # CHOICE: the decision is the first event of those that are appended together; one alone has none.
        decision = new[0].event_id if len(new) > 1 else None
        for e in new:
            self.append(replace(e, decision=decision))
        result.imported += len(new)
        result.already_present += len(repeated)

    def recorded(self, e: Event, now: datetime, recorded: str) -> Event:
        """`recorded_at` and `actor` as the log sets them, or as the file brought them."""
        # CHOICE: the actor that a file brings is kept in both modes (the envelope says "an import may bring it").
        # CHOICE: a line's own `source_recorded_at` stays, whatever its `recorded_at`.
        actor = e.actor if e.actor is not None else "import"
        if recorded == "keep" and e.recorded_at is not None:
            return replace(e, actor=actor)
        last = self.events[-1].recorded_at if self.events else now
        return replace(e, actor=actor, recorded_at=max(now, last), source_recorded_at=e.source_recorded_at or e.recorded_at)

    def judge(self, group: list[Event], now: datetime, keeps: bool) -> tuple[list[Event], list[Event], Optional[Refusal]]:
        """Judges events that are to be appended together. Returns (repetitions inside the group, new events, refusal)."""
        stream = self.streams.get(group[0].trajectory_id)
        organisation = stream.organisation if stream else group[0].organisation
        counting = dict(stream.counting) if stream else {}
        revision = len(stream.events) if stream else 0
        first_intake = stream.first_intake if stream else None
        known = {e.event_id: e for e in stream.events} if stream else {}       # events of this stream, those of the group too
        last_recorded = self.events[-1].recorded_at if self.events else None
        taken: dict[str, Event] = {}                                           # event ids of the group
        wrong: dict[int, tuple[str, list[str]]] = {}                           # index in the group -> what rules 2 to 9 say
        new: list[Event] = []
        repeated: list[Event] = []
        placed: dict[int, Event] = {}

        for i, e in enumerate(group):
            revision += 1
            e = replace(e, revision=revision)
            before = taken.get(e.event_id)
            if before and same_content(before.content(), e.content()):
                repeated.append(e)
                continue
            if e.event_id in self.by_id or before:                                                              # 2
                wrong[i] = ("event_id_reused", [])
                continue
            taken[e.event_id] = e
            found = self.rules_3_to_9(e, now, keeps, last_recorded, organisation, first_intake, known, counting)
            if found:
                wrong[i] = found
            last_recorded = max(last_recorded, e.recorded_at) if last_recorded else e.recorded_at
            # CHOICE: an event that only rules 3 to 7 refuse still has its place when the rest of its decision is judged.
            if not found or found[0] not in ("not_effective", "correction_type_mismatch"):
                if not self.target_missing(e, known, counting) and not self.target_of_other_type(e, known):
                    put(counting, e)
                    placed[i] = e
            known[e.event_id] = e
            if e.type == "intake" and first_intake is None:
                first_intake = e
            new.append(e)

        timeline = Timeline(organisation, counting.values(), revision)
        for i, e in enumerate(group):                                          # the first event, in their order, that is wrong
            found = wrong.get(i)
            if not found and i in placed and e.event_id in counting:
                found = timeline.broken_rule(placed[i])
            if found:
                return repeated, new, Refusal(e.line, e.event_id, found[0], tuple(found[1]))

        others = {e.event_id: timeline.broken_rule(e) for e in timeline.events if e.event_id not in taken}
        broken = {event_id: found[0] for event_id, found in others.items() if found}
        if broken:
            first = group[0]
            if first.type == "retraction":
                code = "retraction_breaks_timeline"
            elif first.corrects:
                code = "correction_breaks_timeline"
            else:
                # CHOICE: when others break several rules, the first in the order of the rules.
                code = min(broken.values(), key=RULES_10_TO_19.index)
            return repeated, new, Refusal(first.line, first.event_id, code, tuple(broken))
        return repeated, new, None

    def rules_3_to_9(self, e, now, keeps, last_recorded, organisation, first_intake, known, counting):
        """The rules that look at one event alone (5 is not for imports)."""
        if keeps and last_recorded and e.recorded_at < last_recorded:                                           # 3
            return "recorded_at_backwards", []
        if keeps and e.recorded_at > max(now, last_recorded or now):       # a moment that the log itself gave is never in the future
            return "recorded_at_in_future", []
        if e.organisation != organisation:                                                                      # 4
            return "organisation_mismatch", []
        if e.occurred_on > amsterdam_day(e.recorded_at) + (DAY if e.type in STOPS else timedelta(0)):            # 6
            return "in_future", []
        if invalid_value(e, first_intake):                                                                      # 7
            return "invalid_value", []
        if self.target_missing(e, known, counting):                                                             # 8
            return "not_effective", []
        if self.target_of_other_type(e, known):                                                                 # 9
            return "correction_type_mismatch", [e.corrects]
        return None

    @staticmethod
    def target_missing(e: Event, known: dict[str, Event], counting: dict[str, Standing]) -> bool:
        """Rule 8: what is corrected or retracted does not exist in this stream, no longer counts, or is a retraction."""
        targets = ([e.corrects] if e.corrects else []) + ([e.data["event_id"]] if e.type == "retraction" else [])
        return any(t not in known or t not in counting for t in targets)

    @staticmethod
    def target_of_other_type(e: Event, known: dict[str, Event]) -> bool:
        """Rule 9. A retraction that says `corrects` is always wrong here or in rule 8: a retraction cannot be corrected."""
        return bool(e.corrects) and known[e.corrects].type != e.type

    def append(self, e: Event) -> None:
        stream = self.streams.setdefault(e.trajectory_id, Stream(e.organisation))
        e = replace(e, revision=len(stream.events) + 1, position=len(self.events) + 1)
        stream.events.append(e)
        put(stream.counting, e)
        self.events.append(e)
        self.by_id[e.event_id] = e

    # -- as of -----------------------------------------------------------------------------------------------------------
    def whole(self, position: int) -> int:
        """An as-of position never cuts a decision: it is moved back to the last whole one."""
        while 0 < position < len(self.events) and self.events[position].decision is not None \
                and self.events[position].decision == self.events[position - 1].decision:
            position -= 1
        return position

    def position_of(self, as_of: Any) -> int:
        """A log position, a moment (the last event with recorded_at <= it), or None for the end."""
        if as_of is None:
            return len(self.events)
        if isinstance(as_of, datetime):
            return self.whole(sum(1 for e in self.events if e.recorded_at <= as_of))
        if not 0 <= as_of <= len(self.events):
            raise ValueError("a position beyond the end")
        return self.whole(as_of)

    def timeline(self, trajectory: str, position: int) -> Optional[Timeline]:
        """The effective timeline of one stream as of a position; None when it has no event yet."""
        stream = self.streams.get(trajectory)
        events = [e for e in stream.events if e.position <= position] if stream else []
        if not events:
            return None
        counting: dict[str, Standing] = {}
        for e in events:
            put(counting, e)
        return Timeline(stream.organisation, counting.values(), len(events))

    def timelines(self, position: int) -> list[Timeline]:
        found = (self.timeline(t, position) for t in self.streams)
        return [t for t in found if t and t.intake]

    # -- export ----------------------------------------------------------------------------------------------------------
    def export(self, first: int = 1, as_of: Any = None, trajectory: Optional[str] = None) -> list[dict]:
        """The lines of `trajectlog export` as JSON values (numbers as texts of class Number)."""
        last = self.position_of(as_of)
        return [export_event(e) for e in self.events[:last] if e.position >= first and trajectory in (None, e.trajectory_id)]

    # -- figures ---------------------------------------------------------------------------------------------------------
    def figures(self, quarter: str, scope: dict, as_of: Any = None, tables: bool = False, now: Optional[datetime] = None) -> dict:
        """The answer of `trajectlog figures --format json` (see figures.md, Output)."""
        return Figures(self, quarter, scope, as_of, tables, now).answer()

    # -- status ----------------------------------------------------------------------------------------------------------
    def status(self, trajectory: str, on: date, as_of: Any = None) -> Optional[dict]:
        """The answer of `trajectlog status --format json`; None when the log holds no such trajectory then."""
        timeline = self.timeline(trajectory, self.position_of(as_of))
        return status(trajectory, timeline, on) if timeline else None


def parse_lines(raw: bytes) -> tuple[list[Event], list[Refusal]]:
    """The form of a whole input. Lines count from 1, blank ones too."""
    events: list[Event] = []
    malformed: list[Refusal] = []
    for n, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip(b" \t\r"):
            continue
        try:
            e = parse_event(parse_json(line), n)
            # CHOICE: "the first" is the first line whose form is right.
            if events and (e.recorded_at is None) != (events[0].recorded_at is None):
                raise Malformed("all lines have recorded_at, or none")
            events.append(e)
        except Malformed as error:
            malformed.append(Refusal(n, event_id_of(line), "malformed", (), str(error)))
    return events, malformed


def decisions(events: list[Event]) -> Iterable[list[Event]]:
    """Neighbouring lines of one decision together, every other line alone (a blank line between them does not part them).

    CHOICE: lines of another stream are another decision, whatever they say ("events of one decision are of one stream"). The value
    only groups; the log sets its own.
    """
    group: list[Event] = []
    for e in events:
        if group and e.decision is not None and e.decision == group[0].decision and e.trajectory_id == group[0].trajectory_id:
            group.append(e)
        else:
            if group:
                yield group
            group = [e]
    if group:
        yield group


def export_event(e: Event) -> dict:
    def write(value: Any) -> Any:
        if value is ERASED:
            return {"erased": True}
        if isinstance(value, Fraction):
            return format_number(value)
        if isinstance(value, dict):
            return {k: write(v) for k, v in value.items()}
        if isinstance(value, list):
            return [write(v) for v in value]
        if isinstance(value, int) and not isinstance(value, bool):
            return Number(value)
        if isinstance(value, datetime):
            return format_timestamp(value)
        if isinstance(value, date):
            return value.isoformat()
        return value

    names = ("event_id", "trajectory_id", "organisation", "type", "occurred_on", "recorded_at", "actor", "corrects", "correlation_id",
             "causation_id", "decision", "source_recorded_at", "schema", "data", "revision", "position")
    return {name: write(getattr(e, name)) for name in names if getattr(e, name) is not None}


# == Calendar and rounding ==============================================================================================

def add_months(day: date, months: int) -> date:
    """Calendar months; a day that does not exist falls to the month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    last = (date(year + month // 12, month % 12 + 1, 1) - DAY).day
    return date(year, month, min(day.day, last))


def quarter_days(quarter: str) -> tuple[date, date]:
    year, q = int(quarter[:4]), int(quarter[5])
    first = date(year, 3 * q - 2, 1)
    return first, add_months(first, 3) - DAY


def quarter_back(quarter: str, quarters: int) -> str:
    index = int(quarter[:4]) * 4 + int(quarter[5]) - 1 - quarters
    return f"{index // 4:04}Q{index % 4 + 1}"


def one_decimal(x: Fraction) -> str:
    """One decimal, halves away from zero, never -0.0."""
    tenths = int(abs(x) * 10 + Fraction(1, 2))                 # int() cuts off, which is the floor here
    return ("-" if x < 0 and tenths else "") + f"{tenths // 10}.{tenths % 10}"


# == Sustainable paid work ==============================================================================================

YES, NO, UNKNOWN = "yes", "no", "unknown"


def verdicts(job: Thing, day: date) -> dict[str, str]:
    """The four conditions of sustainable paid work, each with the value in force on a day."""
    values = job.conditions(day)

    def verdict(value, holds) -> str:
        return UNKNOWN if value is None else YES if holds(value) else NO

    def long_enough(contract) -> bool:
        # the last day + 1 >= the job's start + 3 months
        return contract["kind"] == "permanent" or contract["until"] >= add_months(job.started, 3) - DAY

    contract = values["contract"]
    if contract is not None and contract["kind"] == "other":
        contract = None                                        # its length is unknown
    return {"regular_workplace": verdict(values["regular_workplace"], lambda v: v),
            "hours_per_week": verdict(values["hours_per_week"], lambda v: v >= 12),
            "wage_value_percent": verdict(values["wage_value_percent"], lambda v: v >= 35),
            "contract": verdict(contract, long_enough)}


def sustainable(job: Thing, day: date) -> str:
    """Not sustainable when a known value fails, sustainable when all four are known and hold, undecided otherwise."""
    found = set(verdicts(job, day).values())
    return NO if NO in found else UNKNOWN if UNKNOWN in found else YES


def sustainable_of(jobs: list[Thing], day: date) -> str:
    """Of several active jobs, each judged alone."""
    found = {sustainable(j, day) for j in jobs}
    return YES if YES in found else UNKNOWN if UNKNOWN in found else NO


# == Figures ============================================================================================================

COUNTS = ("running", "started", "ended", "paid_work", "sustainable_work", "sustainable_work_unknown", "ever_paid_work",
          "paid_work_started", "paid_work_stopped", "trial_placement", "volunteer_or_work_experience", "day_activity", "unpaid_sum",
          "unpaid_any", "unpaid_before_start", "unpaid_alongside", "education", "education_started", "education_stopped",
          "outflow_paid_work", "outflow_paid_work_earlier", "outflow_never_paid_work", "outflow_intended", "outflow_not_intended",
          "first_job_within_3_months", "first_job_3_to_9_months", "first_job_after_9_months",
          "employed_under_6_months", "employed_6_to_12_months", "employed_over_12_months", "employed_unknown")
SCHEMES = "scheme_started_year_to_date"
MEASURES = COUNTS + (SCHEMES, "organisations")
NO_PERCENTAGE = {"running", "employed_unknown", "organisations", SCHEMES}


def measure(t: Timeline, qs: date, qe: date) -> Optional[dict[str, int]]:
    """What one trajectory adds to the counts of a quarter; None when it is not of the population."""
    start, end = t.intake.occurred_on, t.outflow.occurred_on if t.outflow else None
    if not (start <= qe and (end is None or end >= qs)):
        return None
    ref = reference_day(t, qe)
    jobs, placements, educations = t.things("job"), t.things("placement"), t.things("education")
    active_jobs = [j for j in jobs if j.active(ref)]
    active_placements = [p for p in placements if p.active(ref)]
    active_educations = [e for e in educations if e.active(ref)]
    ever = any(j.active_within(start, ref) for j in jobs)
    verdict = sustainable_of(active_jobs, ref)
    ended = end is not None and qs <= end <= qe

    def in_quarter(day: Optional[date]) -> bool:
        return day is not None and max(qs, start) <= day <= ref

    def placed(*kinds: str) -> bool:
        return any(p.start.data["kind"] in kinds for p in active_placements)

    m: dict[str, Any] = {
        "running": True,
        "started": qs <= start <= qe,
        "ended": ended,
        "paid_work": bool(active_jobs),
        "sustainable_work": verdict == YES,
        "sustainable_work_unknown": verdict == UNKNOWN,
        "ever_paid_work": ever,
        "paid_work_started": any(in_quarter(j.started) for j in jobs),
        "paid_work_stopped": any(in_quarter(j.stopped) for j in jobs),
        "trial_placement": placed("trial_placement"),
        "volunteer_or_work_experience": placed("volunteer_work", "work_experience"),
        "day_activity": placed("day_activity"),
        "unpaid_any": bool(active_placements),
        "unpaid_before_start": any(p.started < start for p in active_placements),
        "unpaid_alongside": bool(active_placements) and bool(active_jobs or active_educations),
        "education": bool(active_educations),
        "education_started": any(in_quarter(e.started) for e in educations),
        "education_stopped": any(in_quarter(e.stopped) for e in educations),
        "outflow_paid_work": ended and bool(active_jobs),
        "outflow_paid_work_earlier": ended and not active_jobs and ever,
        "outflow_never_paid_work": ended and not ever,
    }
    m["unpaid_sum"] = m["trial_placement"] + m["volunteer_or_work_experience"] + m["day_activity"]

    intended = ended and intended_result(t, ever, any(p.active_within(start, ref) for p in placements), bool(active_jobs), verdict == YES)
    m["outflow_intended"] = intended
    m["outflow_not_intended"] = ended and not intended

    # Of those with paid work: the first day of a paid job active on or after the start.
    firsts = [max(j.started, start) for j in jobs if j.active_within(start, date.max)] if active_jobs else []
    first = min(firsts, default=None)
    m["first_job_within_3_months"] = first is not None and first <= add_months(start, 3)
    m["first_job_3_to_9_months"] = first is not None and add_months(start, 3) < first <= add_months(start, 9)
    m["first_job_after_9_months"] = first is not None and first > add_months(start, 9)

    # By the active job that began first.
    began = min((j.started for j in active_jobs), default=None)
    m["employed_under_6_months"] = began is not None and ref < add_months(began, 6)
    m["employed_6_to_12_months"] = began is not None and add_months(began, 6) <= ref < add_months(began, 12)
    m["employed_over_12_months"] = began is not None and ref >= add_months(began, 12)
    m["employed_unknown"] = began is None
    return {name: int(m[name]) for name in COUNTS}


def reference_day(t: Timeline, qe: date) -> date:
    """The earlier of the quarter's end and the outflow day."""
    return min(qe, t.outflow.occurred_on) if t.outflow else qe


def intended_result(t: Timeline, ever_paid: bool, ever_unpaid: bool, paid_on_ref: bool, sustainable_on_ref: bool) -> bool:
    """The intended result of a method, at outflow."""
    method = t.intake.data["method"]
    if method in ("ips", "other"):
        return ever_paid
    if method == "wabz":
        return ever_paid or ever_unpaid
    if method == "jobcoaching":
        return paid_on_ref
    if method == "werkfit":
        return paid_on_ref or t.outflow.data.get("work_ready") is True
    assert method == "naar_werk"
    return sustainable_on_ref


class Cell:
    """The counts of one cell, and what its percentages need beside them."""

    def __init__(self):
        self.counts = dict.fromkeys(COUNTS, 0)
        self.schemes: dict[str, int] = {}
        self.organisations: set[str] = set()
        self.werkfit = dict.fromkeys(COUNTS, 0)                # the part of the method werkfit

    def add(self, t: Timeline, counts: dict[str, int]) -> None:
        self.organisations.add(t.organisation)
        for name, n in counts.items():
            self.counts[name] += n
            if t.intake.data["method"] == "werkfit":
                self.werkfit[name] += n

    def value(self, name: str) -> Any:
        return self.as_json()[name]

    def as_json(self) -> dict:
        return {**self.counts, SCHEMES: dict(sorted(self.schemes.items())), "organisations": len(self.organisations)}

    def percentage(self, name: str) -> Optional[Fraction]:
        """The exact percentage of a measure; None where it has none or its denominator is 0."""
        if name in NO_PERCENTAGE:
            return None
        of = "ended" if name.startswith("outflow_") else "paid_work" if name.startswith(("first_job_", "employed_")) else "running"
        n, d = self.counts[name], self.counts[of]
        if name in ("sustainable_work", "sustainable_work_unknown"):
            n, d = n - self.werkfit[name], d - self.werkfit["running"]
        return Fraction(100 * n, d) if d else None

    def percentages(self) -> dict[str, str]:
        found = {name: self.percentage(name) for name in COUNTS}
        return {name: one_decimal(p) for name, p in found.items() if p is not None}


def change(now: Cell, then: Cell) -> dict[str, dict]:
    """Per measure the change against an earlier quarter; scheme counts have none."""
    found = {}
    for name in MEASURES:
        if name == SCHEMES:
            continue
        a, b, pa, pb = now.value(name), then.value(name), now.percentage(name), then.percentage(name)
        found[name] = {"absolute": a - b,
                       "points": None if pa is None or pb is None else one_decimal(pa - pb),
                       "relative": None if b == 0 else one_decimal(Fraction(100 * (a - b), b))}
    return found


def parse_scope(argument: str) -> dict:
    """`national`, `region:CODE`, `organisation:SLUG`, or both joined by a comma."""
    parts = dict(p.split(":", 1) for p in argument.split(",")) if argument != "national" else {}
    return {"level": "+".join(k for k in ("region", "organisation") if k in parts) or "national",
            **{k: parts[k] for k in ("region", "organisation") if k in parts}}


class Figures:
    """The figures of one quarter and scope at one log position, with those of the two quarters that it is compared with."""

    def __init__(self, log: Log, quarter: str, scope: dict, as_of: Any, tables: bool, now: Optional[datetime] = None):
        self.log, self.quarter, self.scope, self.tables = log, quarter, scope, tables
        self.as_of, self.position = as_of, log.position_of(as_of)
        self.now = now or datetime.now(UTC)
        timelines = log.timelines(self.position)
        self.cells = self.cells_of(quarter, timelines)
        self.earlier = {"previous_quarter": self.cells_of(quarter_back(quarter, 1), timelines),
                        "year_earlier": self.cells_of(quarter_back(quarter, 4), timelines)}

    def cells_of(self, quarter: str, timelines: list[Timeline]) -> dict[tuple, Cell]:
        """Path -> cell: ("all",), ("by_method", "ips"), ("by_method_funding", "ips", "uwv"), …"""
        qs, qe = quarter_days(quarter)
        cells: dict[tuple, Cell] = {("all",): Cell()}
        for t in timelines:
            start = t.intake.occurred_on
            if start > qe:
                continue
            attributes = t.attributes(reference_day(t, qe))
            if self.scope.get("organisation", t.organisation) != t.organisation:
                continue
            if self.scope.get("region", attributes["region"]) != attributes["region"]:
                continue
            counts = measure(t, qs, qe)
            started_this_year = date(qs.year, 1, 1) <= start <= qe and attributes["scheme"] is not None
            if not counts and not started_this_year:
                continue
            for path in self.paths(t, attributes):
                cell = cells.setdefault(path, Cell())
                if counts:
                    cell.add(t, counts)
                if started_this_year:
                    cell.schemes[attributes["scheme"]] = cell.schemes.get(attributes["scheme"], 0) + 1
        return cells

    def paths(self, t: Timeline, attributes: dict) -> list[tuple]:
        method = t.intake.data["method"]
        found = [("all",), ("by_method", method), ("by_method_funding", method, attributes["funding"])]
        if method == "ips":
            found.append(("by_method_variant", method, attributes["variant"] or "none"))
        if self.tables:
            found.append(("by_method_organisation", method, t.organisation))
            found.append(("by_method_region", method, attributes["region"]))
        return found

    def provisional(self) -> bool:
        """When the moment asked for lies before midnight in Amsterdam after the quarter's last day."""
        _, qe = quarter_days(self.quarter)
        after = qe + DAY
        end = datetime(after.year, after.month, after.day, tzinfo=AMSTERDAM).astimezone(UTC)
        if self.as_of is None:
            moment = self.now
        elif isinstance(self.as_of, datetime):
            moment = self.as_of
        elif self.position == 0:
            return True                  # CHOICE: at position 0 nothing of the quarter was known yet
        else:
            # CHOICE: a position that was moved back to a whole decision stands for the event it was moved to
            moment = self.log.events[self.position - 1].recorded_at
        return moment < end

    def shares(self) -> dict[tuple, str]:
        """`running` of each method in all, of each funding and variant in its method (without a variant: not in the denominator)."""
        def running(path: tuple) -> int:
            return self.cells[path].counts["running"] if path in self.cells else 0

        found = {}
        for path in self.cells:
            if path[0] == "by_method":
                of = running(("all",))
            elif path[0] == "by_method_funding":
                of = running(("by_method", path[1]))
            elif path[0] == "by_method_variant" and path[2] != "none":      # CHOICE: `none` has no share of its own
                of = running(("by_method", path[1])) - running(("by_method_variant", path[1], "none"))
            else:
                continue
            if of:
                found[path] = one_decimal(Fraction(100 * running(path), of))
        return found

    def change(self, member: str, path: tuple) -> dict:
        return change(self.cells.get(path, Cell()), self.earlier[member].get(path, Cell()))

    def answer(self) -> dict:
        recorded_at = format_timestamp(self.log.events[self.position - 1].recorded_at) if self.position else None
        levels = ["all", "by_method", "by_method_funding", "by_method_variant"]
        if self.tables:
            levels += ["by_method_organisation", "by_method_region"]
        return {"quarter": self.quarter, "scope": self.scope, "provisional": self.provisional(),
                "as_of": {"position": self.position, "recorded_at": recorded_at}, "definitions": DEFINITIONS,
                "figures": tree(levels, {p: c.as_json() for p, c in self.cells.items()}),
                "percentages": tree(levels, {p: c.percentages() for p, c in self.cells.items()}),
                "shares": tree(["by_method", "by_method_funding", "by_method_variant"], self.shares()),
                "changes": {member: tree(levels, {p: self.change(member, p) for p in self.cells}) for member in self.earlier}}


def tree(levels: list[str], leaves: dict[tuple, Any]) -> dict:
    """Nested objects out of paths; every level is there, if empty."""
    found: dict = {level: {} for level in levels}
    for path, leaf in sorted(leaves.items()):
        node = found
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = leaf
    return found


# == Status =============================================================================================================

def status(trajectory: str, t: Timeline, on: date) -> dict:
    """A trajectory on a day. Jobs are all that began by then; those stopped by then may be left out by others.

    CHOICE: `paid_work` and `sustainable_work` speak of the jobs active on that day, whether or not the trajectory runs on it.
    CHOICE: `stopped` is the recorded stop, also when it lies after that day.
    CHOICE: a trajectory of which no intake counts has no method and no step (null), does not run and has no jobs.
    """
    start = t.intake.occurred_on if t.intake else None
    running = start is not None and start <= on and (t.outflow is None or on <= t.outflow.occurred_on)
    jobs = sorted((j for j in t.things("job") if j.started <= on), key=lambda j: (j.started, j.thing_id))
    active = [j for j in jobs if j.active(on)]
    return {"trajectory_id": trajectory, "organisation": t.organisation, "revision": t.revision, "on": on.isoformat(),
            "method": t.intake.data["method"] if t.intake else None, "running": running, "step": step(t, on) if t.intake else None,
            "paid_work": bool(active), "sustainable_work": sustainable_of(active, on),
            "jobs": [{"job_id": j.thing_id, "started": j.started.isoformat(), "stopped": j.stopped and j.stopped.isoformat(),
                      "sustainable": sustainable(j, on), "conditions": verdicts(j, on)} for j in jobs]}


def step(t: Timeline, on: date) -> str:
    """The latest step that was reached by a day, from the events dated up to and with it.

    CHOICE: a day before the start has the step `intake`, unless something later was reached already. CHOICE: the employer contact may
    lie on the assessment's day. CHOICE: a job or education was held when it lasted a day at least, also before the trajectory.
    """
    events = [e for e in t.events if e.occurred_on <= on]
    types = {e.type for e in events}
    assessed = min((e.occurred_on for e in events if e.type == "assessment"), default=None)
    if "outflow" in types:
        return "outflow"
    if any(x.active_within(date.min, on) for x in t.things("job") + t.things("education")):
        return "coaching"
    if "placement_started" in types:
        return "placement"
    if assessed and any(e.type == "contact" and e.data["with"] == "employer" and e.occurred_on >= assessed for e in events):
        return "placement"
    return "assessment" if "assessment" in types else "engagement" if "engagement" in types else "intake"


# == Command line =======================================================================================================

def parse_as_of(argument: Optional[str]) -> Any:
    if argument is None:
        return None
    return int(argument) if argument.isdigit() else parse_timestamp(argument)


def dumps(value: Any) -> str:
    """JSON in one line; a Number is written as the number it is."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{dumps(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("import", "export", "figures", "status"))
    parser.add_argument("file")
    parser.add_argument("what", nargs="*", help="the quarter, or the trajectory and the day")
    parser.add_argument("--scope", default="national")
    parser.add_argument("--as-of")
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--recorded", choices=("keep", "now"), default="keep")
    a = parser.parse_args()
    log, as_of = Log(), parse_as_of(a.as_of)
    with open(a.file, "rb") as f:
        result = log.import_bytes(f.read(), datetime.now(UTC), a.strict, a.recorded)
    if a.command == "import":
        for refusal in result.refusals:
            print(json.dumps(refusal.as_json()), file=sys.stderr)
        print(json.dumps(result.counts(), separators=(",", ":")))
        return result.exit
    if a.command == "export":
        for line in log.export(as_of=as_of):
            print(dumps(line))
    elif a.command == "figures":
        print(json.dumps(log.figures(a.what[0], parse_scope(a.scope), as_of, a.tables), indent=1))
    else:
        print(json.dumps(log.status(a.what[0].lower(), date.fromisoformat(a.what[1]), as_of), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
