#!/usr/bin/env python3
"""Small examples, computed by hand from the specification, that show the oracle to be right.

    python3 selftest.py
"""
from __future__ import annotations

import json
import unittest
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

import oracle
import random_log
from oracle import Log, add_months, one_decimal

UTC = timezone.utc
NOW = datetime(2026, 7, 1, tzinfo=UTC)
T = "00000000-0000-4000-8000-0000000000aa"
CLIENT = "00000000-0000-4000-8000-0000000000cc"
NATIONAL = {"level": "national"}


def uid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"


class Case(unittest.TestCase):
    """A file that is written line by line; event n has the id uid(n)."""

    def setUp(self):
        self.lines: list[dict] = []
        self.log = Log()

    def add(self, n: int, event_type: str, day: str, data: dict, **more) -> dict:
        line = {"event_id": uid(n), "trajectory_id": T, "organisation": "ggz", "type": event_type, "occurred_on": day,
                "recorded_at": "2026-01-01T00:00:00Z", "data": data} | more
        line = {k: v for k, v in line.items() if v is not None}
        self.lines.append(line)
        return line

    def intake(self, n: int = 1, day: str = "2024-01-01", method: str = "ips", data: dict = {}, **more) -> dict:
        return self.add(n, "intake", day, {"client_id": CLIENT, "method": method, "funding": "uwv", "region": "AM18"} | data, **more)

    def contact(self, n: int, day: str, **more) -> dict:
        return self.add(n, "contact", day, {"with": "client", "channel": "phone"}, **more)

    def retract(self, n: int, target: int, day: str = "2025-06-01", **more) -> dict:
        return self.add(n, "retraction", day, {"event_id": uid(target), "reason": "mistake"}, **more)

    def job(self, n: int, day: str, job: int = 900, **data) -> dict:
        return self.add(n, "paid_work_started", day, {"job_id": uid(job)} | data)

    def change(self, n: int, day: str, job: int = 900, **data) -> dict:
        return self.add(n, "paid_work_changed", day, {"job_id": uid(job)} | data)

    def stop(self, n: int, day: str, job: int = 900, **more) -> dict:
        return self.add(n, "paid_work_stopped", day, {"job_id": uid(job)}, **more)

    def outflow(self, n: int, day: str, data: dict = {}, **more) -> dict:
        return self.add(n, "outflow", day, data, **more)

    def send(self, **options) -> oracle.ImportResult:
        raw = "\n".join(json.dumps(line) for line in self.lines).encode()
        self.lines = []
        return self.log.import_bytes(raw, NOW, **options)

    def all_accepted(self) -> None:
        self.assertEqual([], self.send().refusals)

    def refused(self, code: str, n: int, *conflicts: int) -> None:
        """Exactly one refusal, of event n, with these conflicts."""
        found = self.send().refusals
        self.assertEqual([(code, uid(n), sorted(uid(c) for c in conflicts))], [(r.code, r.event_id, sorted(r.conflicts)) for r in found])

    def figure(self, quarter: str, name: str, cell: str = "all", **more):
        node = self.log.figures(quarter, NATIONAL, now=NOW, **more)["figures"]
        for key in cell.split("."):
            node = node[key]
        return node[name]


class Calendar(unittest.TestCase):
    def test_a_day_that_does_not_exist_falls_to_the_months_last(self):
        self.assertEqual(date(2024, 2, 29), add_months(date(2023, 11, 30), 3))
        self.assertEqual(date(2023, 2, 28), add_months(date(2022, 11, 30), 3))
        self.assertEqual(date(2025, 2, 28), add_months(date(2024, 2, 29), 12))
        self.assertEqual(date(2024, 12, 31), add_months(date(2024, 10, 31), 2))

    def test_quarters(self):
        self.assertEqual((date(2024, 1, 1), date(2024, 3, 31)), oracle.quarter_days("2024Q1"))
        self.assertEqual((date(2024, 10, 1), date(2024, 12, 31)), oracle.quarter_days("2024Q4"))
        self.assertEqual("2023Q4", oracle.quarter_back("2024Q1", 1))
        self.assertEqual("2023Q2", oracle.quarter_back("2024Q2", 4))

    def test_halves_are_rounded_away_from_zero_and_never_to_minus_zero(self):
        for x, text in ((Fraction(1, 20), "0.1"), (Fraction(-1, 20), "-0.1"), (Fraction(-1, 21), "0.0"), (Fraction(171900, 4844), "35.5"),
                        (Fraction(137500, 4645), "29.6"), (Fraction(5, 4), "1.3"), (Fraction(-5, 4), "-1.3"), (Fraction(100), "100.0")):
            self.assertEqual(text, one_decimal(x))

    def test_the_amsterdam_day_changes_at_local_midnight(self):
        self.assertEqual(date(2024, 7, 1), oracle.amsterdam_day(datetime(2024, 6, 30, 22, tzinfo=UTC)))
        self.assertEqual(date(2024, 12, 31), oracle.amsterdam_day(datetime(2024, 12, 31, 22, 59, 59, 999999, UTC)))


class SustainableWork(Case):
    GOOD = {"regular_workplace": True, "hours_per_week": 12, "wage_value_percent": 35, "contract": {"kind": "permanent"}}

    def verdict(self, start: str = "2025-01-01", **data) -> str:
        self.setUp()
        self.intake()
        self.job(2, start, **{k: v for k, v in (self.GOOD | data).items() if v is not None})
        self.all_accepted()
        return self.log.status(T, date(2025, 3, 31))["sustainable_work"]

    def fixed(self, until: str) -> dict:
        return {"kind": "fixed_term", "until": until}

    def test_twelve_hours_and_35_percent_are_enough(self):
        self.assertEqual("yes", self.verdict())
        self.assertEqual("no", self.verdict(hours_per_week=11.99))
        self.assertEqual("no", self.verdict(wage_value_percent=34.99))
        self.assertEqual("no", self.verdict(regular_workplace=False))

    def test_a_contract_of_three_months_is_long_enough_and_one_day_less_is_not(self):
        self.assertEqual("yes", self.verdict(contract=self.fixed("2025-03-31")))
        self.assertEqual("no", self.verdict(contract=self.fixed("2025-03-30")))
        self.assertEqual("yes", self.verdict("2024-11-30", contract=self.fixed("2025-02-27")))     # + 3 months = 28 February
        self.assertEqual("no", self.verdict("2024-11-30", contract=self.fixed("2025-02-26")))
        self.assertEqual("yes", self.verdict("2023-11-30", contract=self.fixed("2024-02-28")))     # + 3 months = 29 February
        self.assertEqual("no", self.verdict("2023-11-30", contract=self.fixed("2024-02-27")))

    def test_an_unknown_value_is_undecided_unless_a_known_one_fails(self):
        self.assertEqual("unknown", self.verdict(hours_per_week=None))
        self.assertEqual("unknown", self.verdict(contract={"kind": "other"}))
        self.assertEqual("no", self.verdict(contract={"kind": "other"}, wage_value_percent=10))

    def test_an_extension_moves_the_last_day_and_null_forgets_a_value(self):
        self.intake()
        self.job(2, "2025-01-15", **self.GOOD | {"contract": self.fixed("2025-02-14")})
        self.change(3, "2025-02-15", contract=self.fixed("2025-04-14"))
        self.change(4, "2025-03-01", hours_per_week=None)
        self.all_accepted()
        for day, found in ((date(2025, 2, 14), "no"), (date(2025, 2, 15), "yes"), (date(2025, 3, 1), "unknown"), (date(2025, 1, 14), "no")):
            self.assertEqual(found, self.log.status(T, day)["sustainable_work"])

    def test_two_jobs_are_not_added(self):
        self.intake()
        self.job(2, "2025-01-01", 900, **self.GOOD | {"hours_per_week": 8})
        self.job(3, "2025-01-01", 901, **self.GOOD | {"hours_per_week": 8})
        self.all_accepted()
        self.assertEqual("no", self.log.status(T, date(2025, 3, 31))["sustainable_work"])


class Form(Case):
    def code(self, raw: str) -> int:
        return Log().import_bytes(raw.encode("utf-8", "surrogatepass"), NOW).exit

    def test_what_is_malformed(self):
        good = self.contact(1, "2025-01-01")
        text = json.dumps(good)
        self.assertEqual(1, self.code(text))                                                        # well formed, but no intake
        for change in ({"corrects": None}, {"schema": 2}, {"schema": 1.0}, {"type": "client_erased"}, {"occurred_on": "2025-02-29"},
                       {"organisation": "Ggz"}, {"event_id": "x"}, {"extra": 1}, {"recorded_at": "2025-01-01T00:00:00.0000000Z"},
                       {"data": {"with": "client", "channel": "phone", "minutes": 30.5}}, {"data": {"with": "client"}},
                       {"data": {"with": "client", "channel": "phone", "note": {"erased": False}}}):
            self.assertEqual(2, self.code(json.dumps(good | change)), change)
        self.assertEqual(2, self.code(text[:-1] + ',"actor":"a","actor":"a"}'))
        self.assertEqual(2, self.code(text[:-1] + ',"actor":"\\ud800"}'))
        self.assertEqual(1, self.code(text[:-1] + ',"actor":"\\ud83d\\ude42"}'))
        self.assertEqual(1, self.code("\n \n" + text + "\n\n"))
        job = json.dumps({**good, "type": "paid_work_started", "data": {"job_id": uid(900), "hours_per_week": 77}})
        self.assertEqual([1, 2, 1, 2], [self.code(job.replace("77", n)) for n in ("12.25", "12.255", "90", "null")])

    def test_one_malformed_line_stops_all_and_lines_count_from_one_with_blank_ones(self):
        a, b = json.dumps(self.intake()), json.dumps(self.contact(2, "2025-01-01", recorded_at=None))
        result = self.log.import_bytes(f"{a}\n\n{b}\n{{".encode(), NOW)
        self.assertEqual([(3, uid(2), "malformed"), (4, None, "malformed")], [(r.line, r.event_id, r.code) for r in result.refusals])
        self.assertEqual(({"imported": 0, "already_present": 0, "refused": 0}, 2, 0), (result.counts(), result.exit, len(self.log.events)))

    def test_export_writes_numbers_short_and_timestamps_long(self):
        line = json.dumps(self.intake()) + "\n" + json.dumps(self.job(2, "2025-01-01", hours_per_week=0)).replace('"hours_per_week": 0', '"hours_per_week": 12.50').replace(
            "2026-01-01T00:00:00Z", "2026-01-01T02:00:00.5+02:00").replace(uid(2), uid(2).upper())
        self.assertEqual(0, self.log.import_bytes(line.encode(), NOW).exit)
        found = oracle.dumps(self.log.export(first=2)[0])
        self.assertIn('"hours_per_week":12.5}', found)
        self.assertIn('"recorded_at":"2026-01-01T00:00:00.500000Z","actor":"import"', found)
        self.assertIn('"revision":2,"position":2', found)
        self.assertEqual(["0", "-0.25", "80"], [oracle.format_number(Fraction(x)) for x in ("-0", "-0.25", "80.00")])


class Acceptance(Case):
    def test_a_repetition_is_there_already_whatever_changed_since(self):
        self.intake()
        self.contact(2, "2025-01-01")
        self.retract(3, 2)
        self.all_accepted()
        self.contact(2, "2025-01-01", recorded_at="2020-01-01T00:00:00Z", actor="another")
        self.assertEqual({"imported": 0, "already_present": 1, "refused": 0}, self.send().counts())
        self.contact(2, "2025-01-02")
        self.refused("event_id_reused", 2)

    def test_an_erased_text_equals_any_text_but_not_its_absence(self):
        self.add(1, "intake", "2024-01-01", {"client_id": CLIENT, "method": "ips", "funding": "uwv", "region": "AM18", "label": "Jan"})
        self.all_accepted()
        self.intake(data={"label": {"erased": True}})
        self.assertEqual(1, self.send().already_present)
        self.intake()
        self.refused("event_id_reused", 1)

    def test_recorded_at_runs_forward_and_not_ahead(self):
        self.intake()
        self.contact(2, "2024-01-01", recorded_at="2025-12-31T23:59:59.999999Z")
        self.refused("recorded_at_backwards", 2)
        self.contact(2, "2024-01-01", recorded_at="2026-07-01T00:00:00.000001Z")
        self.refused("recorded_at_in_future", 2)

    def test_in_future_is_judged_by_the_amsterdam_day_and_stops_may_be_a_day_ahead(self):
        late = "2026-01-10T23:00:00Z"                                       # 11 January in Amsterdam
        self.intake()
        self.add(2, "paid_work_started", "2026-01-11", {"job_id": uid(900)}, recorded_at=late)
        self.stop(3, "2026-01-12", recorded_at=late)
        self.all_accepted()
        self.contact(4, "2026-01-12", recorded_at=late)
        self.refused("in_future", 4)
        self.add(5, "paid_work_started", "2026-01-11", {"job_id": uid(901)}, recorded_at=late)
        self.stop(6, "2026-01-13", 901, recorded_at=late)
        self.refused("in_future", 6)

    def test_other_organisations_and_values(self):
        self.intake()
        self.contact(2, "2025-01-01", organisation="other")
        self.refused("organisation_mismatch", 2)
        for data, fine in (({"hours_per_week": 80}, True), ({"hours_per_week": 80.01}, False), ({"wage_value_percent": 100}, True),
                           ({"wage_value_percent": 100.01}, False), ({"hours_per_week": -0.01}, False), ({"sector": "🙂" * 4000}, True),
                           ({"sector": "🙂" * 4001}, False)):
            self.job(3, "2025-01-01", **data)
            self.assertEqual([] if fine else ["invalid_value"], [r.code for r in self.send().refusals])
            if fine:                                                        # the next one in a new log, where its id is free
                self.setUp()
                self.intake()
                self.all_accepted()
        self.change(4, "2025-01-01")
        self.refused("invalid_value", 4)
        self.add(5, "trajectory_changed", "2025-01-01", {"region": "AM04"})
        self.refused("invalid_value", 5)

    def test_start_and_outflow(self):
        self.contact(9, "2025-01-01")
        self.refused("no_intake", 9)
        self.intake(1, "2024-01-01")
        self.contact(2, "2023-12-31")
        self.job(3, "2023-01-01")
        self.outflow(4, "2024-06-30")
        self.stop(5, "2024-07-01")
        self.all_accepted()
        self.intake(10)
        self.refused("second_intake", 10, 1)
        self.outflow(10, "2024-06-30")
        self.refused("second_outflow", 10, 4)
        self.add(10, "trajectory_changed", "2023-12-31", {"funding": "uwv"})
        self.refused("before_start", 10, 1)
        self.contact(10, "2024-07-01")
        self.refused("after_outflow", 10, 4)
        self.add(10, "placement_stopped", "2024-07-02", {"placement_id": uid(7)})
        self.refused("after_outflow", 10, 4)
        self.intake(10, "2024-07-01", corrects=uid(1))
        self.refused("after_outflow", 10, 4)
        self.outflow(10, "2024-06-29", corrects=uid(4))
        self.refused("correction_breaks_timeline", 10, 5)
        self.retract(10, 3)
        self.refused("retraction_breaks_timeline", 10, 5)
        self.retract(10, 1)
        self.refused("retraction_breaks_timeline", 10, 2, 3, 4, 5)

    def test_a_late_outflow_before_a_contact_is_refused_with_the_rule_that_the_contact_breaks(self):
        self.intake()
        self.contact(2, "2024-06-01")
        self.contact(3, "2024-06-02")
        self.outflow(4, "2024-06-01")
        self.refused("after_outflow", 4, 3)

    def test_variants_are_of_ips(self):
        self.intake(1, method="wabz", data={"variant": "epa"})
        self.refused("variant_without_ips", 1)
        self.intake(1, method="wabz")
        self.add(2, "trajectory_changed", "2024-01-01", {"variant": None})
        self.all_accepted()
        self.add(3, "trajectory_changed", "2024-01-01", {"variant": "epa"})
        self.refused("variant_without_ips", 3, 1)

    def test_jobs(self):
        self.intake()
        self.job(2, "2024-02-01")
        self.change(3, "2024-03-01", hours_per_week=20)
        self.add(4, "education_started", "2024-02-01", {"education_id": uid(900)})                # each kind for itself
        self.all_accepted()
        self.stop(10, "2024-03-01", 901)
        self.refused("unknown_job", 10)
        self.job(10, "2024-05-01")
        self.refused("duplicate_id", 10, 2)
        self.stop(10, "2024-01-31")
        self.refused("stop_before_start", 10, 2)
        self.stop(10, "2024-02-29")
        self.refused("already_stopped", 10, 3)                                                    # the change is after it now
        self.change(10, "2024-02-01", contract={"kind": "fixed_term", "until": "2024-01-31"})
        self.refused("contract_ends_before_start", 10, 2)
        self.stop(5, "2024-03-01")
        self.change(6, "2024-03-01", hours_per_week=30)
        self.all_accepted()
        self.change(10, "2024-03-02", hours_per_week=30)
        self.refused("already_stopped", 10, 5)
        self.stop(10, "2024-03-05")
        self.refused("already_stopped", 10, 5)

    def test_chains_of_corrections(self):
        self.intake()
        self.contact(2, "2024-02-01")
        self.contact(3, "2024-02-02", corrects=uid(2))
        self.contact(4, "2024-02-03", corrects=uid(3))
        self.all_accepted()
        for wrong in (2, 3, 77):
            self.contact(10, "2024-02-02", corrects=uid(wrong))
            self.refused("not_effective", 10)
        self.add(10, "engagement", "2024-02-02", {"wish": "explore"}, corrects=uid(4))
        self.refused("correction_type_mismatch", 10, 4)
        self.retract(5, 4)                                                    # nothing stands in that place
        self.all_accepted()
        self.assertEqual([uid(1)], [e.event_id for e in self.log.timeline(T, 5).events])
        self.assertEqual([uid(1), uid(4)], [e.event_id for e in self.log.timeline(T, 4).events])
        for wrong in (4, 5):
            self.retract(10, wrong)
            self.refused("not_effective", 10)

    def test_the_order_of_one_day_is_that_of_the_first_of_a_chain(self):
        self.intake()
        self.add(2, "trajectory_changed", "2024-02-01", {"funding": "other"})
        self.add(3, "trajectory_changed", "2024-02-01", {"funding": "municipality"})
        self.add(4, "trajectory_changed", "2024-02-01", {"funding": "uwv"}, corrects=uid(2))
        self.all_accepted()
        self.assertEqual("municipality", self.log.timeline(T, 4).attributes(date(2024, 2, 1))["funding"])


class Decisions(Case):
    def test_only_the_timeline_after_the_last_must_be_valid(self):
        self.contact(1, "2024-01-01", decision=uid(1))
        self.intake(2, decision=uid(1))
        self.all_accepted()
        self.assertEqual([uid(1)] * 2, [e.decision for e in self.log.events])

    def test_several_retractions_together(self):
        self.intake()
        self.job(2, "2024-02-01")
        self.stop(3, "2024-03-01")
        self.all_accepted()
        self.retract(4, 2, decision=uid(4))
        self.retract(5, 3, decision=uid(4))
        self.all_accepted()
        self.assertEqual([3, 3, 5], [self.log.position_of(p) for p in (3, 4, 5)])      # never cut

    def test_the_first_that_is_wrong_is_named_and_all_lines_are_refused(self):
        self.intake()
        self.contact(2, "2024-01-01", decision=uid(2))
        self.stop(3, "2024-03-01", decision=uid(2))
        self.stop(4, "2024-03-01", 901, decision=uid(2))
        result = self.send()
        self.assertEqual(({"imported": 1, "already_present": 0, "refused": 3}, 1), (result.counts(), result.exit))
        self.assertEqual([("unknown_job", uid(3), 3)], [(r.code, r.event_id, r.line) for r in result.refusals])

    def test_the_first_of_all_is_named_when_only_others_become_wrong(self):
        self.intake()
        self.job(2, "2024-02-01")
        self.stop(3, "2024-03-01")
        self.all_accepted()
        self.contact(4, "2024-02-01", decision=uid(4))
        self.retract(5, 2, decision=uid(4))
        self.refused("unknown_job", 4, 3)

    def test_a_line_alone_has_no_decision_and_parted_lines_are_judged_apart(self):
        self.intake(decision=uid(1))
        self.contact(2, "2024-01-01")
        self.stop(3, "2024-02-01", decision=uid(3))
        self.contact(4, "2024-01-01")
        self.job(5, "2024-02-01")
        self.lines[-1]["decision"] = uid(3)
        self.refused("unknown_job", 3)
        self.assertEqual({None}, {e.decision for e in self.log.events})

    def test_what_is_there_already_counts_as_present_and_the_rest_is_judged(self):
        self.intake()
        self.contact(2, "2024-01-01", decision=uid(2))
        self.contact(3, "2024-01-01", decision=uid(2))
        self.all_accepted()
        self.contact(2, "2024-01-01", decision=uid(2))
        self.contact(3, "2024-01-01", decision=uid(2))
        self.contact(4, "2024-01-01", decision=uid(2))
        self.assertEqual({"imported": 1, "already_present": 2, "refused": 0}, self.send().counts())

    def test_strict_appends_nothing(self):
        self.intake()
        self.contact(1, "2024-01-01")
        result = self.send(strict=True)
        self.assertEqual(({"imported": 0, "already_present": 0, "refused": 1}, 1, 0), (result.counts(), result.exit, len(self.log.events)))


class Quarterly(Case):
    def test_first_and_last_days(self):
        self.intake(1, "2024-03-31")
        self.outflow(2, "2024-07-01")
        self.all_accepted()
        running = {q: self.figure(q, "running") for q in ("2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4")}
        self.assertEqual({"2023Q4": 0, "2024Q1": 1, "2024Q2": 1, "2024Q3": 1, "2024Q4": 0}, running)
        self.assertEqual((1, 0), (self.figure("2024Q1", "started"), self.figure("2024Q2", "started")))
        self.assertEqual((0, 1), (self.figure("2024Q2", "ended"), self.figure("2024Q3", "ended")))
        self.assertEqual(1, self.figure("2024Q3", "outflow_not_intended"))
        changes = self.log.figures("2024Q3", NATIONAL)["changes"]["previous_quarter"]["all"]
        self.assertEqual({"absolute": 1, "points": "100.0", "relative": None}, changes["ended"])
        self.assertEqual({"absolute": 0, "points": None, "relative": "0.0"}, changes["running"])

    def test_a_stop_the_day_after_the_outflow_leaves_the_job_active_on_it(self):
        self.intake(1, "2024-01-01")
        self.job(2, "2024-02-01")
        self.outflow(3, "2024-05-31")
        self.stop(4, "2024-06-01")
        self.all_accepted()
        self.assertEqual([1, 1, 0, 1], [self.figure("2024Q2", n) for n in ("paid_work", "outflow_paid_work", "paid_work_stopped", "outflow_intended")])
        self.stop(5, "2024-05-31", corrects=uid(4))
        self.all_accepted()
        self.assertEqual([0, 1, 1, 1], [self.figure("2024Q2", n) for n in ("paid_work", "outflow_paid_work_earlier", "paid_work_stopped", "outflow_intended")])

    def test_employment_durations(self):
        for start, end, name in (("2023-08-31", "2024-02-28", "under_6_months"), ("2023-08-31", "2024-02-29", "6_to_12_months"),
                                 ("2023-02-28", "2024-02-27", "6_to_12_months"), ("2023-02-28", "2024-02-28", "over_12_months")):
            self.setUp()
            self.intake(1, "2023-01-01")
            self.job(2, start)
            self.job(3, "2024-02-01", 901)
            self.outflow(4, end)
            self.all_accepted()
            names = ("under_6_months", "6_to_12_months", "over_12_months", "unknown")
            self.assertEqual([int(n == name) for n in names], [self.figure("2024Q1", f"employed_{n}") for n in names], (start, end))

    def test_time_to_the_first_job(self):
        for day, name in (("2023-01-01", "within_3_months"), ("2024-02-29", "within_3_months"), ("2024-03-01", "3_to_9_months"),
                          ("2024-08-30", "3_to_9_months"), ("2024-08-31", "after_9_months")):
            self.setUp()
            self.intake(1, "2023-11-30")                    # + 3 months = 29 February, + 9 months = 30 August
            self.job(2, day)
            self.job(3, "2024-09-01", 901)
            self.all_accepted()
            names = ("within_3_months", "3_to_9_months", "after_9_months")
            self.assertEqual([int(n == name) for n in names], [self.figure("2024Q3", f"first_job_{n}") for n in names], day)

    def test_a_job_that_lasted_no_day_was_started_and_stopped_but_never_held(self):
        self.intake(1, "2024-01-01")
        self.job(2, "2024-02-01")
        self.stop(3, "2024-02-01")
        self.all_accepted()
        self.assertEqual([1, 1, 0, 0], [self.figure("2024Q1", n) for n in ("paid_work_started", "paid_work_stopped", "paid_work", "ever_paid_work")])

    def test_intended_results(self):
        for method, work_ready, found in (("werkfit", True, 1), ("werkfit", False, 0), ("naar_werk", True, 0), ("wabz", None, 1), ("ips", None, 0)):
            self.setUp()
            self.intake(1, "2024-01-01", method=method)
            self.add(2, "placement_started", "2023-12-01", {"placement_id": uid(800), "kind": "day_activity"})
            self.add(3, "placement_stopped", "2024-01-02", {"placement_id": uid(800)})
            self.outflow(4, "2024-03-01", {} if work_ready is None else {"work_ready": work_ready})
            self.all_accepted()
            self.assertEqual((found, 1 - found), (self.figure("2024Q1", "outflow_intended"), self.figure("2024Q1", "outflow_not_intended")), method)

    def test_werkfit_has_no_percentage_of_sustainable_work(self):
        good = SustainableWork.GOOD
        for n, (method, job) in enumerate((("ips", good), ("ips", None), ("werkfit", good))):
            t = f"00000000-0000-4000-8000-0000000000b{n}"
            self.intake(10 * n + 1, method=method, data={"client_id": uid(500 + n)}, trajectory_id=t)
            if job:
                self.add(10 * n + 2, "paid_work_started", "2024-02-01", {"job_id": uid(900)} | job, trajectory_id=t)
        self.all_accepted()
        answer = self.log.figures("2024Q1", NATIONAL)
        self.assertEqual((2, "50.0", "66.7"), (answer["figures"]["all"]["sustainable_work"], answer["percentages"]["all"]["sustainable_work"],
                                               answer["percentages"]["all"]["paid_work"]))
        self.assertNotIn("sustainable_work", answer["percentages"]["by_method"]["werkfit"])
        self.assertEqual({"ips": "66.7", "werkfit": "33.3"}, answer["shares"]["by_method"])
        self.assertEqual({}, answer["shares"]["by_method_variant"])

    def test_schemes_of_the_year_count_those_that_ended_too(self):
        self.intake(1, "2024-01-01", data={"scheme": "a"})
        self.add(2, "trajectory_changed", "2024-02-01", {"scheme": "b"})
        self.outflow(3, "2024-02-15")
        self.all_accepted()
        for q, found in (("2023Q4", {}), ("2024Q1", {"b": 1}), ("2024Q4", {"b": 1}), ("2025Q1", {})):
            self.assertEqual(found, self.figure(q, "scheme_started_year_to_date"))
        self.assertEqual(0, self.figure("2024Q4", "running"))

    def test_region_and_funding_are_those_of_the_reference_day(self):
        self.intake(1, "2024-01-01")
        self.add(2, "trajectory_changed", "2024-04-01", {"region": "AM05", "funding": "other"})
        self.all_accepted()
        for quarter, region, n in (("2024Q1", "AM18", 1), ("2024Q1", "AM05", 0), ("2024Q2", "AM18", 0), ("2024Q2", "AM05", 1)):
            answer = self.log.figures(quarter, oracle.parse_scope(f"region:{region}"))
            self.assertEqual(n, answer["figures"]["all"]["running"])
            self.assertEqual({"level": "region", "region": region}, answer["scope"])

    def test_provisional_until_midnight_in_amsterdam(self):
        end = datetime(2024, 3, 31, 22, tzinfo=UTC)
        for moment, found in ((end - timedelta(microseconds=1), True), (end, False)):
            self.assertEqual(found, self.log.figures("2024Q1", NATIONAL, as_of=moment)["provisional"])
        self.assertEqual({"position": 0, "recorded_at": None}, self.log.figures("2024Q1", NATIONAL)["as_of"])

    def test_an_as_of_position_sees_nothing_later(self):
        self.intake(1, "2024-01-01")
        self.retract(2, 1)
        self.all_accepted()
        self.assertEqual([0, 1, 0], [self.figure("2024Q1", "running", as_of=p) for p in (0, 1, 2)])


class Steps(Case):
    def test_the_latest_step_reached(self):
        self.intake(1, "2024-01-01")
        self.add(2, "contact", "2024-01-02", {"with": "employer", "channel": "phone"})
        self.add(3, "engagement", "2024-01-03", {"wish": "paid_work"})
        self.add(4, "assessment", "2024-01-04", {})
        self.add(5, "contact", "2024-01-05", {"with": "employer", "channel": "phone"})
        self.job(6, "2024-01-06")
        self.stop(7, "2024-01-07")
        self.outflow(8, "2024-01-08")
        self.all_accepted()
        steps = [self.log.status(T, date(2024, 1, d))["step"] for d in range(1, 10)]
        self.assertEqual(["intake", "intake", "engagement", "assessment", "placement", "coaching", "coaching", "outflow", "outflow"], steps)
        self.assertEqual([True, False], [self.log.status(T, date(2024, 1, d))["running"] for d in (8, 9)])


class RandomLogs(unittest.TestCase):
    def test_the_identity_of_running_started_and_ended_holds_at_one_position(self):
        log = Log()
        log.import_bytes(random_log.random_log(1, 800), random_log.NOW)
        for q in ("2023Q3", "2024Q1", "2024Q4", "2025Q2"):
            now, then = (log.figures(x, NATIONAL)["figures"]["all"] for x in (q, oracle.quarter_back(q, 1)))
            self.assertEqual(now["running"], then["running"] - then["ended"] + now["started"])

    def test_an_export_imported_again_is_the_same_log(self):
        log, again = Log(), Log()
        log.import_bytes(random_log.random_log(2, 500), random_log.NOW)
        lines = [oracle.dumps(x) for x in log.export()]
        result = again.import_bytes("\n".join(lines).encode(), random_log.NOW)
        self.assertEqual((len(lines), []), (result.imported, result.refusals))
        self.assertEqual(lines, [oracle.dumps(x) for x in again.export()])

    def test_the_same_seed_gives_the_same_file(self):
        self.assertEqual(random_log.random_log(5, 100), random_log.random_log(5, 100))


if __name__ == "__main__":
    unittest.main()
