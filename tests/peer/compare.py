#!/usr/bin/env python3
"""Holds the program against the oracle with random logs.

    python3 compare.py --bin target/release/trajectlog [--seeds 0-19] [--events 300] [--keep FOLDER] [--jobs N]

For each seed a log is made, imported by both, and every answer is compared: the last line of standard output, each refusal on standard
error, the exit code, a second import of the same file, a strict import, the export (and the import of that export), figures of several
quarters, scopes and as-of positions and moments, and the status of trajectories on several days. Seeds take turns in how they import:
    seed % 10 == 9   some lines are malformed (only the import is compared)
    seed % 10 == 7   the file brings recorded_at, and is imported with --recorded now
    seed % 10 == 8   the file brings no recorded_at
    otherwise        --recorded keep
Ends with `compared N seeds, M answers, K differ`. Exit 0: none differs; 1: some do; 2: wrong use; 3: the program could not be started.
"""
from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from typing import Any, Iterable, Optional

import oracle
import random_log
from oracle import DAY, MEASURES, Cell, Figures, Log, Number

UTC = timezone.utc
MAX_SHOWN = 8              # differences shown of one answer
LEVELS = ("all", "by_method", "by_method_funding", "by_method_variant", "by_method_organisation", "by_method_region")
DEPTH = {"all": 0, "by_method": 1}          # the other levels have two keys
ABSENT = object()


class Seed:
    """All comparisons of one seed."""

    def __init__(self, program: str, seed: int, events: int, folder: str):
        self.program, self.seed, self.folder = program, seed, folder
        self.malformed, self.brings = seed % 10 == 9, seed % 10 != 8
        self.recorded = "now" if seed % 10 == 7 else "keep"
        self.own_clock = self.recorded == "now" or not self.brings        # recorded_at is then the program's own moment
        self.raw = random_log.random_log(seed, events, self.malformed, self.brings)
        self.file = os.path.join(folder, f"seed-{seed}.jsonl")
        with open(self.file, "wb") as f:
            f.write(self.raw)
        self.data = os.path.join(folder, "data")
        self.rng = random.Random(f"questions {seed}")
        self.answers = self.differ = 0
        self.account: list[str] = []
        self.log = Log()

    # -- asking ----------------------------------------------------------------------------------------------------------
    def run(self, *arguments: str, data: Optional[str] = None) -> subprocess.CompletedProcess:
        return subprocess.run([self.program, *arguments, "--data", data or self.data], capture_output=True, stdin=subprocess.DEVNULL, timeout=900)

    def result(self, question: str, differences: list[str], context: Iterable[str] = ()) -> None:
        self.answers += 1
        if differences:
            self.differ += 1
            shown = differences[:MAX_SHOWN] + ([f"… and {len(differences) - MAX_SHOWN} more"] if len(differences) > MAX_SHOWN else [])
            self.account.append(f"seed {self.seed}: {question}\n" + "\n".join("    " + d for d in [*shown, *context]))

    # -- import ----------------------------------------------------------------------------------------------------------
    def import_file(self, title: str, path: str, log: Log, data: Optional[str] = None, strict: bool = False) -> bool:
        with open(path, "rb") as f:
            raw = f.read()
        arguments = ["import", path, "--recorded", self.recorded] + (["--strict"] if strict else [])
        want = log.import_bytes(raw, datetime.now(UTC), strict, self.recorded)
        got = self.run(*arguments, data=data)
        lines = raw.split(b"\n")
        differences = []
        last = got.stdout.decode("utf-8", "replace").rstrip("\n").rpartition("\n")[2]
        try:
            counts = json.loads(last)
        except ValueError:
            counts = f"not JSON: {last[-200:]!r}"
        if counts != want.counts():
            differences.append(f"last line of standard output: expected {json.dumps(want.counts())}, found {json.dumps(counts)}")
        if got.returncode != want.exit:
            differences.append(f"exit: expected {want.exit}, found {got.returncode}")
        refusals, found = {r.line: r for r in want.refusals}, refusals_on(got.stderr.decode("utf-8", "replace"))
        for line in sorted(refusals.keys() | found.keys()):
            w = refusals.get(line)
            g = found.get(line, [])
            expected = "no refusal" if w is None else f"{w.code} {w.event_id} conflicts {sorted(w.conflicts)}"
            if len(g) != 1 or w is None or not same_refusal(w, g[0]):
                shown = "; ".join(f"{x.get('code')} {x.get('event_id')} conflicts {x.get('conflicts')} ({x.get('detail')})" for x in g) or "no refusal"
                text = lines[line - 1].decode("utf-8", "replace") if isinstance(line, int) and 0 < line <= len(lines) else "?"
                differences.append(f"line {line}: expected {expected}, found {shown}\n        {text[:700]}")
        self.result(f"{title}: {' '.join(arguments)}", differences)
        return not differences

    # -- export ----------------------------------------------------------------------------------------------------------
    def export(self, title: str, first: int = 1, as_of: Any = None, trajectory: Optional[str] = None, data: Optional[str] = None) -> bytes:
        arguments = ["export"] + (["--from", str(first)] if first != 1 else []) + (["--trajectory", trajectory] if trajectory else [])
        arguments += ["--as-of", shown_as_of(as_of)] if as_of is not None else []
        got = self.run(*arguments, data=data)
        differences = exit_is(0, got)
        want, found = self.log.export(first, as_of, trajectory), []
        for n, line in enumerate(got.stdout.split(b"\n"), start=1):
            if line.strip():
                try:
                    found.append(oracle.parse_json(line))
                except oracle.Malformed as e:
                    differences.append(f"line {n}: {e}")
        if len(found) != len(want):
            differences.append(f"expected {len(want)} lines, found {len(found)}")
        for w, g in zip(want, found):
            if isinstance(g, dict):
                g.setdefault("schema", Number("1"))
                if self.own_clock:
                    g["recorded_at"] = w["recorded_at"]
            if w != g:
                differences.append(f"position {w['position']}: expected {oracle.dumps(w)[:600]}\n{' ' * 16}found {oracle.dumps(g)[:600]}")
                break                                               # what follows is mostly shifted
        self.result(f"{title}: {' '.join(arguments)}", differences)
        return got.stdout

    # -- figures -----------------------------------------------------------------------------------------------------------
    def figures(self, quarter: str, scope: str, as_of: Any, tables: bool) -> None:
        arguments = ["figures", "--quarter", quarter, "--scope", scope, "--format", "json"] + (["--tables"] if tables else [])
        arguments += ["--as-of", shown_as_of(as_of)] if as_of is not None else []
        got = self.run(*arguments)
        differences = exit_is(0, got)
        if not differences:
            try:
                found = json.loads(got.stdout)
                want = Figures(self.log, quarter, oracle.parse_scope(scope), as_of, tables)
                differences = diff_figures(want, found, self.own_clock)
            except ValueError as e:
                differences = [f"standard output is not JSON: {e}"]
        self.result(" ".join(arguments), differences)

    # -- status ------------------------------------------------------------------------------------------------------------
    def status(self, trajectory: str, on: date, as_of: Any) -> None:
        arguments = ["status", trajectory, "--on", on.isoformat(), "--format", "json"]
        arguments += ["--as-of", shown_as_of(as_of)] if as_of is not None else []
        got = self.run(*arguments)
        want = self.log.status(trajectory, on, as_of)
        differences, context = exit_is(1 if want is None else 0, got), []
        if not differences and want is not None:
            try:
                differences = diff_status(want, json.loads(got.stdout), on)
            except ValueError as e:
                differences = [f"standard output is not JSON: {e}"]
        if differences and want is not None:
            timeline = self.log.timeline(trajectory, self.log.position_of(as_of))
            context = [f"  {e.occurred_on} r{e.revision} {e.type} {oracle.dumps(oracle.export_event(e)['data'])[:200]}" for e in timeline.events]
        self.result(" ".join(arguments), differences, context)

    def exits(self, code: int, *arguments: str) -> None:
        self.result(" ".join(arguments), exit_is(code, self.run(*arguments)))

    # -- the questions -------------------------------------------------------------------------------------------------------
    def as_of(self) -> Any:
        """The end, a position, or a moment on or beside an event's recorded_at, or on midnight after a quarter."""
        events = self.log.events
        roll = self.rng.random()
        if roll < 0.3 or not events:
            return None
        if roll < 0.65 or self.own_clock:
            return self.rng.choice((0, len(events))) if self.rng.random() < 0.1 else self.rng.randrange(len(events) + 1)
        if roll < 0.9:
            return self.rng.choice(events).recorded_at + self.rng.choice((-1, 0, 0, 1)) * timedelta(microseconds=1)
        midnight = datetime(self.rng.choice((2023, 2024, 2025)), self.rng.choice((1, 4, 7, 10)), 1, tzinfo=oracle.AMSTERDAM).astimezone(UTC)
        return midnight + self.rng.choice((-1, 0)) * timedelta(microseconds=1)

    def compare(self) -> None:
        same = self.import_file("import", self.file, self.log)
        if self.malformed:
            return
        self.import_file("import into a folder of its own, strict", self.file, Log(), data=os.path.join(self.folder, "strict"), strict=True)
        if same:
            # asking a log that took other events would only repeat the difference
            self.import_file("second import of the same file", self.file, self.log)
            self.questions()

    def questions(self) -> None:
        events = self.log.events
        written = self.export("export")
        if events:
            at = self.rng.randrange(len(events)) + 1
            self.export("export of a part", first=at)
            self.export("export as of", as_of=self.as_of())
            self.export("export of a trajectory", trajectory=self.rng.choice(events).trajectory_id)
        again = os.path.join(self.folder, f"seed-{self.seed}-exported.jsonl")
        with open(again, "wb") as f:
            f.write(written)
        if not self.own_clock:
            other = os.path.join(self.folder, "again")
            self.import_file("import of the export", again, Log(), data=other)
            self.export("export of what was imported from the export", data=other)
        self.figures("2025Q1", "national", None, True)
        for _ in range(14):
            scope = self.rng.choice(["national"] * 4 + [f"region:{r}" for r in random_log.REGIONS[:2]]
                                    + [f"organisation:{o}" for o in random_log.ORGANISATIONS[:3]]
                                    + [f"region:{random_log.REGIONS[0]},organisation:{random_log.ORGANISATIONS[0]}", "organisation:nobody", "region:AM24"])
            ends = [e.occurred_on for e in events if e.type == "outflow"]
            if ends and self.rng.random() < 0.4:
                end = self.rng.choice(ends)
                self.figures(f"{end.year}Q{(end.month + 2) // 3}", scope, self.as_of(), False)
                continue
            quarter = f"{self.rng.choice((2022, 2023, 2023, 2024, 2024, 2024, 2025, 2025, 2025, 2026))}Q{self.rng.randrange(1, 5)}"
            self.figures(quarter, scope, self.as_of(), self.rng.random() < 0.4)
        trajectories = sorted({e.trajectory_id for e in events})
        for _ in range(24 if trajectories else 0):
            trajectory = self.rng.choice(trajectories)
            days = [e.occurred_on for e in events if e.trajectory_id == trajectory]
            self.status(trajectory, self.rng.choice(days) + self.rng.choice((-1, 0, 0, 1, 40)) * DAY, self.as_of())
        self.exits(1, "status", "00000000-0000-4000-8000-000000000000", "--on", "2025-03-31", "--format", "json")
        self.exits(2, "figures", "--quarter", "2025Q1", "--as-of", str(len(events) + 1), "--format", "json")
        self.exits(2, "figures", "--quarter", "2025Q1", "--as-of", "2099-01-01T00:00:00Z", "--format", "json")
        self.exits(2, "figures", "--quarter", "2025Q1", "--as-of", "2025-01-01", "--format", "json")
        self.exits(2, "figures", "--quarter", "2025Q1", "--scope", "region:AM04", "--format", "json")
        self.exits(2, "figures", "--quarter", "2025Q1", "--scope", "region:AM18,region:AM05", "--format", "json")


# == What differs =======================================================================================================

def exit_is(code: int, got: subprocess.CompletedProcess) -> list[str]:
    if got.returncode == code:
        return []
    return [f"exit: expected {code}, found {got.returncode}: {got.stderr.decode('utf-8', 'replace').strip()[-400:]}"]


def refusals_on(stderr: str) -> dict[int, list[dict]]:
    """The refusals among the lines of standard error; others are ignored."""
    found: dict[int, list[dict]] = {}
    for line in stderr.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict) and "code" in value and "line" in value:
            found.setdefault(value["line"], []).append(value)
    return found


def same_refusal(want: oracle.Refusal, found: dict) -> bool:
    # how much of a malformed line is read to find its id is free
    ids = (want.event_id, None) if want.code == "malformed" else (want.event_id,)
    conflicts = found.get("conflicts")
    return (found.get("event_id", ABSENT) in ids and found["code"] == want.code and isinstance(conflicts, list)
            and len(conflicts) == len(set(conflicts)) and set(conflicts) == set(want.conflicts) and isinstance(found.get("detail"), str))


def shown_as_of(as_of: Any) -> str:
    return oracle.format_timestamp(as_of) if isinstance(as_of, datetime) else str(as_of)


def leaves(node: Any, levels=LEVELS) -> dict[tuple, Any]:
    """Path of a cell -> the cell, of the nested objects of an answer."""
    found: dict[tuple, Any] = {}

    def walk(path: tuple, value: Any, depth: int) -> None:
        if depth == 0 or not isinstance(value, dict):
            found[path] = value
        else:
            for key, inner in value.items():
                walk(path + (key,), inner, depth - 1)

    for level in levels:
        if isinstance(node, dict) and level in node:
            walk((level,), node[level], DEPTH.get(level, 2))
    return found


def same(want: Any, found: Any) -> bool:
    return want == found and type(want) is type(found)


def differ(path: tuple, want: Any, found: Any) -> str:
    def show(v: Any) -> str:
        return "left out" if v is ABSENT else json.dumps(v, default=str)
    return f"{'.'.join(path)}: expected {show(want)}, found {show(found)}"


def diff_figures(want: Figures, found: dict, own_clock: bool) -> list[str]:
    """Cells of zeros may be left out, and percentages below by_method; everything else is exact."""
    out: list[str] = []
    answer = want.answer()
    for name in ("quarter", "scope", "provisional", "definitions"):
        if not same(answer[name], found.get(name, ABSENT)):
            out.append(differ((name,), answer[name], found.get(name, ABSENT)))
    as_of = dict(found.get("as_of") or {})
    if own_clock and as_of.get("recorded_at") and answer["as_of"]["recorded_at"]:
        as_of["recorded_at"] = answer["as_of"]["recorded_at"]
    if answer["as_of"] != as_of:
        out.append(differ(("as_of",), answer["as_of"], found.get("as_of", ABSENT)))

    cells = leaves(found.get("figures"))
    if ("all",) not in cells:
        out.append("figures.all: left out")
    for path in sorted(want.cells.keys() | cells.keys()):
        expected, cell = want.cells.get(path, Cell()).as_json(), cells.get(path, Cell().as_json())
        if not isinstance(cell, dict):
            out.append(differ(("figures",) + path, expected, cell))
            continue
        for name in sorted(set(MEASURES) | cell.keys()):
            if not same(expected.get(name, ABSENT), cell.get(name, ABSENT)):
                out.append(differ(("figures",) + path + (name,), expected.get(name, ABSENT), cell.get(name, ABSENT)))

    percentages = leaves(found.get("percentages"))
    for path in sorted(want.cells.keys() | percentages.keys()):
        expected, given = want.cells.get(path, Cell()).percentages(), percentages.get(path, {})
        for name in sorted(expected.keys() | given.keys()):
            may_be_left_out = path[0] not in ("all", "by_method")
            if not same(expected.get(name, ABSENT), given.get(name, ABSENT)) and not (may_be_left_out and name not in given):
                out.append(differ(("percentages",) + path + (name,), expected.get(name, ABSENT), given.get(name, ABSENT)))

    shares, given_shares = want.shares(), leaves(found.get("shares"))
    for path in sorted(shares.keys() | given_shares.keys()):
        e, g = shares.get(path, ABSENT), given_shares.get(path, ABSENT)
        nothing = path not in want.cells or want.cells[path].counts["running"] == 0      # "0.0" or left out
        if e != g and not (nothing and {e, g} <= {"0.0", ABSENT}):
            out.append(differ(("shares",) + path, e, g))

    for member in want.earlier:
        given_changes = leaves((found.get("changes") or {}).get(member))
        for path in sorted(cells.keys() | given_changes.keys()):
            if path not in given_changes:
                out.append(differ(("changes", member) + path, "the changes of a cell that is there", ABSENT))
                continue
            expected, given = want.change(member, path), given_changes[path]
            given = given if isinstance(given, dict) else {}
            for name in sorted(expected.keys() | given.keys()):
                if expected.get(name, ABSENT) != given.get(name, ABSENT):
                    out.append(differ(("changes", member) + path + (name,), expected.get(name, ABSENT), given.get(name, ABSENT)))
    return out


def diff_status(want: dict, found: dict, on: date) -> list[str]:
    """Jobs that were over by that day may be left out; of those only the days are compared."""
    out = [differ((name,), v, found.get(name, ABSENT)) for name, v in want.items() if name != "jobs" and not same(v, found.get(name, ABSENT))]
    jobs, given = {j["job_id"]: j for j in want["jobs"]}, {j.get("job_id"): j for j in found.get("jobs", [])}
    for job_id in sorted(jobs.keys() | given.keys(), key=str):
        w, g = jobs.get(job_id), given.get(job_id)
        over = w is not None and w["stopped"] is not None and date.fromisoformat(w["stopped"]) <= on
        if w is None or g is None:
            if not (over and g is None):
                out.append(differ(("jobs", str(job_id)), w, g))
            continue
        for name in ("started", "stopped") if over else w:
            if w[name] != g.get(name, ABSENT):
                out.append(differ(("jobs", job_id, name), w[name], g.get(name, ABSENT)))
    return out


# == Command line =======================================================================================================

def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the trajectlog program")
    parser.add_argument("--seeds", default="0-19")
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--keep", help="where the files of seeds that differ are kept (else a new temporary folder)")
    parser.add_argument("--jobs", type=int, default=1)
    a = parser.parse_args()
    program = os.path.abspath(a.bin) if os.path.exists(a.bin) else a.bin
    keep = a.keep

    def one(seed: int) -> Seed:
        with tempfile.TemporaryDirectory(prefix="trajectlog-peer-") as folder:
            s = Seed(program, seed, a.events, folder)
            s.compare()
            if s.differ:
                nonlocal keep
                keep = keep or tempfile.mkdtemp(prefix="trajectlog-peer-kept-")
                os.makedirs(keep, exist_ok=True)
                kept = shutil.copy(s.file, keep)
                s.account.append(f"seed {seed}: the file is kept as {kept}")
            return s

    seeds = answers = differing = 0
    try:
        with ThreadPoolExecutor(a.jobs) as pool:
            for s in pool.map(one, random_log.parse_seeds(a.seeds)):
                seeds, answers, differing = seeds + 1, answers + s.answers, differing + s.differ
                for text in s.account:
                    print(text, flush=True)
    except (OSError, subprocess.TimeoutExpired) as e:
        print(f"the program could not be asked: {e}", file=sys.stderr)
        return 3
    print(f"compared {seeds} seeds, {answers} answers, {differing} differ")
    return 1 if differing or not answers else 0


if __name__ == "__main__":
    sys.exit(main())
