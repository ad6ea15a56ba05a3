#!/usr/bin/env python3
"""Cuts the power of a file system under the writer: what the file system has not been made to write is gone.

The file system lies in a file and is stopped by the shutdown call of ext4 and xfs, without flushing their journals. With
--no-sync the writer acknowledges without syncing: then some cuts must lose something, or this test proves nothing."""

import argparse
import random
import sys
import time

import faultlib


def cut_once(binary, disk, mount, dice, options, acknowledged):
    """One life of the file system: (writer, what --verify says after it)."""
    faultlib.run("mount", "-o", "loop", disk, mount)
    try:
        with faultlib.Writer(binary, mount / "data", *options) as writer:
            writer.first.wait(timeout=10)
            if "--no-sync" in options:
                # Lets the files themselves last: what is to be lost is the log's end, not its folder.
                faultlib.run("sync", "-f", mount)
            time.sleep(dice.uniform(0.05, 1.0))
            faultlib.run("xfs_io", "-x", "-c", "shutdown", mount)
            # It goes on for a moment: what it acknowledges now counts too.
            time.sleep(0.1)
    finally:
        faultlib.run("umount", mount)
    faultlib.run("mount", "-o", "loop", disk, mount)
    try:
        return writer, faultlib.verify(binary, mount / "data", max(acknowledged, writer.acknowledged))
    finally:
        faultlib.run("umount", mount)


def cut(kind, call, binary, dice):
    """All cuts of one kind of file system: whether they went as they must."""
    options = ["--writers", call.writers, "--segment-bytes", 1_000_000] + (["--no-sync"] if call.no_sync else [])
    acknowledged, appends, lost, damaged, answers = 0, 0, 0, 0, []
    with faultlib.image(kind, 512) as (disk, mount):
        for _ in range(call.cuts):
            writer, (code, answer) = cut_once(binary, disk, mount, dice, options, acknowledged)
            appends += writer.count
            if writer.count == 0:
                answers.append(f"nothing was written: {writer.said}")
                lost += 1
            elif code == 0:
                acknowledged = int(answer)
                continue
            else:
                answers.append(answer)
                lost += 1
                damaged += code == faultlib.DAMAGED
            # A log that lost something is of no further use.
            acknowledged = 0
            faultlib.make_file_system(kind, disk, 512)
    good = lost > 0 if call.no_sync else lost == 0
    for answer in answers[: 3 if good else None]:
        print(f"  {answer}")
    print(
        f"{'ok' if good else 'FAILED'}: {kind}, {'without' if call.no_sync else 'with'} syncing: {call.cuts} power cuts under "
        f"{call.writers} writers, {appends} acknowledged appends, {lost} cuts lost something acknowledged ({damaged} of them seen as damage)"
    )
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--file-systems", default="ext4,xfs")
    parser.add_argument("--no-sync", action="store_true", help="acknowledge without syncing: must lose something")
    parser.add_argument("--seed", type=int, default=None)
    call = parser.parse_args()
    kinds = call.file_systems.split(",")
    faultlib.need_root()
    faultlib.need_programs("mount", "umount", "xfs_io", *(f"mkfs.{kind}" for kind in kinds))
    binary = faultlib.build(["unsafe-no-sync-for-tests"] if call.no_sync else [])
    dice = random.Random(call.seed)
    return 0 if all([cut(kind, call, binary, dice) for kind in kinds]) else 1


if __name__ == "__main__":
    sys.exit(main())
