"""What the fault tests share: the helper binary, file systems to spoil, and the count of what was acknowledged."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SKIPPED = 77
DAMAGED = 4


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def need_root():
    if os.geteuid() != 0:
        skip("mounting file systems needs root")


def need_programs(*names):
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        skip(f"not installed: {', '.join(missing)}")


def build(features=()):
    """Builds the helper, and gives its path."""
    command = ["cargo", "build", "--quiet", "--locked", "--message-format=json"]
    if features:
        command += ["--package", "log-embedded", "--example", "faultwriter", "--features", ",".join(features)]
    else:
        # As the tests were built: of this package alone other features would be wanted of what it needs, and that is built once more.
        command += ["--workspace", "--all-targets"]
    out = subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in out.splitlines():
        message = json.loads(line)
        if message.get("executable") and message.get("target", {}).get("name") == "faultwriter":
            # A copy: another build must not exchange it in the middle of a test.
            copy = Path(tempfile.mkdtemp(prefix="faultwriter.")) / "faultwriter"
            shutil.copy2(message["executable"], copy)
            return copy
    sys.exit("cargo named no binary")


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


class Writer:
    """A helper that writes. What it acknowledges is gathered here, outside of the file system that it writes to."""

    def __init__(self, binary, folder, *options):
        command = [str(binary), str(folder), *(str(option) for option in options)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.acknowledged = 0
        self.count = 0
        self.said = []
        self.first = threading.Event()
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._gather, self._listen)]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def _gather(self):
        for line in self.process.stdout:
            # A killed writer may leave half a line: that number was never told to anyone.
            if line.endswith("\n"):
                self.acknowledged = max(self.acknowledged, int(line))
                self.count += 1
                self.first.set()

    def _listen(self):
        for line in self.process.stderr:
            self.said.append(line.rstrip())

    def join(self):
        """Waits for its end and for all that it has said."""
        code = self.process.wait()
        for thread in self._threads:
            thread.join()
        return code

    def kill(self):
        self.process.kill()
        return self.join()


def verify(binary, folder, least, *options):
    """Opens and reads everything: (exit code, last position or what is wrong)."""
    command = [str(binary), str(folder), "--verify", str(least), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, (done.stdout if done.returncode == 0 else done.stderr).strip()


@contextmanager
def image(kind, mebibytes):
    """A file with a file system in it, and a folder to mount it on."""
    with tempfile.TemporaryDirectory(prefix="faults.") as folder:
        disk, mount = Path(folder) / "disk", Path(folder) / "mount"
        mount.mkdir()
        make_file_system(kind, disk, mebibytes)
        try:
            yield disk, mount
        finally:
            subprocess.run(["umount", str(mount)], stderr=subprocess.DEVNULL)


def make_file_system(kind, disk, mebibytes):
    disk.unlink(missing_ok=True)
    with disk.open("wb") as file:
        file.truncate(mebibytes << 20)
    run(f"mkfs.{kind}", "-q", disk)
