#!/usr/bin/env python3
"""Tries to work out suppressed numbers of a publication, knowing all that everybody may know.

    python3 tests/disclosure/attack.py --bin target/release/trajectlog --data FOLDER --quarter 2025Q1 [--as-of MOMENT]
            [--beside QUARTER[@MOMENT]]…  [--seconds 240] [--seed 1] [--all] [--drop-further]
            [--answers FOLDER]

It attacks with only what `trajectlog figures --disclosure public` answers for the country, each region and each organisation, and shares no code
with what protects. What it knows: numbers are integers and not negative; every relation of the definitions; totals over methods, fundings,
variants, regions and organisations; and with --beside a neighbouring quarter at the same log position, running(Q) = running(Q-1) - ended(Q-1) +
started(Q). The true tables are one set that agrees with all of it (a relation that they break is a wrong one, and is told); a solver (CP-SAT)
looks for others: a suppressed number for which every one gives the same is determined. Numbers are taken in an order drawn with the seed until
the time is up (--all: until none is left), and how many were decided is said. Exit 0: none is determined. 1: some are. 2: it could not look.

--answers keeps what the program answered, for a next attack on the same log: most of the time goes there.

--drop-further is the self-test: it fills in, from the internal figures, every suppressed number that is not itself small, as if only small ones had
been suppressed. Then numbers must be found, or the attack is worth nothing: exit 0 when some are, 1 when none.
"""
import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path

try:
    from ortools.sat.python import cp_model
except ImportError:
    print("ortools is not installed: pip install --require-hashes -r tests/disclosure/requirements.txt")
    sys.exit(77)

HIGHEST = 100_000
# Seconds to see that the true tables agree with all that is known; nothing is looked for, so it takes a moment.
TRUTH_WITHIN = 240
THRESHOLD = 5
SCHEMES = "scheme_started_year_to_date"
FIRST_JOB = ["first_job_within_3_months", "first_job_3_to_9_months", "first_job_after_9_months"]
EMPLOYED = ["employed_under_6_months", "employed_6_to_12_months", "employed_over_12_months"]
UNPAID = ["trial_placement", "volunteer_or_work_experience", "day_activity"]
OUTFLOW = ["outflow_paid_work", "outflow_paid_work_earlier", "outflow_never_paid_work"]


class Tables:
    """One publication: area → path of the cell → measure → number or None; and the truth behind it, in the same form."""

    def __init__(self, program, data, quarter, as_of, drop_further, answers):
        self.quarter = quarter
        moment = ["--as-of", as_of] if as_of else []

        def ask(scope, *more):
            asked = ["figures", "--quarter", quarter, "--scope", scope, "--format", "json", *more]
            kept = answers and answers / (" ".join(asked).replace(":", "_") + ".json")
            if kept and kept.exists():
                return json.loads(kept.read_text())
            done = subprocess.run([program, "--data", data, *asked], capture_output=True, text=True)
            if done.returncode != 0:
                print(done.stderr.strip())
                sys.exit(2)
            if kept:
                kept.write_text(done.stdout)
            return json.loads(done.stdout)

        country = ask("national", "--disclosure", "public", "--tables", *moment)
        names = {f"organisation:{o}" for of in country["figures"].get("by_method_organisation", {}).values() for o in of}
        names |= {f"region:{r}" for of in country["figures"].get("by_method_region", {}).values() for r in of}
        self.position = country["as_of"]["position"]
        self.areas, self.truth = {}, {}
        for scope in ["national", *sorted(names)]:
            self.truth[scope] = self.cells(ask(scope, "--as-of", str(self.position)))
            self.areas[scope] = self.cells(country if scope == "national" else ask(scope, "--disclosure", "public", *moment))
            if drop_further and scope != "national":
                self.fill_in(self.areas[scope], self.truth[scope])

    @staticmethod
    def cells(answer):
        cells = {}
        for table in ("all", "by_method", "by_method_funding", "by_method_variant"):
            depth = {"all": 0, "by_method": 1}.get(table, 2)

            def walk(node, path, left):
                if left:
                    for name, below in node.items():
                        walk(below, (*path, name), left - 1)
                    return
                numbers = {m: v for m, v in node.items() if m not in (SCHEMES, "organisations")}
                numbers |= {f"{SCHEMES}.{s}": v for s, v in node[SCHEMES].items()}
                cells[path] = numbers

            if table in answer["figures"]:
                walk(answer["figures"][table], (table,), depth)
        return cells

    @staticmethod
    def fill_in(shown, known):
        for path, numbers in shown.items():
            for measure, value in numbers.items():
                truth = known.get(path, {}).get(measure, 0)
                if value is None and not 1 <= truth < THRESHOLD:
                    numbers[measure] = truth


class Attack:
    def __init__(self, publications):
        self.model = cp_model.CpModel()
        self.hidden = {}
        self.truth = {}
        for publication in publications:
            self.tables(publication)
        for then in publications:
            for now in publications:
                if then.position == now.position and following(then.quarter) == now.quarter:
                    self.neighbours(then, now)

    def number(self, publication, area, path, measure):
        cell = publication.areas.get(area, {}).get(path)
        # A cell or a scheme that is not there counts nobody.
        value = 0 if cell is None else cell.get(measure, 0)
        if value is not None:
            return value
        key = (publication.quarter, publication.position, area, path, measure)
        if key not in self.hidden:
            self.hidden[key] = self.model.new_int_var(0, HIGHEST, ".".join(map(str, key)))
            self.truth[key] = publication.truth.get(area, {}).get(path, {}).get(measure, 0)
        return self.hidden[key]

    def say(self, relation):
        if relation is False or relation is True:
            if relation is False:
                raise AssertionError("what is shown contradicts itself")
            return
        self.model.add(relation)

    def tables(self, publication):
        areas = publication.areas
        paths = sorted({path for cells in areas.values() for path in cells})
        measures = sorted({m for cells in areas.values() for numbers in cells.values() for m in numbers})
        methods = [p[1] for p in paths if p[0] == "by_method"]
        for area in areas:
            def n(path, measure, area=area):
                return self.number(publication, area, path, measure)
            for measure in measures:
                self.say(n(("all",), measure) == sum(n(("by_method", m), measure) for m in methods))
                for method in methods:
                    for table in ("by_method_funding", "by_method_variant"):
                        parts = [p for p in paths if p[:2] == (table, method)]
                        if parts:
                            self.say(n(("by_method", method), measure) == sum(n(p, measure) for p in parts))
            for path in paths:
                self.cell(lambda measure, path=path: n(path, measure), path, [m for m in measures if m.startswith(SCHEMES)], publication)
        for path in paths:
            for measure in measures:
                for kind in ("region:", "organisation:"):
                    of = [a for a in areas if a.startswith(kind)]
                    total = self.number(publication, "national", path, measure)
                    self.say(total == sum(self.number(publication, a, path, measure) for a in of))

    def cell(self, n, path, schemes, publication):
        say = self.say
        running, paid, ever, ended, anything = n("running"), n("paid_work"), n("ever_paid_work"), n("ended"), n("unpaid_any")
        for measure in ("started", "ended", "ever_paid_work", "paid_work_started", "paid_work_stopped", "unpaid_any", "education",
                        "education_started", "education_stopped"):
            say(n(measure) <= running)
        say(paid + n("employed_unknown") == running)
        say(n("sustainable_work") + n("sustainable_work_unknown") <= paid)
        say(paid <= ever)
        say(n("paid_work_started") <= paid + n("paid_work_stopped"))
        say(n("education_started") <= n("education") + n("education_stopped"))
        # A job that lasted no day is the exception, and nobody reckons with it.
        say(n("paid_work_started") <= ever)
        say(n("paid_work_stopped") <= ever)
        for parts in (FIRST_JOB, EMPLOYED):
            say(sum(map(n, parts)) == paid)
        say(sum(map(n, UNPAID)) == n("unpaid_sum"))
        say(anything <= n("unpaid_sum"))
        for measure in [*UNPAID, "unpaid_before_start", "unpaid_alongside"]:
            say(n(measure) <= anything)
        say(n("unpaid_alongside") <= paid + n("education"))
        say(sum(map(n, OUTFLOW)) == ended)
        say(n("outflow_intended") + n("outflow_not_intended") == ended)
        with_work, earlier, never = map(n, OUTFLOW)
        say(with_work <= paid)
        say(earlier <= ever - paid)
        say(never <= running - ever)
        if publication.quarter.endswith("Q1") and schemes:
            say(sum(map(n, schemes)) <= n("started"))
        if len(path) > 1:
            reached, method = n("outflow_intended"), path[1]
            if method in ("ips", "other"):
                say(reached == with_work + earlier)
            elif method == "jobcoaching":
                say(reached == with_work)
            elif method == "wabz":
                say(reached >= with_work + earlier)
            elif method == "werkfit":
                say(reached >= with_work)
            elif method == "naar_werk":
                say(reached <= with_work)
                say(reached <= n("sustainable_work"))

    def neighbours(self, then, now):
        for area in now.areas:
            if area.startswith("region:"):
                continue
            paths = {p for p in [*now.areas[area], *then.areas.get(area, {})] if p[0] in ("all", "by_method")}
            for path in paths:
                before = self.number(then, area, path, "running") - self.number(then, area, path, "ended")
                self.say(self.number(now, area, path, "running") == before + self.number(now, area, path, "started"))

    # -- looking ------------------------------------------------------------------------------------------------------
    def solve(self, seconds, seed, different, hint):
        """A set of tables in which as many of the numbers `different` as can be found are not as the hint says."""
        model = self.model.clone()
        for key, value in hint.items():
            model.add_hint(model.get_int_var_from_proto_index(self.hidden[key].index), value)
        flags = []
        for key in different:
            var, flag = model.get_int_var_from_proto_index(self.hidden[key].index), model.new_bool_var("")
            model.add(var != hint[key]).only_enforce_if(flag)
            flags.append(flag)
        model.add_bool_or(flags)
        if len(flags) > 1:
            model.maximize(sum(flags))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(seconds, 0.1)
        solver.parameters.random_seed = seed
        solver.parameters.num_workers = 2
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return {key: solver.value(var) for key, var in self.hidden.items()}
        return "none" if status == cp_model.INFEASIBLE else "no time"

    def true_tables(self):
        """What the suppressed numbers are. All relations must hold of them, or the solver would look at other tables than there can be."""
        model = self.model.clone()
        for key, value in self.truth.items():
            model.add(model.get_int_var_from_proto_index(self.hidden[key].index) == value)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = TRUTH_WITHIN
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            print("the true tables do not agree with what is shown: the relations or the numbers are wrong")
            sys.exit(2)
        return self.truth

    def run(self, seconds, seed, everything):
        first = self.true_tables()
        end = time.monotonic() + seconds
        left = (lambda: 600.0) if everything else (lambda: end - time.monotonic())
        order = sorted(self.hidden)
        random.Random(seed).shuffle(order)
        open_, determined, undecided = set(), [], 0
        batch, at = 400, 0
        while at < len(order) and left() > 1:
            ask = [key for key in order[at:at + batch] if key not in open_]
            while ask and left() > 1:
                other = self.solve(min(left(), 60 if len(ask) > 1 else 120), seed, ask, first)
                if other == "none":
                    determined += ask
                    break
                if other == "no time":
                    # Fewer at once, so that each gets its own time.
                    if len(ask) == 1:
                        undecided += 1
                        break
                    batch = max(1, batch // 8)
                    ask = ask[:max(1, len(ask) // 8)]
                    continue
                open_ |= {key for key in self.hidden if other[key] != first[key]}
                ask = [key for key in ask if key not in open_]
            at += batch
        return open_, determined, undecided


def following(quarter):
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year}Q{number + 1}" if number < 4 else f"{year + 1}Q1"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--quarter", required=True)
    parser.add_argument("--as-of")
    parser.add_argument("--beside", action="append", default=[], help="QUARTER or QUARTER@MOMENT")
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--drop-further", action="store_true")
    parser.add_argument("--answers", type=Path, help="where answers of the program are kept for another attack on the same log")
    args = parser.parse_args()
    asked = [(args.quarter, args.as_of)] + [tuple([*b.split("@"), None][:2]) for b in args.beside]
    publications = [Tables(args.bin, args.data, quarter, as_of, args.drop_further, args.answers) for quarter, as_of in asked]
    attack = Attack(publications)
    open_, determined, undecided = attack.run(args.seconds, args.seed, args.all)
    decided = len(open_) + len(determined)
    print(f"{len(attack.hidden)} suppressed numbers of {', '.join(p.quarter for p in publications)}: {decided} decided with the seed {args.seed}, "
          f"{len(open_)} could be otherwise, {len(determined)} are determined, {undecided} took too long")
    for key in determined[:20]:
        print("  determined:", *key)
    if args.drop_further:
        return 0 if determined else 1
    return 1 if determined else 0


if __name__ == "__main__":
    sys.exit(main())
