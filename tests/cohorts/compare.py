#!/usr/bin/env python3
"""Holds `trajectlog questions` beside a second implementation: what each trajectory amounts to comes from tests/peer/oracle.py, written from the contract
alone, and every curve from the package lifelines. Both read the log's export.

    compare.py --bin target/release/trajectlog --data DIR --quarter 2025Q1 [--scope region:AM18]

Prints how many numbers were compared; exit code 1 when one differs, which is then named.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import warnings
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

from lifelines import KaplanMeierFitter
from lifelines.exceptions import StatError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peer"))
import oracle  # noqa: E402

METHODS = ("ips", "wabz", "naar_werk", "other")
EVERY_METHOD = ("ips", "wabz", "jobcoaching", "werkfit", "naar_werk", "other")
MONTHS = (3, 6, 9, 12, 18, 24, 30, 36)
DAY_OF = {month: math.floor(month * 365.25 / 12 + 0.5) for month in MONTHS}
NEAR = 2e-6


class Compared:
    """Counts what was compared, and keeps what differs."""

    def __init__(self) -> None:
        self.numbers, self.differ, self.by_hand = 0, [], []

    def same(self, name: str, want, found) -> None:
        self.numbers += 1
        if isinstance(want, float) and isinstance(found, (int, float)):
            equal = math.isclose(want, found, abs_tol=NEAR)
        else:
            equal = want == found
        if not equal:
            self.differ.append(f"{name}: {want} by the second implementation, {found} by the program")


class Life:
    """A trajectory of the oracle, and until when it is observed."""

    def __init__(self, t: oracle.Timeline, until: date) -> None:
        self.t, self.start = t, t.intake.occurred_on
        self.client = t.intake.data["client_id"]
        self.method = t.intake.data["method"]
        self.last = oracle.reference_day(t, until)
        self.jobs, self.unpaid, self.educations = t.things("job"), t.things("placement"), t.things("education")
        self.outflow = t.outflow.occurred_on if t.outflow else None

    def wait(self) -> tuple[int, int, bool] | None:
        days = [max(job.started, self.start) for job in self.jobs if job.active(max(job.started, self.start))]
        found = min((day for day in days if day <= self.last), default=None)
        if found == self.start:
            return None
        return (0, ((found or self.last) - self.start).days, found is not None)

    def groups(self) -> dict[str, tuple[int, int, bool]]:
        wait = self.wait()
        if any(one.started < self.start and one.active(self.start) for one in self.unpaid):
            return {"before": wait}
        began = min(((one.started - self.start).days for one in self.unpaid if one.started >= self.start), default=None)
        if began is not None and began < wait[1]:
            return {"without": (0, began, False), "during": (began, wait[1], wait[2])}
        return {"without": wait}


def of_scope(life: Life, scope: dict, until: date) -> bool:
    return (life.start <= until and scope.get("organisation", life.t.organisation) == life.t.organisation
            and scope.get("region") in (None, life.t.attributes(life.last)["region"]))


def check_curve(compared: Compared, name: str, waits: list[tuple[int, int, bool]], found: dict) -> None:
    compared.same(f"{name}.observed", len(waits), found["observed"])
    compared.same(f"{name}.happened", sum(happened for *_, happened in waits), found["happened"])
    if not waits:
        compared.same(f"{name}.steps", [], found["steps"])
        return
    late = any(entry for entry, *_ in waits)
    ends, happened = [end for _, end, _ in waits], [happened for *_, happened in waits]
    try:
        fitted = KaplanMeierFitter().fit(ends, happened, entry=[entry for entry, *_ in waits] if late else None)
    except StatError:
        # The package refuses a curve on which nobody is left for a while before the last one enters; no other.
        compared.same(f"{name}.nobody_is_left", True, nobody_is_left(waits))
        compared.by_hand.append(name)
        check_by_hand(compared, name, waits, found)
        return
    table, curve, interval = fitted.event_table, fitted.survival_function_["KM_estimate"], fitted.confidence_interval_survival_function_
    steps = {step["day"]: step for step in found["steps"]}
    compared.same(f"{name}.days", sorted(int(day) for day in table.index[table["observed"] > 0]), sorted(steps))
    for day, step in steps.items():
        compared.same(f"{name}.{day}.happened", int(table.loc[day, "observed"]), step["happened"])
        compared.same(f"{name}.{day}.waiting", float(curve.loc[day]), step["waiting"])
        if not late:
            compared.same(f"{name}.{day}.at_risk", int(table.loc[day, "at_risk"]), step["at_risk"])
    median = fitted.median_survival_time_
    compared.same(f"{name}.median", None if math.isinf(median) else int(median), found["median_days"])
    check_points(compared, name, waits, found["by_month"], curve, interval)


def nobody_is_left(waits: list[tuple[int, int, bool]]) -> bool:
    later = sorted({entry for entry, *_ in waits if entry > 0})
    return any(not any(entry < day and end >= day for entry, end, _ in waits) for day in later)


def check_by_hand(compared: Compared, name: str, waits: list[tuple[int, int, bool]], found: dict) -> None:
    """A curve of which the package says nothing, worked out from its definition: whoever comes on a day is at risk from the next one on."""
    waiting, curve = Fraction(1), {}
    for day in sorted({end for _, end, happened in waits if happened}):
        at_risk = sum((entry < day or entry == 0) and end >= day for entry, end, _ in waits)
        waiting *= 1 - Fraction(sum(happened and end == day for _, end, happened in waits), at_risk)
        curve[day] = waiting
    compared.same(f"{name}.days", list(curve), [step["day"] for step in found["steps"]])
    for step in found["steps"]:
        day = step["day"]
        compared.same(f"{name}.{day}.waiting", float(curve.get(day, -1)), step["waiting"])
        compared.same(f"{name}.{day}.happened", sum(happened and end == day for _, end, happened in waits), step["happened"])
        compared.same(f"{name}.{day}.at_risk", sum((entry < day or entry == 0) and end >= day for entry, end, _ in waits), step["at_risk"])
    # When it happened to all who were there, and others come later, nothing can be said of any month.
    all_at = next((day for day, left in curve.items() if left == 0), None)
    broken = all_at is not None and any(entry >= all_at and entry > 0 for entry, *_ in waits)
    last = max(end for _, end, _ in waits)
    points = {} if broken else {
        month: (1 - next((left for day, left in reversed(curve.items()) if day <= DAY_OF[month]), Fraction(1)), sum(entry <= DAY_OF[month] < end for entry, end, _ in waits))
        for month in MONTHS if DAY_OF[month] <= last or all_at is not None
    }
    compared.same(f"{name}.months", list(points), [point["month"] for point in found["by_month"]])
    for point in found["by_month"]:
        happened, at_risk = points.get(point["month"], (None, None))
        compared.same(f"{name}.{point['month']}.happened", None if happened is None else float(happened), point["happened"])
        compared.same(f"{name}.{point['month']}.at_risk", at_risk, point["at_risk"])
    compared.same(f"{name}.median", None if broken else next((day for day, left in curve.items() if left <= Fraction(1, 2)), None), found["median_days"])


def check_points(compared: Compared, name: str, waits: list, points: list[dict], curve, interval) -> None:
    last = max(end for _, end, _ in waits)
    want = [month for month in MONTHS if DAY_OF[month] <= last or curve.iloc[-1] == 0]
    compared.same(f"{name}.months", want, [point["month"] for point in points])
    for point in points:
        day = DAY_OF[point["month"]]
        compared.same(f"{name}.{point['month']}.day", day, point["day"])
        before = curve.index[curve.index <= day]
        waiting = float(curve.loc[before[-1]])
        compared.same(f"{name}.{point['month']}.happened", 1 - waiting, point["happened"])
        compared.same(f"{name}.{point['month']}.at_risk", sum(entry <= day < end for entry, end, _ in waits), point["at_risk"])
        if 0 < waiting < 1:
            low, high = interval.loc[before[-1]]
            compared.same(f"{name}.{point['month']}.lower", 1 - float(high), point["lower"])
            compared.same(f"{name}.{point['month']}.upper", 1 - float(low), point["upper"])


def first_jobs(compared: Compared, lives: list[Life], answer: dict) -> None:
    for method in METHODS:
        found = answer["first_job"][method]
        looking = [life for life in lives if life.method == method and life.wait()]
        compared.same(f"first_job.{method}.had_one", sum(life.method == method and not life.wait() for life in lives), found["had_one"])
        check_curve(compared, f"first_job.{method}.all", [life.wait() for life in looking], found["all"])
        groups = [life.groups() for life in looking]
        for group in ("without", "before", "during"):
            check_curve(compared, f"first_job.{method}.{group}", [one[group] for one in groups if group in one], found[group])


def placements(compared: Compared, lives: list[Life], answer: dict, quarter: str, until: date) -> None:
    for method in METHODS:
        rows = {(row["started"], row["funding"]): row for row in answer["placements"][method]}
        cohorts = defaultdict(list)
        for back in range(12):
            of = oracle.quarter_back(quarter, back)
            first, last = oracle.quarter_days(of)
            for life in lives:
                if life.method == method and first <= life.start <= last:
                    for funding in ("all", life.t.attributes(life.start)["funding"]):
                        cohorts[of, funding].append(life)
        compared.same(f"placements.{method}.rows", sorted(cohorts), sorted(rows))
        for key, cohort in cohorts.items():
            row, name = rows.get(key, {}), f"placements.{method}.{key}"
            waits = [life.wait() for life in cohort if life.wait()]
            unplaced = [life for life in cohort if life.wait() and not life.wait()[2]]
            ended = sum(life.outflow is not None and life.outflow <= until for life in unplaced)
            want = {"looking_for_one": len(waits), "had_one": len(cohort) - len(waits), "found": sum(happened for *_, happened in waits), "left": ended,
                    "still_looking": len(unplaced) - ended}
            for member, number in want.items():
                compared.same(f"{name}.{member}", number, row.get(member))
            if waits and "by_month" in row:
                fitted = KaplanMeierFitter().fit([end for _, end, _ in waits], [happened for *_, happened in waits])
                check_points(compared, name, waits, row["by_month"], fitted.survival_function_["KM_estimate"], fitted.confidence_interval_survival_function_)


def following(everyone: list[Life], until: date):
    by_client = defaultdict(list)
    for life in everyone:
        if life.start <= until:
            by_client[life.client].append(life)
    return lambda life: min((one for one in by_client[life.client] if one.start > life.start), key=lambda one: one.start, default=None)


def sequels(compared: Compared, lives: list[Life], everyone: list[Life], answer: dict, quarter: str, until: date) -> None:
    following_of = following(everyone, until)
    counts, became = Counter(), Counter()
    then_first, then_last = oracle.quarter_days(oracle.quarter_back(quarter, 4))
    now_first, _ = oracle.quarter_days(quarter)
    for life in lives:
        follower = following_of(life)
        next_method = follower.method if follower else None
        if life.outflow is not None and life.outflow <= until:
            counts[life.method, next_method] += 1
        if life.start <= then_last and (life.outflow is None or life.outflow >= then_first):
            running = life.outflow is None or life.outflow >= now_first
            became[life.method, "running" if running else "followed" if follower else "ended", None if running else next_method] += 1
    compared.same("sequels", dict(counts), {(row["after"], row["next"]): row["trajectories"] for row in answer["sequels"]})
    compared.same("year_later", dict(became), {(row["method"], row["became"], row["by"]): row["trajectories"] for row in answer["year_later"]})


def alongside(compared: Compared, lives: list[Life], answer: dict, quarter: str) -> None:
    first, _ = oracle.quarter_days(quarter)
    for method in ("all", *EVERY_METHOD):
        want = Counter()
        for life in lives:
            if method not in ("all", life.method) or (life.outflow is not None and life.outflow < first):
                continue
            unpaid = [one for one in life.unpaid if one.active(life.last)]
            if not unpaid:
                continue
            job, education = (any(one.active(life.last) for one in things) for things in (life.jobs, life.educations))
            beside = {(True, True): "both", (True, False): "paid_work", (False, True): "education", (False, False): "neither"}[job, education]
            before = any(one.started < life.start for one in unpaid)
            want.update(["unpaid", beside] + ["began_before"] * before + ["neither_began_before"] * (before and beside == "neither"))
        for member, number in answer["alongside"][method].items():
            compared.same(f"alongside.{method}.{member}", want[member], number)


def durations(compared: Compared, lives: list[Life], answer: dict) -> None:
    for method in ("all", *EVERY_METHOD):
        jobs, sustainable = [], []
        for life in (life for life in lives if method in ("all", life.method)):
            for job in life.jobs:
                if not life.start <= job.started <= life.last:
                    continue
                jobs.append(lasted(job.started, job.stopped, life.last))
                days = [job.started] + [change.occurred_on for change in job.changes if change.occurred_on > job.started]
                days = [day for day in days if job.active(day)]
                first = next((day for day in days if day <= life.last and oracle.sustainable(job, day) == oracle.YES), None)
                if first is not None:
                    ends = [day for day in days if day > first and oracle.sustainable(job, day) != oracle.YES] + ([job.stopped] if job.stopped else [])
                    sustainable.append(lasted(first, min(ends, default=None), life.last))
        check_curve(compared, f"durations.{method}.jobs", jobs, answer["durations"][method]["jobs"])
        check_curve(compared, f"durations.{method}.sustainable", sustainable, answer["durations"][method]["sustainable"])


def lasted(first: date, end: date | None, last: date) -> tuple[int, int, bool]:
    seen = end is not None and end <= last
    return (0, ((end if seen else last) - first).days, seen)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--quarter", required=True)
    parser.add_argument("--scope", default="national")
    a = parser.parse_args()
    warnings.simplefilter("ignore")

    def told(*arguments: str) -> bytes:
        return subprocess.run([a.bin, "--data", a.data, *arguments], check=True, capture_output=True).stdout

    answer = json.loads(told("questions", "--quarter", a.quarter, "--scope", a.scope, "--format", "json"))
    log = oracle.Log()
    log.import_bytes(told("export"), datetime.now(UTC))
    _, until = oracle.quarter_days(a.quarter)
    everyone = [Life(t, until) for t in log.timelines(log.position_of(None)) if t.intake]
    scope = {} if a.scope == "national" else oracle.parse_scope(a.scope)
    lives = [life for life in everyone if of_scope(life, scope, until)]
    compared = Compared()
    first_jobs(compared, lives, answer)
    placements(compared, lives, answer, a.quarter, until)
    sequels(compared, lives, everyone, answer, a.quarter, until)
    alongside(compared, lives, answer, a.quarter)
    durations(compared, lives, answer)
    print(f"{a.quarter} {a.scope}: {len(lives)} trajectories, {compared.numbers} numbers compared, {len(compared.differ)} differ"
          + (f"; worked out by hand, the package having no curve: {', '.join(compared.by_hand)}" if compared.by_hand else ""))
    for line in compared.differ[:20]:
        print(f"  {line}")
    return 1 if compared.differ or not lives else 0


if __name__ == "__main__":
    sys.exit(main())
