#!/usr/bin/env python3
"""Fills a small file system: appends are refused in clear words, nothing acknowledged is lost, reading goes on, and
writing resumes once there is room, in the same process and after reopening."""

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import faultlib

MEBIBYTES = 24
BALLAST = 3 << 20
PATIENCE = 150


@contextmanager
def small_disk(kind):
    if kind == "tmpfs":
        with tempfile.TemporaryDirectory(prefix="full.") as folder:
            faultlib.run("mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "none", folder)
            try:
                yield Path(folder)
            finally:
                faultlib.run("umount", folder)
    else:
        # xfs refuses to be small: a filler takes what is too much.
        with faultlib.image(kind, 320) as (disk, mount):
            faultlib.run("mount", "-o", "loop", disk, mount)
            free = os.statvfs(mount)
            with (mount / "filler").open("wb") as filler:
                os.posix_fallocate(filler.fileno(), 0, free.f_bavail * free.f_bsize - (MEBIBYTES << 20))
            yield mount


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen in {PATIENCE} s")
        time.sleep(0.02)


def fill(kind, call, binary):
    """Fills one file system several times; gives how often it was full, and the last acknowledged position."""
    options = ["--writers", call.writers, "--segment-bytes", 700_000]
    with small_disk(kind) as mount:
        ballasts = [mount / f"ballast{index}" for index in range(call.rounds)]
        for ballast in ballasts:
            ballast.write_bytes(bytes(BALLAST))
        with faultlib.Writer(binary, mount / "data", *options) as writer:
            for ballast in ballasts:
                wait_until_full(writer)
                code, answer = faultlib.verify(binary, mount / "data", writer.acknowledged, "--read-only")
                assert code == 0, f"reading beside the full writer: {answer}"
                before = writer.acknowledged
                ballast.unlink()
                wait_until(lambda: writer.acknowledged > before, "writing on after room was made")
            wait_until_full(writer)
        # A log must open, and be readable, on a full disk too.
        code, answer = faultlib.verify(binary, mount / "data", writer.acknowledged)
        assert code == 0, f"reopening on the full disk: {answer}"
        before = int(answer)
        make_room(kind, mount)
        with faultlib.Writer(binary, mount / "data", *options) as writer:
            wait_until(lambda: writer.acknowledged > before, "writing on after reopening")
        code, answer = faultlib.verify(binary, mount / "data", writer.acknowledged)
        assert code == 0, f"after writing on: {answer}"
    return len(ballasts) + 1, int(answer)


def wait_until_full(writer):
    """Until several writers have been told so, in the words that they should be told."""
    said = len(writer.said)
    wait_until(lambda: len(writer.said) > said + 2, "a full disk")
    for words in writer.said[said:]:
        assert words.startswith("full: ") and "No space left" in words and "readable: Ok(Ok(" in words, words


def make_room(kind, mount):
    if kind == "tmpfs":
        faultlib.run("mount", "-o", f"remount,size={2 * MEBIBYTES}m", mount)
    else:
        (mount / "filler").unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--file-systems", default="tmpfs,ext4,xfs")
    call = parser.parse_args()
    kinds = call.file_systems.split(",")
    faultlib.need_root()
    faultlib.need_programs("mount", "umount", *(f"mkfs.{kind}" for kind in kinds if kind != "tmpfs"))
    binary = faultlib.build()
    good = True
    for kind in kinds:
        try:
            fulls, acknowledged = fill(kind, call, binary)
            print(f"ok: {kind} was full {fulls} times, all {acknowledged} acknowledged events are there, and writing went on")
        except AssertionError as failure:
            good = False
            print(f"FAILED: {kind}: {failure}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
