"""The units of deploy/systemd: systemd finds nothing to complain of, they are closed enough, and they say what the program needs.

    systemd.py         all of it, then the same checks against spoiled units, which must be caught

The units are read by `systemd-analyze` and not run: that takes a machine that systemd runs.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checklib import DEPLOY, Checks, ends, program, skip

ANALYZE = program("systemd-analyze")
# `systemd-analyze security` counts from 0 (closed) to 10 (open). What is left at 1.2 is the network, which a server needs. In tenths.
MOST_EXPOSED = 15
EXECUTABLES = ("/usr/local/bin/trajectlog", "/usr/local/bin/nats-server")
# Of each unit of the program: its arguments, and whether it may have the master key.
PROGRAM = {
    "trajectlog.service": ("serve", True),
    "trajectlog-gateway.service": ("serve --role gateway", True),
    "trajectlog-sustainable-work.service": ("serve --role sustainable-work", False),
    "trajectlog-werkmonitor.service": ("serve --role werkmonitor", False),
}


# What no unit may be without, whatever it counts for.
CLOSED = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "CapabilityBoundingSet": "", "UMask": "0077", "StateDirectoryMode": "0700"}


def offline():
    """Units are judged without a running systemd from version 250 on."""
    said = subprocess.run([ANALYZE, "--version"], capture_output=True, text=True).stdout
    version = int(re.search(r"systemd (\d+)", said)[1])
    if version < 250:
        skip(f"systemd {version} cannot judge units that are not loaded (250 can)")
    return version


def examine(checks, folder):
    units = sorted(folder.glob("*.service"))
    checks.equal([unit.name for unit in units], sorted([*PROGRAM, "nats-server.service"]), "the units")
    with tempfile.TemporaryDirectory() as passing:
        # The commands need not be installed here: a program that is there stands in for them.
        copies = Path(passing)
        for unit in units:
            text = unit.read_text()
            for executable in EXECUTABLES:
                text = text.replace(executable, "/bin/true")
            (copies / unit.name).write_text(text)
        for unit in units:
            found = subprocess.run([ANALYZE, "verify", "--man=no", copies / unit.name], capture_output=True, text=True, cwd=copies)
            said = [line for line in (found.stdout + found.stderr).splitlines() if unit.name in line]
            checks.check(found.returncode == 0 and not said, f"systemd reads {unit.name}: {said or found.stderr.strip()}")
            limit = ["--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}"]
            found = subprocess.run([ANALYZE, "security", *limit, copies / unit.name], capture_output=True, text=True)
            exposed = found.stdout.strip().splitlines()[-1] if found.stdout else found.stderr.strip()
            checks.check(found.returncode == 0, f"{unit.name} is closed: {exposed}")
            print_unless(checks, f"{unit.name}: {exposed.removeprefix('→ ').encode('ascii', 'ignore').decode().strip()}")
    for unit in units:
        says = settings(unit)
        for name, value in CLOSED.items():
            checks.equal(says.get(name), [value], f"{unit.name} has {name}={value}")
        checks.check(says.get("User", ["root"]) != ["root"], f"{unit.name} does not run as root")
        if unit.name not in PROGRAM:
            checks.equal(says.get("KillSignal"), ["SIGUSR2"], f"{unit.name} hands over before it ends")
            continue
        arguments, key = PROGRAM[unit.name]
        checks.equal(says.get("ExecStart"), [f"/usr/local/bin/trajectlog {arguments}"], f"{unit.name} runs its role")
        checks.equal(says.get("Type"), ["notify"], f"{unit.name} is ready when it says so")
        checks.check("WatchdogSec" in says, f"{unit.name} is watched")
        checks.equal(bool(says.get("LoadCredential")), key, f"{unit.name}: who has the master key")
        folder_of = f"/var/lib/{says.get('StateDirectory', ['?'])[0]}"
        checks.check(f"TRAJECTLOG_DATA={folder_of}" in says.get("Environment", []), f"{unit.name} keeps its data in {folder_of}")
        checks.check("4" in says.get("RestartPreventExitStatus", [""])[0].split(), f"{unit.name} does not begin again over damage")
        checks.check(not any(re.search(r"(MASTER_KEY|PASSWORD)=", each) or "@" in each for each in says.get("Environment", [])), f"{unit.name} holds no secret")


def settings(unit):
    found = {}
    for line in unit.read_text().splitlines():
        if "=" in line and not line.startswith(("#", ";")):
            name, value = line.split("=", 1)
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def print_unless(checks, text):
    if not checks.quiet:
        print(text)


# What is spoiled: unit, what stands there, what is put in its place; and what a check must say of it.
SPOILED = {
    "a word that systemd does not know": ("trajectlog.service", "NoNewPrivileges=", "NoNewPrivilege=", "systemd reads trajectlog.service"),
    "a value that it does not know": ("nats-server.service", "ProtectSystem=strict", "ProtectSystem=strong", "systemd reads nats-server.service"),
    "an open unit": ("trajectlog-gateway.service", "CapabilityBoundingSet=\n", "", "trajectlog-gateway.service is closed"),
    "a file system that can be written": ("trajectlog-werkmonitor.service", "ProtectSystem=strict", "ProtectSystem=no", "has ProtectSystem"),
    "a projector with the master key": ("trajectlog-werkmonitor.service", "[Service]\n", "[Service]\nLoadCredential=master.key:/etc/trajectlog/master.key\n", "who has the master key"),
    "the wrong role": ("trajectlog-gateway.service", "--role gateway", "--role werkmonitor", "runs its role"),
    "data in another folder": ("trajectlog.service", "TRAJECTLOG_DATA=/var/lib/trajectlog", "TRAJECTLOG_DATA=/srv/trajectlog", "keeps its data"),
    "a password in the unit": ("trajectlog-gateway.service", "[Service]\n", "[Service]\nEnvironment=TRAJECTLOG_NATS=tls://gateway:secret@n1\n", "holds no secret"),
}


def main():
    version = offline()
    checks, caught = Checks(), {}
    examine(checks, DEPLOY / "systemd")
    for name, (unit, good, bad, expected) in SPOILED.items():
        with tempfile.TemporaryDirectory() as folder:
            spoiled = shutil.copytree(DEPLOY / "systemd", Path(folder) / "systemd") / unit
            text = spoiled.read_text()
            if good not in text:
                sys.exit(f"{unit} has no more {good!r}: mend the self-test")
            spoiled.write_text(text.replace(good, bad, 1))
            tried = Checks(quiet=True)
            examine(tried, spoiled.parent)
            caught[name] = any(expected in what for what in tried.wrong)
    ends(checks, caught, f"systemd {version}: {len(PROGRAM) + 1} units")


if __name__ == "__main__":
    main()
