#!/usr/bin/env python3
"""Fills the disk under an import: it ends with exit 3 and a sentence, what was durable can be read, and the repeated import finishes.

    python3 import_disk_full.py --bin target/release/trajectlog

A small tmpfs holds the data folder. The import runs out of room; then figures and export must still answer, the tmpfs is made larger,
and the same import must end with everything present once: its export is the same bytes as that of an import that never ran out of room.
Needs root for mounting: otherwise exit 77 (skipped).
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile


def run(*command, expect=0):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != expect:
        sys.exit(f"{' '.join(command)}: exit {result.returncode}, expected {expect}\n{result.stderr[-2000:]}")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the trajectlog program")
    parser.add_argument("--trajectories", type=int, default=4000)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.bin)
    if os.geteuid() != 0:
        print("only root can mount a small file system")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        lines, small, whole = (os.path.join(folder, name) for name in ("events.jsonl", "small", "whole"))
        run(program, "generate", "--trajectories", str(arguments.trajectories), "--out", lines)
        events = sum(1 for _ in open(lines, encoding="utf-8"))
        run(program, "import", lines, "--data", whole)
        expected = run(program, "export", "--data", whole).stdout
        os.mkdir(small)
        run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", small)
        try:
            data = os.path.join(small, "data")
            refused = run(program, "import", lines, "--data", data, expect=3)
            if "room" not in refused.stderr and "space" not in refused.stderr.lower():
                sys.exit(f"the error does not say what to do: {refused.stderr}")
            run(program, "figures", "--quarter", "2024Q4", "--data", data)
            before = run(program, "export", "--data", data).stdout
            if not expected.startswith(before):
                sys.exit("what was durable is not the beginning of the whole")
            run("mount", "-o", "remount,size=200m", small)
            again = json.loads(run(program, "import", lines, "--data", data).stdout.splitlines()[-1])
            after = run(program, "export", "--data", data).stdout
            kept = before.count("\n")
            if after != expected or again != {"imported": events - kept, "already_present": kept, "refused": 0}:
                sys.exit(f"after room was made: {again}, and the export {'equals' if after == expected else 'differs from'} the whole")
        finally:
            run("umount", small)
    print(f"disk full after {kept} of {events} events: exit 3, figures and export went on, the repeated import finished the same log")


if __name__ == "__main__":
    main()
