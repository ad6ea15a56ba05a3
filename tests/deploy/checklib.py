"""What the checks of deploy/ and docs/contracts share: skipping, counting, and proving that a check can fail."""

import os
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "deploy"
TOOLS = REPOSITORY / "tests" / ".tools"
SKIPPED = 77


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def program(name, variable=None, *folders):
    """The path of a program: what the environment says, else in one of the folders, else on the path; else the step is skipped."""
    told = os.environ.get(variable) if variable else None
    for candidate in [told, *(folder / name for folder in folders)]:
        if candidate and os.access(candidate, os.X_OK):
            return str(candidate)
    return shutil.which(name) or skip(f"{name} is not installed and could not be")


class Checks:
    """Counts what was checked and keeps what was wrong. Quiet ones are of self-tests, which are meant to find faults."""

    def __init__(self, quiet=False):
        self.done, self.wrong, self.quiet = 0, [], quiet

    def check(self, holds, what):
        self.done += 1
        if not holds:
            self.wrong.append(what)
            if not self.quiet:
                print(f"WRONG: {what}")
        return holds

    def equal(self, found, expected, what):
        return self.check(found == expected, f"{what}: expected {expected!r}, found {found!r}")


def ends(checks, spoiled, what):
    """Ends a step: `spoiled` has for each broken input whether the check caught it."""
    for name, caught in spoiled.items():
        if not caught:
            print(f"WRONG: this spoiled input was not caught: {name}")
    missed = sum(not caught for caught in spoiled.values())
    print(f"{what}: {checks.done} checks, {len(checks.wrong)} wrong; {len(spoiled)} spoiled inputs, {missed} not caught")
    sys.exit(1 if checks.wrong or missed or not checks.done or not spoiled else 0)
