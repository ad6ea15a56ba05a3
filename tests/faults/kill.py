#!/usr/bin/env python3
"""Kills the writer at random moments: nothing acknowledged is lost, and the log opens by itself each time."""

import argparse
import random
import sys
import tempfile
import time

import faultlib


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=None)
    call = parser.parse_args()
    dice = random.Random(call.seed)
    binary = faultlib.build()
    acknowledged, more, failures = 0, 0, []
    with tempfile.TemporaryDirectory(prefix="kill.") as folder:
        for kill in range(call.kills):
            # Short segments, so that kills also strike between one and the next.
            with faultlib.Writer(binary, folder, "--writers", call.writers, "--segment-bytes", 200_000) as writer:
                writer.first.wait(timeout=10)
                time.sleep(dice.uniform(0, 0.4))
            acknowledged = max(acknowledged, writer.acknowledged)
            code, answer = faultlib.verify(binary, folder, acknowledged)
            if code != 0 or writer.count == 0:
                failures.append(f"kill {kill + 1}: exit code {code}, {answer}")
                break
            more += int(answer) > acknowledged
            acknowledged = int(answer)
    for failure in failures:
        print(failure)
    print(
        f"{'FAILED' if failures else 'ok'}: {call.kills} kills of {call.writers} writers, {acknowledged} events, "
        f"{len(failures)} logs lost something acknowledged or did not open; {more} held more than was acknowledged"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
