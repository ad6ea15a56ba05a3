"""Prometheus rules and the Grafana dashboard: they parse, name metrics that exist, and each alert fires when it should and only then.

    alerts.py          all of it, then the same checks against spoiled rules, which must be caught

Every alert is made one that never fires and one that always does; `promtool test rules` must notice both.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checklib import DEPLOY, TOOLS, Checks, ends, program, skip

try:
    import yaml
except ImportError:
    skip("PyYAML is not installed and could not be")

PROMTOOL = program("promtool", "PROMTOOL", TOOLS / "promtool" / "usr" / "bin")
# What Prometheus itself adds.
OURS_NOT = {"up": set()}
ADDED_LABELS = {"instance", "job", "le"}


def promtool(*arguments, cwd):
    found = subprocess.run([PROMTOOL, *arguments], cwd=cwd, capture_output=True, text=True)
    return found.returncode, (found.stdout + found.stderr).strip()


def metrics(path):
    """The list of metrics: name to labels, with the series that a histogram has."""
    known = dict(OURS_NOT)
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, kind, labels, _ = line.split(None, 3)
        labels = set() if labels == "-" else set(labels.split(","))
        for suffix in ("_bucket", "_sum", "_count") if kind == "histogram" else ("",):
            known[name + suffix] = labels | ADDED_LABELS
    return known


def judge_expression(checks, expression, known, where):
    """Every metric is in the list, and every label in a selector or a grouping is one of a metric named in the expression."""
    names = set(re.findall(r"\btrajectlog_\w+|\bup\b", expression))
    checks.check(names, f"{where} names a metric")
    for name in names:
        checks.check(name in known, f"{where}: the metric {name} is in metrics.txt")
    allowed = set().union(ADDED_LABELS, *(known.get(name, set()) for name in names))
    used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression))
    for group in re.findall(r"\b(?:by|on|without)\s*\(([^)]*)\)", expression):
        used |= {word.strip() for word in group.split(",")}
    for label in used:
        checks.check(label in allowed, f"{where}: the label {label} exists")


def judge(checks, folder):
    prometheus = folder / "prometheus"
    known = metrics(folder / "metrics.txt")
    for arguments in (("check", "config", "prometheus.yml"), ("check", "rules", "rules.yml")):
        code, said = promtool(*arguments, cwd=prometheus)
        checks.equal(code, 0, f"promtool {' '.join(arguments)}: {said}")
    code, said = promtool("test", "rules", "rules.test.yml", cwd=prometheus)
    checks.equal(code, 0, f"the rules' tests: {said}")

    rules = [rule for group in yaml.safe_load((prometheus / "rules.yml").read_text())["groups"] for rule in group["rules"]]
    cases = yaml.safe_load((prometheus / "rules.test.yml").read_text())["tests"]
    readme = (folder / "README.md").read_text()
    for rule in rules:
        name = rule["alert"]
        judge_expression(checks, rule["expr"], known, name)
        checks.check(rule["labels"].get("severity") in ("critical", "warning"), f"{name} says how severe it is")
        checks.check({"summary", "description"} <= rule["annotations"].keys(), f"{name} says what it means and what to do")
        asked = [test for case in cases for test in case["alert_rule_test"] if test["alertname"] == name]
        checks.check(any(test["exp_alerts"] for test in asked), f"{name} has a test in which it fires")
        checks.check(any(not test["exp_alerts"] for test in asked), f"{name} has a test in which it doesn't")
        checks.check(f"`{name}`" in readme, f"{name} is in the operator's page")
    for name in re.findall(r"`(Trajectlog[A-Z]\w+)`", readme):
        checks.check(name in {rule["alert"] for rule in rules}, f"the operator's page names {name}, which is an alert")

    dashboard = json.loads((folder / "grafana" / "dashboard.json").read_text())
    asked = [(panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel["targets"]]
    for title, expression in asked:
        judge_expression(checks, expression.replace("$__rate_interval", "5m"), known, f"the panel '{title}'")
    checks.equal(len({panel["id"] for panel in dashboard["panels"]}), len(dashboard["panels"]), "panels have ids of their own")
    places = [(p["gridPos"]["x"], p["gridPos"]["y"], p["gridPos"]["w"], p["gridPos"]["h"]) for p in dashboard["panels"]]
    overlaps = [(a, b) for n, a in enumerate(places) for b in places[:n] if a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]]
    checks.check(not overlaps, f"panels do not cover each other: {overlaps}")
    shown = set(re.findall(r"\btrajectlog_\w+", " ".join(expression for _, expression in asked) + " ".join(rule["expr"] for rule in rules)))
    for name in known.keys() - OURS_NOT.keys():
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        checks.check(any(each.startswith(base) for each in shown), f"{base} is looked at by an alert or a panel")
    return rules, len(asked)


def spoiled_rules(rules):
    """Each alert so that it never fires, and so that it always does."""
    for rule in rules:
        for how, expression in (("never fires", "vector(0) > 1"), ("always fires", "vector(1)")):
            yield f"{rule['alert']} {how}", rule["alert"], expression


# File, what stands there, what is put in its place; and what a check must say of it.
SPOILED = {
    "a metric that does not exist": ("prometheus/rules.yml", "trajectlog_log_available", "trajectlog_log_there", "trajectlog_log_there is in metrics.txt"),
    "a metric of the dashboard that does not exist": ("grafana/dashboard.json", "trajectlog_projector_lag_events", "trajectlog_projector_lag", "trajectlog_projector_lag is in metrics.txt"),
    "a label that does not exist": ("prometheus/rules.yml", "sum by (code)", "sum by (reason)", "the label reason exists"),
    "an alert without a test": ("prometheus/rules.test.yml", "alertname: TrajectlogDown", "alertname: TrajectlogAppendsSlow", "TrajectlogDown has a test"),
    "an alert that the operator's page does not know": ("prometheus/rules.yml", "alert: TrajectlogDown", "alert: TrajectlogGone", "TrajectlogGone is in the operator's page"),
    "a rule that is no expression": ("prometheus/rules.yml", "trajectlog_projector_stopped == 1", "trajectlog_projector_stopped == ", "promtool check rules"),
    "a metric that nobody looks at": ("metrics.txt", "trajectlog_appends_total ", "trajectlog_other_total gauge - x\ntrajectlog_appends_total ", "trajectlog_other_total is looked at"),
}


def main():
    checks, caught = Checks(), {}
    rules, panels = judge(checks, DEPLOY)
    with tempfile.TemporaryDirectory() as passing:
        for name, (file, good, bad, expected) in SPOILED.items():
            folder = copy_to(passing)
            text = (folder / file).read_text()
            if good not in text:
                sys.exit(f"{file} has no more {good!r}: mend the self-test")
            (folder / file).write_text(text.replace(good, bad, 1) if file.endswith((".txt", ".test.yml")) else text.replace(good, bad))
            tried = Checks(quiet=True)
            try:
                judge(tried, folder)
            except yaml.YAMLError as error:
                tried.check(False, str(error))
            caught[name] = any(expected in what for what in tried.wrong)
        for name, alert, expression in spoiled_rules(rules):
            folder = copy_to(passing) / "prometheus"
            document = yaml.safe_load((folder / "rules.yml").read_text())
            for group in document["groups"]:
                for rule in group["rules"]:
                    if rule["alert"] == alert:
                        rule["expr"] = expression
                        rule.pop("for", None)
            (folder / "rules.yml").write_text(yaml.safe_dump(document))
            # Only its own cases: the others say nothing of it, and some go over a day.
            cases = yaml.safe_load((folder / "rules.test.yml").read_text())
            cases["tests"] = [case for case in cases["tests"] if case["alert_rule_test"][0]["alertname"] == alert]
            (folder / "rules.test.yml").write_text(yaml.safe_dump(cases))
            caught[name] = promtool("test", "rules", "rules.test.yml", cwd=folder)[0] != 0
    ends(checks, caught, f"alerts: {len(rules)} rules, {panels} queries of the dashboard, {len(metrics(DEPLOY / 'metrics.txt')) - 1} series")


def copy_to(passing):
    folder = Path(passing) / "deploy"
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(DEPLOY, folder)


if __name__ == "__main__":
    main()
