#!/usr/bin/env python3
"""Random logs in JSON Lines that are nasty: valid histories, and everything that the event contract refuses, mixed.

A few trajectories have many interactions: ids that come again, corrections of corrections, retractions followed by another event, late
events, decisions of several lines, values and days on every boundary. The oracle is asked what counts at each moment, so that sensible
moves are mostly accepted and the others break exactly one thing. The same seed always gives the same file.

    python3 random_log.py --seed 7 --events 300 > log.jsonl
    python3 random_log.py --seed 7 --events 300 --malformed > log.jsonl
    python3 random_log.py --codes --seeds 0-99         how often each code occurs over many seeds
"""
from __future__ import annotations

import argparse
import json
import math
import random
import sys
import uuid
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from typing import Any, Callable, Optional

import oracle
from oracle import DAY, Event, ImportResult, Log, Number, Timeline, add_months, amsterdam_day

UTC = timezone.utc
NOW = datetime(2026, 7, 1, tzinfo=UTC)              # later than every recorded_at below but those that are meant to lie in the future
BEGIN = datetime(2023, 1, 1, 9, tzinfo=UTC)
SPAN = timedelta(days=1000)

ORGANISATIONS = ("ggz-noord", "ggz-west", "de-brug", "0", "a" * 64)
REGIONS = ("AM18", "AM05", "AM13", "AM38")
SCHEMES = ("ips-cmd-2023", "rsw", "pilot-1")
COACHES = ("anna", "b-2", "c3")
HOURS = ("0", "11.99", "12", "12.0", "12.00", "12.01", "16", "16.5", "24", "36", "40", "79.99", "80")
WRONG_HOURS = ("80.01", "81", "-0.01", "-1", "1000000")
WAGES = ("0", "34.9", "34.99", "35", "35.0", "35.01", "50", "75.25", "100", "100", "100.00")
WRONG_WAGES = ("100.01", "-0.01", "101", "-5")
TEXTS = ("", "bakkerij", "zorg en welzijn", "é ü ñ", "𝒳 emoji 🙂", "quote \" back \\ slash", "line\nbreak\ttab", "x" * 4000, "🙂" * 4000)
WRONG_TEXTS = ("x" * 4001, "🙂" * 4001)
ERASED = {"erased": True}

# Days on which something may turn: first and last days of quarters, ends of months, leap days.
TURNING = sorted({d for y in range(2022, 2027) for q in range(1, 5) for d in oracle.quarter_days(f"{y}Q{q}")}
                 | {date(y, m, 1) - DAY for y in range(2022, 2027) for m in range(1, 13)}
                 | {date(y, 1, n) for y in range(2022, 2027) for n in (30, 31)} | {date(2024, 2, 28), date(2024, 3, 1), date(2024, 11, 29)})


class Generator:
    def __init__(self, seed: int, events: int, recorded: bool = True, nasty: Optional[float] = None):
        self.rng = random.Random(seed)
        self.wanted = events
        self.recorded = recorded                    # whether the lines bring recorded_at
        self.nasty = self.rng.choice((0.03, 0.1, 0.3)) if nasty is None else nasty
        self.clock = BEGIN
        self.log = Log()
        self.result = ImportResult()
        self.lines: list[bytes] = []
        self.sent: list[dict] = []                  # every line as it was before it was written
        self.pool = [self.uuid() for _ in range(4)]                                # ids that many share
        count = max(4, events // self.rng.choice((15, 30, 60)))
        self.trajectories = [self.uuid() for _ in range(count)]
        self.home = {t: self.rng.choice(ORGANISATIONS) for t in self.trajectories}
        self.client = {t: self.uuid() for t in self.trajectories}
        self.calm = {t: self.rng.random() < 0.4 for t in self.trajectories}        # a long valid history

    # -- small choices -----------------------------------------------------------------------------------------------------
    def uuid(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def text(self) -> Any:
        short = TEXTS[:7]
        return ERASED if self.chance(0.03) else self.rng.choice(TEXTS) if self.chance(0.02) else self.rng.choice(short)

    def day(self, low: date, high: date) -> date:
        """A day of [low, high], often one on which something may turn."""
        if high <= low:
            return low
        between = [d for d in TURNING if low <= d <= high]
        roll = self.rng.random()
        if roll < 0.35 and between:
            return self.rng.choice(between)
        if roll < 0.45:
            return self.rng.choice((low, high))
        return low + self.rng.randrange((high - low).days + 1) * DAY

    def near(self, day: date, low: date, high: date) -> date:
        """A day, the one before or the one after, inside [low, high]."""
        return min(max(day + self.rng.choice((-1, 0, 0, 1)) * DAY, low), high)

    @property
    def today(self) -> date:
        return amsterdam_day(self.clock)

    def tick(self) -> None:
        """Time passes: often not at all, sometimes to just before or on midnight in Amsterdam."""
        if self.chance(0.3):
            return
        step = SPAN / self.wanted / 0.7 * -math.log(1 - self.rng.random())
        self.clock += timedelta(microseconds=int(step / timedelta(microseconds=1)))
        if self.chance(0.05):
            after = amsterdam_day(self.clock) + DAY
            midnight = datetime(after.year, after.month, after.day, tzinfo=oracle.AMSTERDAM).astimezone(UTC)
            self.clock = midnight - self.rng.choice((0, 1)) * timedelta(microseconds=1)
        elif self.chance(0.3):
            self.clock = max(self.clock.replace(microsecond=0), self.log.events[-1].recorded_at if self.log.events else BEGIN)

    # -- what counts now -----------------------------------------------------------------------------------------------------
    def timeline(self, t: str) -> Timeline:
        stream = self.log.streams.get(t)
        return Timeline(self.home[t], stream.counting.values() if stream else (), len(stream.events) if stream else 0)

    def window(self, tl: Timeline) -> tuple[date, date]:
        """The days on which most events of a trajectory may lie now."""
        start = tl.intake.occurred_on if tl.intake else self.today
        return start, min(self.today, tl.outflow.occurred_on) if tl.outflow else self.today

    # -- lines ---------------------------------------------------------------------------------------------------------------
    def event(self, t: str, event_type: str, day: date, data: dict, **more) -> dict:
        line = {"event_id": self.uuid(), "trajectory_id": t, "organisation": self.home[t], "type": event_type, "occurred_on": day.isoformat(),
                "data": data}
        if self.chance(0.1):
            line["correlation_id"] = self.rng.choice(self.pool)
        if self.chance(0.1):
            line["causation_id"] = self.rng.choice(self.pool)
        if self.chance(0.5):
            line["actor"] = self.rng.choice(("coach-1", "Jan de Vries", "🙂"))
        if self.chance(0.1):
            line["schema"] = Number("1")
        if self.chance(0.1):
            line["revision"], line["position"] = Number(str(self.rng.randrange(1, 99))), Number("1")
        if self.chance(0.03):
            line["source_recorded_at"] = "2020-02-29T23:59:59.5Z"
        return line | more

    def some(self, **fields: Callable) -> dict:
        """Each optional field is there or not."""
        return {name: make() for name, make in fields.items() if self.chance(0.7)}

    def conditions(self, start: date, nullable: bool = False) -> dict:
        pick = self.rng.choice
        good = self.chance(0.5)                     # mostly sustainable, so that one boundary decides
        found = self.some(
            regular_workplace=lambda: good or self.chance(0.6),
            hours_per_week=lambda: Number(pick(HOURS[2:] if good else HOURS)),
            wage_value_percent=lambda: Number(pick(WAGES[3:] if good else WAGES)),
            contract=lambda: self.contract(start),
            sector=lambda: self.text(), employer=lambda: self.text())
        if good and not nullable:
            found = {"regular_workplace": True, "hours_per_week": Number("12"), "wage_value_percent": Number("35"),
                     "contract": self.contract(start)} | found
            if self.chance(0.15):
                found.pop(pick(list(found)))
        if nullable and found and self.chance(0.3):
            found[pick(list(found))] = None
        return found

    def contract(self, start: date) -> dict:
        roll = self.rng.random()
        if roll < 0.35:
            return {"kind": "permanent"}
        if roll < 0.45:
            return {"kind": "other"}
        last = add_months(start, 3) - DAY if roll < 0.8 else add_months(start, self.rng.choice((0, 1, 6, 12, 36)))
        return {"kind": "fixed_term", "until": max(last + self.rng.choice((-1, 0, 0, 1)) * DAY, start).isoformat()}

    def intake(self, t: str, day: Optional[date] = None, **data) -> dict:
        method = self.rng.choice(oracle.METHODS + ("ips",) * 3)
        found = {"client_id": self.client[t], "method": method, "funding": self.rng.choice(oracle.FUNDINGS), "region": self.rng.choice(REGIONS)}
        found |= self.some(scheme=lambda: self.rng.choice(SCHEMES), coach=lambda: self.rng.choice(COACHES),
                           target_group=lambda: self.rng.choice(oracle.VARIANTS), benefit=lambda: self.rng.choice(oracle.BENEFITS),
                           in_care=lambda: self.chance(0.5), label=self.text)
        if method == "ips" and self.chance(0.8):
            found["variant"] = self.rng.choice(oracle.VARIANTS)
        return self.event(t, "intake", day or self.day(self.today - 200 * DAY, self.today), found | data)

    def contact(self, t: str, day: date) -> dict:
        data = {"with": self.rng.choice(("client", "employer", "employer", "care_team", "uwv", "municipality", "family")),
                "channel": self.rng.choice(("in_person", "phone", "video", "message"))}
        data |= self.some(minutes=lambda: Number(self.rng.choice(("1", "30", "1440"))), note=self.text)
        return self.event(t, "contact", day, data)

    def start(self, t: str, kind: str, day: date, thing_id: Optional[str] = None) -> dict:
        id_field, start_type, _, _ = oracle.THINGS[kind]
        data: dict = {id_field: thing_id or (self.rng.choice(self.pool) if self.chance(0.08) else self.uuid())}
        if kind == "job":
            data |= self.conditions(day)
        elif kind == "placement":
            data["kind"] = self.rng.choice(oracle.PLACEMENT_KINDS)
        else:
            data |= self.some(level=lambda: self.rng.choice(("mbo-2", "hbo")))
        return self.event(t, start_type, day, data)

    def stop(self, t: str, kind: str, thing_id: str, day: date) -> dict:
        id_field, _, stop_type, _ = oracle.THINGS[kind]
        data = {id_field: thing_id}
        data |= self.some(completed=lambda: self.chance(0.5)) if kind == "education" else self.some(reason=self.text)
        return self.event(t, stop_type, day, data)

    def change(self, t: str, job: Event, day: date) -> dict:
        conditions = self.conditions(job.occurred_on, nullable=True) or {"hours_per_week": Number("12")}
        return self.event(t, "paid_work_changed", day, {"job_id": job.data["job_id"]} | conditions)

    def trajectory_change(self, t: str, tl: Timeline, day: date) -> dict:
        pick = self.rng.choice
        data = self.some(funding=lambda: pick(oracle.FUNDINGS), region=lambda: pick(REGIONS),
                         scheme=lambda: pick(SCHEMES + (None,)), coach=lambda: pick(COACHES + (None,)),
                         target_group=lambda: pick(oracle.VARIANTS + (None,)), benefit=lambda: pick(oracle.BENEFITS + (None,)),
                         in_care=lambda: pick((True, False, None)), label=lambda: pick((self.text(), None)))
        if tl.intake and tl.intake.data["method"] == "ips":
            data |= self.some(variant=lambda: pick(oracle.VARIANTS + (None,)))
        elif self.chance(0.2):
            data["variant"] = None
        return self.event(t, "trajectory_changed", day, data or {"funding": pick(oracle.FUNDINGS)})

    def outflow(self, t: str, day: date) -> dict:
        data = self.some(reason=lambda: self.rng.choice(("werk", "verhuisd")), work_ready=lambda: self.chance(0.6))
        return self.event(t, "outflow", day, data)

    def retraction(self, t: str, event_id: str, day: Optional[date] = None) -> dict:
        return self.event(t, "retraction", day or self.today - self.rng.choice((0, 0, 1, 30)) * DAY,
                          {"event_id": event_id, "reason": self.text()})

    def correction(self, t: str, target: Event, tl: Timeline) -> dict:
        """The same event with another day or other data, in the place of the one that counts."""
        data = oracle.export_event(target)["data"]
        low, high = self.window(tl)
        day = target.occurred_on
        if self.chance(0.6):
            day = self.near(day, date(2020, 1, 1), self.today) if self.chance(0.5) else self.day(min(low, day), high)
        if target.type == "intake":
            fresh = self.intake(t)["data"]
            keep = self.rng.choice((("client_id", "method"), ("client_id", "method"), ("client_id",)))
            data = fresh | {k: data[k] for k in keep}
            if data["method"] != "ips":
                data.pop("variant", None)
        elif target.type == "paid_work_started":
            data = {"job_id": data["job_id"]} | self.conditions(day)
        elif target.type == "paid_work_changed":
            data = {"job_id": data["job_id"]} | (self.conditions(day, nullable=True) or {"sector": None})
        elif target.type == "placement_started":
            data = data | {"kind": self.rng.choice(oracle.PLACEMENT_KINDS)}
        elif target.type == "trajectory_changed":
            data = self.trajectory_change(t, tl, day)["data"]
        elif target.type == "outflow":
            data = self.outflow(t, day)["data"]
        return self.event(t, target.type, day, data, corrects=target.event_id)

    # -- sensible moves --------------------------------------------------------------------------------------------------------
    def sensible(self, t: str) -> dict:
        """A move that is mostly accepted."""
        tl = self.timeline(t)
        if not tl.intake:
            return self.intake(t)
        low, high = self.window(tl)
        moves: list[tuple[float, Callable[[], dict]]] = [
            (1.5, lambda: self.contact(t, self.day(low - 20 * DAY, high))),
            (0.7, lambda: self.event(t, "engagement", self.day(low - 5 * DAY, high), {
                "wish": self.rng.choice(("paid_work", "education", "unpaid_work", "explore"))} | self.some(goals=self.text))),
            (0.7, lambda: self.event(t, "assessment", self.day(low - 5 * DAY, high), self.some(
                sectors=lambda: [self.text() for _ in range(self.rng.choice((0, 1, 3, 50)))],
                max_hours_per_week=lambda: Number(self.rng.choice(HOURS)), profile=self.text))),
            (2.5, lambda: self.trajectory_change(t, tl, self.day(low, high))),
            (3.0, lambda: self.sensible_start(t, low, high)),
            (0.15 if self.calm[t] else 0.5, lambda: self.sensible_outflow(t, tl, low, high)),
            (1.5, lambda: self.correction(t, self.rng.choice(tl.events), tl)),
            (0.7, lambda: self.retraction(t, self.rng.choice(tl.events[-8:]).event_id)),
        ]
        for kind in oracle.THINGS:
            things = tl.things(kind)
            opened = [x for x in things if x.stopped is None]
            if opened:
                moves.append((1.0, lambda kind=kind, x=self.rng.choice(opened): self.stop(
                    t, kind, x.thing_id, self.day(x.started, high + (DAY if self.chance(0.5) else 0 * DAY)))))
            if kind == "job" and things:
                moves.append((3.5, lambda x=self.rng.choice(things): self.change(
                    t, x.start, self.day(x.started, min(high, x.stopped) if x.stopped else high))))
        weights, makers = zip(*moves)
        return self.rng.choices(makers, weights)[0]()

    def sensible_start(self, t: str, low: date, high: date) -> dict:
        kind = self.rng.choice(("job", "job", "job", "placement", "placement", "education"))
        roll = self.rng.random()
        if roll < 0.25:
            day = self.near(add_months(low, self.rng.choice((0, 3, 9))), low - 400 * DAY, high)
        elif roll < 0.5:
            day = self.day(low - 400 * DAY, low)
        else:
            day = self.day(low, high)
        return self.start(t, kind, day)

    def sensible_outflow(self, t: str, tl: Timeline, low: date, high: date) -> dict:
        if tl.outflow:
            return self.correction(t, tl.outflow, tl)
        last = max(e.occurred_on for e in tl.events)
        jobs = tl.things("job")
        day = self.day(max(low, last - DAY), high)
        if jobs and self.chance(0.5):               # six or twelve months after a job began
            day = max(self.near(add_months(self.rng.choice(jobs).started, self.rng.choice((6, 12))), low, high), last)
        return self.outflow(t, min(day, self.today))

    # -- nasty moves -------------------------------------------------------------------------------------------------------------
    def nasty_move(self, t: str) -> dict:
        """A move that mostly breaks one rule."""
        tl = self.timeline(t)
        low, high = self.window(tl)
        e = self.sensible(t)
        pick = self.rng.choice
        stream = self.log.streams.get(t)
        gone = [x for x in stream.events if x.event_id not in stream.counting and x.type != "retraction"] if stream else []
        retractions = [x for x in stream.events if x.type == "retraction"] if stream else []

        def reuse() -> dict:
            if self.log.events and self.chance(0.7):
                return e | {"event_id": pick(self.log.events).event_id}
            return e | {"event_id": pick(self.sent)["event_id"]} if self.sent else e

        def repeat() -> dict:
            return dict(pick(self.sent)) if self.sent else e

        def repeat_changed() -> dict:
            """The same id again with one thing of its content different, or only with what is no content."""
            texts = {"label", "goals", "profile", "sector", "employer", "note"}
            again = dict(pick(self.sent)) if self.sent else dict(e)
            change = pick(("occurred_on", "organisation", "correlation_id", "actor", "schema", "data", "position", "corrects", "erased"))
            if self.chance(0.25):
                change = "erased"
                again = dict(pick([x for x in self.sent if x["data"].keys() & texts] or [again]))
            if change == "occurred_on":
                again[change] = self.day(date(2023, 1, 1), self.today).isoformat()
            elif change == "organisation":
                again[change] = pick(ORGANISATIONS)
            elif change in ("correlation_id", "corrects"):
                again[change] = pick(self.pool)
            elif change == "actor":
                again[change] = "someone else"
            elif change == "schema":
                again[change] = Number("1")
            elif change == "position":
                again[change] = Number("77")
            elif change == "erased":
                again["data"] = {k: ERASED if k in texts and isinstance(v, str) else v for k, v in again["data"].items()}
            else:
                again["data"] = dict(e["data"]) if again["type"] == e["type"] else again["data"]
            return again

        def other_organisation() -> dict:
            return e | {"organisation": pick([o for o in ORGANISATIONS if o != self.home[t]])}

        def backwards() -> dict:
            return e | {"recorded_at": self.clock - pick((timedelta(microseconds=1), timedelta(days=3)))}

        def future_recorded() -> dict:
            return e | {"recorded_at": datetime(2099, 1, 1, tzinfo=UTC)}

        def in_future() -> dict:
            stop = [k for k in oracle.THINGS if any(x.stopped is None for x in tl.things(k))]
            ahead = pick((1, 1, 2, 3000)) if self.recorded else 30000
            if stop and not tl.outflow and self.chance(0.5):
                kind = pick(stop)
                thing = pick([x for x in tl.things(kind) if x.stopped is None])
                return self.stop(t, kind, thing.thing_id, self.today + ahead * DAY)
            return e | {"occurred_on": (self.today + ahead * DAY).isoformat()}

        def wrong_value() -> dict:
            which = self.rng.randrange(9)
            if which == 0:
                return self.event(t, "assessment", high, {"max_hours_per_week": Number(pick(WRONG_HOURS))})
            if which == 1:
                return self.event(t, "assessment", high, {"sectors": ["x"] * pick((50, 51))})
            if which == 2:
                return self.event(t, "paid_work_started", high, {"job_id": self.uuid(), "hours_per_week": Number(pick(WRONG_HOURS))})
            if which == 3:
                return self.event(t, "paid_work_started", high, {"job_id": self.uuid(), "wage_value_percent": Number(pick(WRONG_WAGES))})
            if which == 4:
                return self.contact(t, high) | {"data": {"with": "client", "channel": "phone", "minutes": Number(pick(("0", "1441", "-1", "1440")))}}
            if which == 5:
                return self.event(t, "trajectory_changed", high, {"region": pick(("AM04", "am18", "AM39", "", "AM16", "AM31"))})
            if which == 6:
                return self.event(t, "engagement", high, {"wish": "explore", "goals": pick(WRONG_TEXTS + TEXTS[-2:])})
            if which == 7:
                return pick((self.event(t, "trajectory_changed", high, {}), self.event(t, "paid_work_changed", high, {"job_id": pick(self.pool)})))
            if tl.intake:
                return self.intake(t, low, client_id=pick(self.pool)) | {"corrects": tl.intake.event_id}
            return self.intake(t, low, client_id=pick(self.pool))

        def not_effective() -> dict:
            target = pick([x.event_id for x in gone] + [x.event_id for x in retractions] + [self.uuid(), e["event_id"]]
                          + [x.event_id for x in self.log.events[-3:]])
            if self.chance(0.5):
                return self.retraction(t, target)
            return e | {"corrects": target}

        def other_type() -> dict:
            if tl.events and self.chance(0.9):
                return e | {"corrects": pick(tl.events).event_id}
            if tl.events:
                return self.retraction(t, pick(tl.events).event_id) | {"corrects": pick(tl.events).event_id}
            return e

        def second() -> dict:
            return self.intake(t) if self.chance(0.5) else self.outflow(t, self.day(low, self.today))

        def before_start() -> dict:
            day = low - pick((1, 1, 30)) * DAY
            return self.trajectory_change(t, tl, day) if self.chance(0.5) else self.outflow(t, day)

        def around_outflow() -> dict:
            """On the outflow day, the day after and the one after that: stops and everything else."""
            if not tl.outflow:
                return self.outflow(t, self.day(low, self.today)) if self.chance(0.4) else self.contact(t, high)
            day = tl.outflow.occurred_on + pick((0, 1, 1, 2)) * DAY
            opened = [(k, x) for k in oracle.THINGS for x in tl.things(k) if x.stopped is None]
            if opened and self.chance(0.7):
                kind, thing = pick(opened)
                return self.stop(t, kind, thing.thing_id, day)
            if self.chance(0.3):
                return self.correction(t, tl.intake, tl) | {"occurred_on": day.isoformat()}
            return (e if e["type"] != "outflow" else self.contact(t, day)) | {"occurred_on": day.isoformat()}

        def variant() -> dict:
            if tl.intake and self.chance(0.7):
                return self.event(t, "trajectory_changed", high, {"variant": pick(oracle.VARIANTS + (None,))})
            made = self.intake(t, variant=pick(oracle.VARIANTS), method=pick(oracle.METHODS))
            return made | {"corrects": tl.intake.event_id} if tl.intake else made

        def unknown_thing() -> dict:
            kind = pick(tuple(oracle.THINGS))
            ids = self.pool + [x.thing_id for k in oracle.THINGS for x in tl.things(k)]
            if self.chance(0.3):
                return self.event(t, "paid_work_changed", high, {"job_id": pick(ids), "hours_per_week": Number("20")})
            return self.stop(t, kind, pick(ids), high)

        def duplicate() -> dict:
            things = [(k, x) for k in oracle.THINGS for x in tl.things(k)]
            if not things:
                return self.start(t, pick(tuple(oracle.THINGS)), high, pick(self.pool))
            kind, thing = pick(things)
            made = self.start(t, pick((kind, kind, "job")), self.day(low, high), thing.thing_id)
            if len(things) > 1 and self.chance(0.4):           # a correction that takes the id of another
                others = [x for k, x in things if x.thing_id != thing.thing_id and oracle.THINGS[k][1] == made["type"]]
                if others:
                    made["corrects"] = pick(others).start.event_id
            return made

        def around_thing() -> dict:
            """Stops and changes before the start, on it, after the stop; a late stop before a change; a second stop."""
            things = [(k, x) for k in oracle.THINGS for x in tl.things(k)]
            if not things:
                return self.start(t, "job", high)
            kind, thing = pick([x for x in things if x[0] == "job"] or things)
            at = thing.stopped if thing.stopped and self.chance(0.7) else thing.started
            day = min(at + pick((-1, 0, 1)) * DAY, self.today)
            if kind == "job" and self.chance(0.5):
                return self.change(t, thing.start, day)
            if thing.stopped and self.chance(0.3):
                stop = next(x for x in tl.events if x.type in oracle.STOPS and x.thing_id == thing.thing_id and x.thing_kind == kind)
                return self.stop(t, kind, thing.thing_id, day) | {"corrects": stop.event_id}
            if thing.changes and self.chance(0.4):
                day = pick(thing.changes).occurred_on + pick((-1, 0)) * DAY
            return self.stop(t, kind, thing.thing_id, day)

        def contract_before() -> dict:
            jobs = tl.things("job")
            if jobs and self.chance(0.6):
                job = pick(jobs)
                until = job.started + pick((-1, -1, 0)) * DAY
                return self.event(t, "paid_work_changed", self.day(job.started, high), {
                    "job_id": job.thing_id, "contract": {"kind": "fixed_term", "until": until.isoformat()}})
            if jobs and self.chance(0.5):           # the start moves past the contract's end
                job = pick(jobs)
                return self.correction(t, job.start, tl) | {"occurred_on": self.today.isoformat()}
            until = high + pick((-1, -1, 0)) * DAY
            return self.event(t, "paid_work_started", high, {"job_id": self.uuid(), "contract": {"kind": "fixed_term", "until": until.isoformat()}})

        def breaking() -> dict:
            """Retracts or moves something on which others rest, or ends the trajectory before something."""
            roots = [x for x in tl.events if x.type in oracle.STARTS or x.type in ("intake", "outflow")]
            if not roots:
                return e
            if self.chance(0.25) and not tl.outflow:
                return self.outflow(t, self.day(low, max(x.occurred_on for x in tl.events)))
            root = pick(roots)
            if self.chance(0.5):
                return self.retraction(t, root.event_id)
            if self.chance(0.2) and root.type == "intake":
                return self.correction(t, root, tl) | {"data": self.intake(t, low, method=pick(oracle.METHODS[1:]))["data"] | {"variant": "epa"}}
            return self.correction(t, root, tl) | {"occurred_on": self.day(low, self.today).isoformat()}

        makers = [reuse, repeat, repeat, repeat_changed, other_organisation, in_future, wrong_value, not_effective, other_type, second,
                  before_start, around_outflow, around_outflow, variant, unknown_thing, duplicate, duplicate, around_thing, around_thing,
                  contract_before, breaking, breaking]
        if self.recorded:
            makers += [backwards, future_recorded]
        return pick(makers)()

    # -- decisions -----------------------------------------------------------------------------------------------------------------
    def decision(self, t: str) -> list[dict]:
        """Lines that are judged together, right or wrong."""
        tl = self.timeline(t)
        low, high = self.window(tl)
        pick = self.rng.choice
        things = [(k, x) for k in oracle.THINGS for x in tl.things(k)]

        def together() -> list[dict]:
            """An intake with what goes with it, in any order."""
            lines = [self.intake(t)] if not tl.intake else []
            lines += [self.contact(t, high), self.event(t, "engagement", high, {"wish": "paid_work"}), self.event(t, "assessment", high, {})]
            self.rng.shuffle(lines)
            return lines

        def undo_thing() -> list[dict]:
            """A thing that never was: its changes and its stop retracted with it, in any order; sometimes one is forgotten."""
            if not things:
                return together()
            kind, thing = pick(things)
            of_it = [x for x in tl.events if x.thing_kind == kind and x.thing_id == thing.thing_id]
            if len(of_it) > 1 and self.chance(0.25):
                of_it.remove(pick(of_it))
            self.rng.shuffle(of_it)
            return [self.retraction(t, x.event_id) for x in of_it]

        def replace_start() -> list[dict]:
            """The start retracted and recorded anew under the same id; changes and stop stay."""
            if not things:
                return together()
            kind, thing = pick(things)
            lines = [self.retraction(t, thing.start.event_id), self.start(t, kind, self.near(thing.started, low - 400 * DAY, high), thing.thing_id)]
            return lines[::pick((1, 1, -1))]

        def replace_intake() -> list[dict]:
            if not tl.intake:
                return together()
            data = {} if self.chance(0.8) else {"client_id": self.uuid()}
            lines = [self.retraction(t, tl.intake.event_id), self.intake(t, self.near(low, low - 5 * DAY, self.today), **data)]
            return lines[::pick((1, 1, -1))]

        def reopen() -> list[dict]:
            """The outflow retracted or moved, and something after it."""
            if not tl.outflow:
                return [self.outflow(t, self.today), self.contact(t, self.day(low, self.today))]
            out = tl.outflow
            first = self.retraction(t, out.event_id) if self.chance(0.5) else self.outflow(t, self.today) | {"corrects": out.event_id}
            lines = [first, self.contact(t, self.day(out.occurred_on, self.today))]
            if self.chance(0.4):
                lines.append(self.outflow(t, self.today))
            if self.chance(0.3):
                lines.reverse()
            return lines

        def stop_then_start() -> list[dict]:
            kind = pick(tuple(oracle.THINGS))
            start = self.start(t, kind, self.day(low, high))
            thing_id = start["data"][oracle.THINGS[kind][0]]
            day = min(date.fromisoformat(start["occurred_on"]) + pick((-1, 0, 0, 1, 90)) * DAY, high)
            lines = [self.stop(t, kind, thing_id, day), start]
            if kind == "job" and self.chance(0.5):
                job = oracle.parse_event(oracle.parse_json(encode(start, None)))
                lines.insert(0, self.change(t, job, day))
            return lines

        def sequel() -> list[dict]:
            """An event and its correction or retraction in one decision; the first may be wrong."""
            first = self.sensible(t) if self.chance(0.6) else self.nasty_move(t)
            then = first | {"event_id": self.uuid(), "corrects": first["event_id"]} if self.chance(0.4) else self.retraction(t, first["event_id"])
            return [first, then] if self.chance(0.9) else [then, first]

        def several() -> list[dict]:
            return [self.sensible(t) for _ in range(self.rng.randrange(2, 5))]

        def one_wrong() -> list[dict]:
            lines = several()[:2] + [self.nasty_move(t)]
            self.rng.shuffle(lines)
            return lines

        def partly_there() -> list[dict]:
            """Lines that the log has already, and new ones."""
            there = [x for x in self.sent if x["trajectory_id"] == t and x["event_id"] in self.log.by_id]
            lines = [dict(x) for x in self.rng.sample(there, min(len(there), 2))] + several()[:pick((1, 2))]
            if self.chance(0.3):
                lines.append(self.nasty_move(t))
            return lines

        def doubled() -> list[dict]:
            lines = several()[:2]
            return lines + [dict(pick(lines))]

        def two_ends() -> list[dict]:
            lines = [self.outflow(t, self.today), self.outflow(t, self.today)] if tl.intake else [self.intake(t), self.intake(t)]
            return lines + [self.contact(t, high)]

        lines = pick((together, undo_thing, undo_thing, replace_start, replace_start, replace_intake, reopen, reopen, stop_then_start,
                      stop_then_start, sequel, several, several, one_wrong, partly_there, doubled, two_ends))()
        lines = [x for x in lines if x["trajectory_id"] == t]          # a decision is of one stream
        if not lines:
            return [self.sensible(t)]
        mark = lines[0]["event_id"] if self.chance(0.9) else self.uuid()
        return [line | {"decision": mark} for line in lines]

    # -- all of it -------------------------------------------------------------------------------------------------------------------
    def generate(self) -> list[bytes]:
        while len(self.sent) < self.wanted:
            self.tick()
            t = self.rng.choice(self.trajectories)
            if self.chance(0.08 if self.calm[t] else 0.15):
                group = self.decision(t)
            elif self.chance(self.nasty * (0.3 if self.calm[t] else 1)):
                group = [self.nasty_move(t)]
            else:
                group = [self.sensible(t)]
                if self.chance(0.02):
                    group[0]["decision"] = group[0]["event_id"]        # a decision of one
            self.send(group)
        return self.lines

    def send(self, group: list[dict]) -> None:
        spread = self.chance(0.05)
        for line in group:
            line.setdefault("recorded_at", self.clock)
            if isinstance(line["recorded_at"], str):
                line["recorded_at"] = oracle.parse_timestamp(line["recorded_at"])
            if spread:
                self.clock += timedelta(microseconds=1)
        events = []
        for line in group:
            if self.chance(0.02):
                self.lines.append(self.rng.choice((b"", b"  ", b"\t", b"\r")))
            shown = line if self.recorded else {k: v for k, v in line.items() if k != "recorded_at"}
            self.lines.append(encode(shown, self.rng))
            events.append(oracle.parse_event(oracle.parse_json(encode(line, None)), len(self.lines)))
            self.sent.append({k: v for k, v in line.items() if k not in ("decision", "recorded_at")}
                             | ({"recorded_at": line["recorded_at"]} if self.chance(0.3) else {}))
        for decided in oracle.decisions(events):
            self.log.take(decided, NOW, "keep", self.result)


def encode(line: dict, rng: Optional[random.Random]) -> bytes:
    """One line; with a random source in one of the many ways in which the same can be written."""
    line = {k: v.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(v, datetime) else v for k, v in line.items()}
    if rng is None:
        return oracle.dumps(line).encode()
    if "recorded_at" in line and rng.random() < 0.3:
        line["recorded_at"] = other_writing(oracle.parse_timestamp(line["recorded_at"]), rng)
    if rng.random() < 0.1:
        for name in ("event_id", "trajectory_id", "corrects", "decision"):
            if name in line and rng.random() < 0.5:
                line[name] = line[name].upper()
    if rng.random() < 0.2:
        names = list(line)
        rng.shuffle(names)
        line = {name: line[name] for name in names}
    return (spaced(line) if rng.random() < 0.1 else oracle.dumps(line)).encode()


def spaced(value: Any) -> str:
    """JSON with blanks wherever they may stand, and every text escaped to ASCII."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{ " + " , ".join(f"{json.dumps(k)} :\t{spaced(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[ " + " , ".join(map(spaced, value)) + " ]"
    return json.dumps(value)


def other_writing(moment: datetime, rng: random.Random) -> str:
    """The same moment with another offset and no more digits than it needs."""
    hours, minutes = rng.choice(((2, 0), (1, 0), (-5, 30), (14, 0), (0, 0)))
    sign = 1 if hours >= 0 else -1
    local = moment + timedelta(hours=hours, minutes=sign * minutes)
    fraction = f"{moment.microsecond:06}".rstrip("0")
    return local.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if fraction else "") + f"{'+' if sign > 0 else '-'}{abs(hours):02}:{minutes:02}"


# == Malformed lines ====================================================================================================

def malform(raw: bytes, rng: random.Random) -> bytes:
    """The same line with one fault of form."""
    line = json.loads(raw, parse_float=Number, parse_int=Number)
    data = line["data"]

    def put(name, value):
        return {**line, name: value}

    def in_data(name, value):
        return {**line, "data": {**data, name: value}}

    wrong = [
        lambda: raw[:-1], lambda: raw + b"}", lambda: b"[" + raw + b"]", lambda: b"null", lambda: b"not json", lambda: b"\xef\xbb\xbf" + raw,
        lambda: raw[:-1] + b',"event_id":"' + line["event_id"].encode() + b'"}',
        lambda: raw[:-1] + b',"actor":"\xff\xfe"}' if "actor" not in line else raw[:-1],
        lambda: raw[:-1] + b',"actor":"\\ud800"}' if "actor" not in line else raw[:-1],
        lambda: put("event_id", line["event_id"].replace("-", "")), lambda: put("event_id", "{" + line["event_id"] + "}"),
        lambda: put("trajectory_id", line["trajectory_id"] + "0"), lambda: put("organisation", "Upper"), lambda: put("organisation", ""),
        lambda: put("organisation", "a" * 65), lambda: put("organisation", "-a"), lambda: put("organisation", None),
        lambda: put("type", "client_erased"), lambda: put("type", "advice_given"), lambda: put("type", "Intake"), lambda: put("type", Number("1")),
        lambda: put("occurred_on", "2025-02-29"), lambda: put("occurred_on", "2025-1-01"), lambda: put("occurred_on", "2025-01-01T00:00:00Z"),
        lambda: put("occurred_on", "20250101"), lambda: put("corrects", None), lambda: put("correlation_id", "x"), lambda: put("causation_id", None),
        lambda: put("actor", None), lambda: put("actor", Number("5")), lambda: put("schema", Number("2")), lambda: put("schema", Number("0")),
        lambda: put("schema", Number("1.0")), lambda: put("schema", "1"), lambda: put("schema", None), lambda: put("data", None),
        lambda: put("data", []), lambda: put("data", {}) if line["type"] in ("intake", "retraction", "contact", "engagement") else raw[:-1],
        lambda: put("colour", "red"), lambda: in_data("colour", "red"), lambda: put("decision", "no"), lambda: put("decision", None),
        lambda: {k: v for k, v in line.items() if k != rng.choice(("event_id", "trajectory_id", "organisation", "type", "occurred_on", "data"))},
        lambda: put("recorded_at", "2025-01-01T00:00:00.1234567Z"), lambda: put("recorded_at", "2025-01-01T00:00:00"),
        lambda: put("recorded_at", "2025-01-01"), lambda: put("recorded_at", "2025-02-30T00:00:00Z"), lambda: put("recorded_at", None),
        lambda: put("source_recorded_at", "yesterday"),
        # a line that differs from the first in whether it has recorded_at
        lambda: {k: v for k, v in line.items() if k != "recorded_at"} if "recorded_at" in line else put("recorded_at", "2024-01-01T00:00:00Z"),
    ]
    if line["type"] in ("paid_work_started", "paid_work_changed"):
        wrong += [lambda: in_data("hours_per_week", Number("12.345")), lambda: in_data("hours_per_week", "12"), lambda: in_data("job_id", None),
                  lambda: in_data("contract", {"kind": "fixed_term"}), lambda: in_data("contract", {"kind": "permanent", "until": "2025-01-01"}),
                  lambda: in_data("contract", {"kind": "forever"}), lambda: in_data("contract", {"kind": "fixed_term", "until": None}),
                  lambda: in_data("regular_workplace", "yes"), lambda: in_data("regular_workplace", Number("1"))] * 3
    if line["type"] == "paid_work_started":
        wrong += [lambda: in_data("hours_per_week", None), lambda: in_data("contract", None), lambda: in_data("sector", {"erased": False})]
    if line["type"] == "contact":
        wrong += [lambda: in_data("minutes", Number("30.0")), lambda: in_data("minutes", Number("30.5")), lambda: in_data("with", "friend"),
                  lambda: in_data("note", None), lambda: in_data("note", {"erased": True, "x": Number("1")})] * 3
    if line["type"] == "trajectory_changed":
        wrong += [lambda: in_data("funding", None), lambda: in_data("region", None), lambda: in_data("method", "ips"),
                  lambda: in_data("client_id", line["event_id"])] * 3
    if line["type"] == "intake":
        wrong += [lambda: in_data("variant", None), lambda: in_data("benefit", "none of these"), lambda: in_data("region", Number("18")),
                  lambda: in_data("in_care", None), lambda: in_data("scheme", "Has Space"), lambda: in_data("client_id", "me")] * 3
    made = rng.choice(wrong)()
    return made if isinstance(made, bytes) else oracle.dumps(made).encode()


def random_log(seed: int, events: int, malformed: bool = False, recorded: bool = True, nasty: Optional[float] = None) -> bytes:
    lines = Generator(seed, events, recorded, nasty).generate()
    if malformed:
        rng = random.Random(f"malformed {seed}")
        full = [i for i, line in enumerate(lines) if line.strip()]
        for i in rng.sample(full[1:], max(1, min(len(full) // 20, 30))):       # the first line says how the others must be
            lines[i] = malform(lines[i], rng)
    return b"\n".join(lines) + (b"\n" if seed % 2 else b"")


def parse_seeds(argument: str) -> range:
    first, _, last = argument.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--malformed", action="store_true", help="some lines have a fault of form")
    parser.add_argument("--no-recorded-at", action="store_true", help="the lines bring no recorded_at")
    parser.add_argument("--nasty", type=float, help="the share of moves that mean to break a rule")
    parser.add_argument("--codes", action="store_true", help="print how often each code occurs instead")
    parser.add_argument("--seeds", default="0-19", help="for --codes")
    a = parser.parse_args()
    if not a.codes:
        sys.stdout.buffer.write(random_log(a.seed, a.events, a.malformed, not a.no_recorded_at, a.nasty))
        return 0
    codes: Counter = Counter()
    for seed in parse_seeds(a.seeds):
        result = Log().import_bytes(random_log(seed, a.events, a.malformed, not a.no_recorded_at, a.nasty), NOW)
        codes.update(r.code for r in result.refusals)
        codes.update({"(imported)": result.imported, "(already present)": result.already_present, "(lines refused)": result.refused})
    for code, n in sorted(codes.items()):
        print(f"{n:8} {code}")
    wanted = {"malformed"} if a.malformed else set(oracle.RULES_10_TO_19) | {
        "event_id_reused", "organisation_mismatch", "in_future", "invalid_value", "not_effective", "correction_type_mismatch",
        "retraction_breaks_timeline", "correction_breaks_timeline"} | (set() if a.no_recorded_at else {"recorded_at_backwards", "recorded_at_in_future"})
    for code in sorted(wanted - set(codes)):
        print(f"{'never':>8} {code}")
    return 1 if wanted - set(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
