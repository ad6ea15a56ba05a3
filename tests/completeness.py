"""Whether the program tells of the published log what lies behind jobcoaching's decline: who stopped delivering, and who still does.

    python3 tests/completeness.py --bin target/release/trajectlog --data FOLDER    a folder that holds `generate --published`
"""

import argparse
import json
import subprocess
import sys

# The published report tells a decline of 133 trajectories within a year, and that some organisations no longer delivered.
EXPECTED = {"then": 257, "now": 124, "change": -133, "panel_change": -78, "stopped": 55, "joined": 0}
STOPPED = 5

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--bin", required=True)
arguments.add_argument("--data", required=True)
asked = arguments.parse_args()

command = [asked.bin, "--data", asked.data, "completeness", "--quarter", "2025Q1", "--as-of", "2025-05-15T12:00:00Z", "--format", "json"]
told = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
[jobcoaching] = [one for one in told["panel"]["year_earlier"]["methods"] if one["method"] == "jobcoaching"]
running = {name: jobcoaching["measures"]["running"].get(name) for name in EXPECTED}
stopped = jobcoaching["organisations"]["stopped"]
print(f"jobcoaching against a year earlier: {running}, stopped delivering: {', '.join(stopped)}")
wrong = (running != EXPECTED) + (len(stopped) != STOPPED)
print(f"completeness: {wrong} of 2 wrong (expected {EXPECTED} and {STOPPED} organisations)")
sys.exit(1 if wrong else 0)
