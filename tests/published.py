#!/usr/bin/env python3
"""Does the program reproduce the published report on 2025Q1?

    python3 published.py --bin target/release/trajectlog --data FOLDER [--verbose] [--against-published]

FOLDER is the data folder of the synthetic national log that reproduces the report (`trajectlog generate --published`). Every
number of published-2025Q1.json is asked from `trajectlog figures --format json`, each as of its own moment: the quarter itself, the
vintages of 2024Q4 and 2024Q1, 2024Q4 as known later, percentages, shares, funding, variants, the scheme, and the changes between
the quarters; the percentages that the report's text prints beside these counts, and what follows from them (`hidden_constraints`).
The directions of `said_in_words` are checked too, and counted apart.

--against-published also checks the `changes` that the program prints with `--against published` (publish both vintages first).
Ends with `checked N published numbers, K differ`. Exit 0: none differs and all directions are as said; 1: not so; 2: wrong use;
3: the program could not be asked.
Python 3.9 or later, standard library only.
"""
from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = [os.path.join(HERE, "..", "shared", "synthetic", "data", "published-2025Q1.json")]

# Percentages that the text and figure 12 of the report print and the JSON leaves out. state -> path -> text
IN_THE_TEXT = {
    "quarter": {
        "shares.by_method.ips": "85.8", "shares.by_method_funding.ips.municipality": "44.5", "shares.by_method_funding.ips.uwv": "35.6",
        "shares.by_method_variant.ips.epa": "69.1", "shares.by_method_variant.ips.cmd": "19.2",
        "shares.by_method_funding.jobcoaching.uwv": "38.7", "shares.by_method_funding.jobcoaching.municipality": "54.0",
        "shares.by_method_funding.jobcoaching.other": "7.3",
        "percentages.by_method.ips.paid_work": "36.3", "percentages.by_method.ips.sustainable_work": "30.2",
        "percentages.by_method.ips.ever_paid_work": "44.4", "percentages.by_method.ips.unpaid_sum": "20.6",
        "percentages.by_method.ips.education": "8.8", "percentages.by_method.ips.ended": "15.1",
        "percentages.by_method.ips.outflow_intended": "58.1", "percentages.by_method.ips.first_job_within_3_months": "33.6",
        "percentages.by_method.ips.first_job_after_9_months": "39.6", "percentages.by_method_funding.ips.municipality.paid_work": "33.3",
        "percentages.by_method.jobcoaching.employed_under_6_months": "9.8", "percentages.by_method.jobcoaching.employed_6_to_12_months": "4.9",
        "percentages.by_method.jobcoaching.employed_over_12_months": "85.2",
        "percentages.by_method.werkfit.outflow_intended": "59.7", "percentages.by_method.werkfit.outflow_not_intended": "40.3",
        "percentages.by_method.naar_werk.outflow_intended": "36.4", "percentages.by_method.naar_werk.outflow_not_intended": "63.6",
        "percentages.by_method.wabz.paid_work": "18.3", "percentages.by_method.wabz.sustainable_work": "17.8",
        "percentages.by_method.wabz.ever_paid_work": "20.7", "percentages.by_method.wabz.volunteer_or_work_experience": "14.2",
        "percentages.by_method.wabz.day_activity": "4.7", "percentages.by_method.wabz.trial_placement": "2.4",
        "percentages.by_method.other.paid_work": "34.2", "percentages.by_method.other.sustainable_work": "24.8",
        "percentages.by_method.other.ever_paid_work": "43.0", "percentages.by_method.other.trial_placement": "4.7",
        "percentages.by_method.other.volunteer_or_work_experience": "20.8", "percentages.by_method.other.day_activity": "24.8",
        "percentages.by_method.other.ended": "20.8"},
    "2024Q4": {"percentages.by_method.other.paid_work": "42.3", "percentages.by_method.other.sustainable_work": "28.5",
               "percentages.by_method.other.ever_paid_work": "48.8"},
    "2024Q1": {"percentages.by_method.other.paid_work": "36.4", "percentages.by_method.other.sustainable_work": "29.8",
               "percentages.by_method.other.ever_paid_work": "37.8"},
}
# hidden_constraints, as far as figures show them
HIDDEN = {"jobcoaching.paid_work": 122, "naar_werk.paid_work": 4, "naar_werk.sustainable_work": 4, "werkfit.paid_work": 2,
          "werkfit.sustainable_work": 0, "werkfit.outflow_paid_work_earlier": 0, "naar_werk.outflow_paid_work_earlier": 0,
          "jobcoaching.outflow_paid_work_earlier": 0}
TABLES = ("by_method", "by_method_funding", "by_method_variant")


class CannotAsk(Exception):
    pass


def one_decimal(x: Fraction) -> str:
    """Half up (away from zero when negative), from the exact fraction."""
    tenths = (abs(x) * 10 + Fraction(1, 2)).__floor__()
    return ("-" if x < 0 and tenths else "") + f"{tenths // 10}.{tenths % 10}"


def at(tree, path: str):
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree


class Check:
    def __init__(self, program: str, data: str, verbose: bool):
        self.program, self.data, self.verbose = program, data, verbose
        self.answers: dict[tuple, dict] = {}
        self.blocks: dict[str, list[tuple[bool, str]]] = {}
        self.directions: list[tuple[bool, str]] = []

    def ask(self, quarter: str, as_of: str, *more: str) -> dict:
        key = (quarter, as_of, *more)
        if key not in self.answers:
            command = [self.program, "--data", self.data, "figures", "--quarter", quarter, "--as-of", as_of, "--format", "json",
                       "--disclosure", "internal", *more]
            try:
                r = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, timeout=600)
            except (OSError, subprocess.TimeoutExpired) as e:
                raise CannotAsk(f"{' '.join(command)}\n  {e}") from None
            if r.returncode != 0:
                raise CannotAsk(f"{' '.join(command)}\n  exit {r.returncode}: {r.stderr.strip()[-600:]}")
            try:
                self.answers[key] = json.loads(r.stdout)
            except ValueError as e:
                raise CannotAsk(f"{' '.join(command)}\n  standard output is not JSON: {e}") from None
        return self.answers[key]

    def equal(self, block: str, what: str, published, found) -> None:
        fine = found == published and isinstance(found, bool) == isinstance(published, bool)
        shown = "not printed" if found is None else found
        text = f"{what}: published {published}" + ("" if fine else f", the program says {shown}")
        self.blocks.setdefault(block, []).append((fine, text))

    # -- one kind of number each -------------------------------------------------------------------------------------
    def counts(self, block: str, answer: dict, state: dict) -> None:
        for name, value in state.get("all", {}).items():
            self.equal(block, f"all.{name}", value, at(answer, f"figures.all.{name}"))

        def walk(path: str, node: dict) -> None:
            for name, value in node.items():
                if isinstance(value, dict):
                    walk(f"{path}.{name}", value)
                else:
                    self.equal(block, f"{path}.{name}", value, at(answer, f"figures.{path}.{name}"))

        for table in TABLES:
            walk(table, state.get(table, {}))
        for name, value in state.get("werkfit_and_naar_werk", {}).items():      # only their sum is known
            parts = [at(answer, f"figures.by_method.{m}.{name}") for m in ("werkfit", "naar_werk")]
            self.equal(block, f"werkfit + naar_werk {name}", value, None if None in parts else sum(parts))
        for scheme, value in state.get("scheme_started_year_to_date", {}).items():
            found = at(answer, "figures.all.scheme_started_year_to_date") or {}
            self.equal(block, f"all.scheme_started_year_to_date.{scheme}", value, found.get(scheme))
        for name, value in state.get("all_percentages", {}).items():
            self.equal(block, f"percentages.all.{name}", value, at(answer, f"percentages.all.{name}"))

    def percentages(self, block: str, answer: dict, texts: dict) -> None:
        for path, value in texts.items():
            found = at(answer, path)
            kind, _, rest = path.partition(".")
            if found is None and kind == "percentages" and rest.startswith(("by_method_funding", "by_method_variant")):
                cell, _, name = rest.rpartition(".")        # where it is not printed: from the counts
                n, d = at(answer, f"figures.{rest}"), at(answer, f"figures.{cell}.running")
                found = one_decimal(Fraction(100 * n, d)) if n is not None and d else None
                path += " (from the counts)"
            self.equal(block, path, value, found)

    def changes(self, block: str, now: dict, then: dict, printed: dict) -> None:
        """As the report prints them; computed here from the counts that the program gives for the two moments."""
        for where, want in printed.items():
            method, _, name = where.partition(".")
            cell = "all" if method == "all" else f"by_method.{method}"
            a, b = at(now, f"figures.{cell}.{name}"), at(then, f"figures.{cell}.{name}")
            of_a, of_b = at(now, f"figures.{cell}.running"), at(then, f"figures.{cell}.running")
            want = want if isinstance(want, dict) else {"absolute": want}
            for how, value in want.items():
                found = None
                if a is not None and b is not None:
                    if how == "absolute":
                        found = a - b
                    elif how == "relative_to_current" and a:
                        found = one_decimal(Fraction(100 * (a - b), a))
                    elif how == "relative_to_earlier" and b:
                        found = one_decimal(Fraction(100 * (a - b), b))
                    elif how == "points" and of_a and of_b:
                        found = one_decimal(Fraction(100 * a, of_a) - Fraction(100 * b, of_b))
                self.equal(block, f"{where} {how}", value, found)

    def printed_changes(self, block: str, answer: dict, member: str, printed: dict) -> None:
        """What the program itself prints under `changes` (absolute, points, relative to the earlier value)."""
        for where, want in printed.items():
            method, _, name = where.partition(".")
            cell = "all" if method == "all" else f"by_method.{method}"
            want = want if isinstance(want, dict) else {"absolute": want}
            for how, field in (("absolute", "absolute"), ("points", "points"), ("relative_to_earlier", "relative")):
                if how in want:
                    self.equal(block, f"changes.{member}.{cell}.{name}.{field}", want[how], at(answer, f"changes.{member}.{cell}.{name}.{field}"))

    def words(self, now: dict, p: dict) -> None:
        """What the report says without numbers, against the vintages."""
        def value(answer: dict, what: str):
            name, _, share = what.partition(" (")
            *keys, measure = name.split(".")
            cell = "figures." + ("by_method_funding." if len(keys) == 2 else "by_method.") + ".".join(keys)
            n = at(answer, f"{cell}.{measure}")
            if share:
                of = at(answer, f"{cell}.{'paid_work' if measure.startswith('first_job') else 'running'}")
                return None if n is None or not of else Fraction(100 * n, of)
            return n if n is not None or at(answer, "figures") is None else 0       # a cell that does not occur

        for how in ("rises", "falls", "about_equal"):
            for what, q in p.get("said_in_words", {}).get(how, []):
                a, b = value(now, what), value(self.ask(q, p["vintages"][q]["as_of"]), what)
                if a is None or b is None:
                    fine = False
                elif how == "about_equal":
                    fine = abs(a - b) <= (1 if "(" in what else max(1, b / 10))
                else:
                    fine = a > b if how == "rises" else a < b
                shown = [x if x is None or isinstance(x, int) else one_decimal(x) for x in (b, a)]
                self.directions.append((fine, f"{what} {how.replace('_', ' ')} against {q}: {shown[0]} -> {shown[1]}"))

    # -- all of it ---------------------------------------------------------------------------------------------------
    def everything(self, p: dict, against: bool) -> None:
        quarter, moment = p["quarter"], p["as_of"]
        now = self.ask(quarter, moment)
        block = f"{quarter} as of {moment}"
        self.counts(block, now, p)
        self.percentages(block, now, IN_THE_TEXT["quarter"])
        for where, value in HIDDEN.items():
            self.equal(block, f"{where} (follows)", value, at(now, f"figures.by_method.{where}"))
        for group in ("vintages", "as_known_at_2025Q1"):
            for q, state in p.get(group, {}).items():
                if q.startswith("_"):
                    continue
                answer = self.ask(q, state["as_of"])
                block = f"{q} as of {state['as_of']}"
                self.counts(block, answer, state)
                if group == "vintages":
                    then = re.search(r"\((\d+\.\d) ?% then\)", state.get("ips_share_of_paid_work_points_against_2025Q1", ""))
                    if then:
                        self.equal(block, "percentages.by_method.ips.paid_work", then[1], at(answer, "percentages.by_method.ips.paid_work"))
                    self.percentages(block, answer, IN_THE_TEXT.get(q, {}))
        for name, printed in p.get("changes_printed", {}).items():
            if name.startswith("_"):
                continue
            q = name.removeprefix("against_")
            then = p["vintages"][q]["as_of"]
            self.changes(f"{quarter} against {q} as published on {then[:10]}", now, self.ask(q, then), printed)
            if against:
                member = "year_earlier" if q[4:] == quarter[4:] else "previous_quarter"
                answer = self.ask(quarter, moment, "--against", "published")
                self.printed_changes(f"--against published: changes.{member}", answer, member, printed)
        self.words(now, p)

    def report(self) -> int:
        checked = differ = 0
        for block, found in self.blocks.items():
            wrong = [text for fine, text in found if not fine]
            checked, differ = checked + len(found), differ + len(wrong)
            print(f"{block}: {len(found)} numbers, " + (f"{len(wrong)} differ" if wrong else "all as published"))
            for fine, text in found:
                if not fine or self.verbose:
                    print(f"  {'  ' if fine else '! '}{text}")
        otherwise = [text for fine, text in self.directions if not fine]
        if self.directions:
            print(f"said in words: {len(self.directions)} directions, " + (f"{len(otherwise)} otherwise" if otherwise else "all as said"))
        for fine, text in self.directions:
            if not fine or self.verbose:
                print(f"  {'  ' if fine else '! '}{text}")
        print(f"checked {checked} published numbers, {differ} differ")
        return 1 if differ or otherwise or not checked else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the trajectlog program")
    parser.add_argument("--data", required=True, help="the data folder with the published log")
    parser.add_argument("--spec", help="published-2025Q1.json, if it is not the one of this project")
    parser.add_argument("--verbose", action="store_true", help="show the numbers that agree, too")
    parser.add_argument("--against-published", action="store_true", help="also check the changes printed with --against published")
    a = parser.parse_args()
    spec = a.spec or next((p for p in SPEC if os.path.exists(p)), None)
    if spec is None:
        print("published-2025Q1.json is not where this check looks for it; name it with --spec", file=sys.stderr)
        return 2
    program = os.path.abspath(a.bin) if os.path.exists(a.bin) else a.bin
    with open(spec, encoding="utf-8") as f:
        published = json.load(f)
    check = Check(program, a.data, a.verbose)
    try:
        check.everything(published, a.against_published)
    except CannotAsk as e:
        print(f"could not ask the program:\n  {e}", file=sys.stderr)
        if check.blocks:
            check.report()
        return 3
    return check.report()


if __name__ == "__main__":
    sys.exit(main())
