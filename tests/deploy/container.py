"""The container files: they parse, the compose file by its specification, and keep what deploy/README.md says. Nothing is built here.

    container.py       all of it, then the same checks against spoiled files, which must be caught
"""

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from checklib import DEPLOY, REPOSITORY, Checks, ends, skip

try:
    import compose_spec
    import yaml
except ImportError:
    skip("compose-spec and PyYAML are not installed and could not be")

KNOWN = {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
SERVICES = {"n1", "n2", "n3", "gateway", "sustainable-work", "werkmonitor"}


def instructions(text):
    """A Containerfile as a list of (word, arguments), with continued lines joined."""
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    return [tuple(line.split(None, 1)) for line in lines if line.strip()]


def judge_containerfile(checks, text):
    steps = instructions(text)
    for step in steps:
        checks.check(len(step) == 2 and step[0] in KNOWN, f"an instruction: {' '.join(step)[:80]}")
    steps = [step for step in steps if len(step) == 2]
    stages = [n for n, (word, _) in enumerate(steps) if word == "FROM"]
    if not checks.check(len(stages) == 2, f"two stages: {len(stages)}"):
        return
    names = {step.split()[-1] for word, step in steps if word == "FROM" and " AS " in step}
    for word, step in steps:
        if word == "FROM":
            image = step.split()[0]
            checks.check(":" in image.rsplit("/", 1)[-1] and not image.endswith(":latest"), f"an image with a version: {image}")
        source = re.search(r"--from=(\S+)", step)
        checks.check(not source or source[1] in names, f"copies from a stage that is there: {step}")
        if word == "RUN" and "apt-get install" in step:
            checks.check("--no-install-recommends" in step and "rm -rf /var/lib/apt/lists" in step, f"packages leave no lists: {step[:60]}")
        checks.check(word != "ADD", f"COPY, not ADD: {step}")
        checks.check(not (word in ("ENV", "ARG") and re.search(r"KEY=|PASSWORD|TOKEN", step)), f"no secret in the image: {step}")
        if word == "RUN" and "cargo" in step:
            checks.check("--locked" in step, "builds what Cargo.lock says")
    last = dict(steps[stages[1]:])
    checks.check(re.fullmatch(r"[1-9]\d*:[1-9]\d*", last.get("USER", "")), f"does not run as root: {last.get('USER')}")
    for word in ("ENTRYPOINT", "CMD"):
        checks.check(last.get(word, "").startswith("["), f"{word} is a list")
    checks.equal(last.get("STOPSIGNAL"), "SIGTERM", "ends in order")


def judge_compose(checks, path):
    text = path.read_text()
    document = yaml.safe_load(text)
    try:
        # The specification's reader knows no merges and no aliases: it gets them done.
        read = compose_spec.PyCompose.from_json(json.dumps(document))
        read.validate()
        checks.equal(set(read.service_names()), set(document["services"]), "the compose file is one by its specification")
    except Exception as error:  # the reader has errors of its own kinds
        checks.check(False, f"the compose file is one by its specification: {error}")
    services = document.get("services", {})
    checks.equal(set(services), SERVICES, "the services")
    for name, service in services.items():
        checks.check(service.get("read_only") is True and service.get("cap_drop") == ["ALL"], f"{name} can write its volume only and has no capabilities")
        checks.check("no-new-privileges:true" in service.get("security_opt", []), f"{name} gets no more rights")
        checks.check(not service.get("privileged") and service.get("user", "0").split(":")[0] not in ("0", "root"), f"{name} does not run as root")
        checks.check(re.search(r":\d|^trajectlog$", service.get("image", "")), f"{name} has an image with a version: {service.get('image')}")
        for other in service.get("depends_on", {}):
            checks.check(other in services, f"{name} waits for {other}")
        for network in service.get("networks", []):
            checks.check(network in document["networks"], f"{name}: the network {network}")
        for port in service.get("ports", []):
            checks.check(str(port).startswith("127.0.0.1:"), f"{name} is published on loopback only: {port}")
        mounts = [str(each).split(":") for each in service.get("volumes", [])]
        for mount in mounts:
            if mount[0].startswith("."):
                checks.check(mount[-1] == "ro", f"{name} cannot change {mount[0]}")
            else:
                checks.check(mount[0] in document["volumes"], f"{name}: the volume {mount[0]}")
        secret = any("master.key" in mount[0] for mount in mounts)
        checks.equal(secret, name == "gateway", f"{name}: only the gateway has the master key")
        for file in service.get("env_file", []):
            checks.check(file.startswith("trial/") or (DEPLOY / "container" / file).is_file(), f"{name}: {file} is there")
        if name in ("gateway", "sustainable-work", "werkmonitor"):
            listens = service.get("environment", {}).get("TRAJECTLOG_LISTEN", "")
            checks.check(listens.startswith("127.0.0.1:"), f"{name} listens on loopback, where no sign-in is needed: {listens}")
            checks.equal(service["command"][:3], ["serve", "--role", name], f"{name} runs its role")
    checks.check(not re.search(r"(PASSWORD|MASTER_KEY): *\S", text), "no secret in the compose file")
    checks.check(document["networks"]["log"].get("internal") is True, "the log's network has no way out")


def judge(checks, folder):
    judge_containerfile(checks, (folder / "Containerfile").read_text())
    judge_compose(checks, folder / "compose.yaml")


SPOILED = {
    "runs as root": ("Containerfile", "USER 10001:10001\n", "", "does not run as root"),
    "an image of no version": ("Containerfile", "debian:${DEBIAN}-slim", "debian:latest", "an image with a version"),
    "a stage that is not there": ("Containerfile", "--from=build /out/trajectlog", "--from=builder /out/trajectlog", "copies from a stage"),
    "a word that is no instruction": ("Containerfile", "EXPOSE 8080", "EXPOSED 8080", "an instruction"),
    "a shell before the program": ("Containerfile", 'ENTRYPOINT ["/usr/local/bin/trajectlog"]', "ENTRYPOINT /usr/local/bin/trajectlog", "ENTRYPOINT is a list"),
    "a key that compose does not know": ("compose.yaml", "    working_dir: /etc", "    workdir: /etc", "by its specification"),
    "a value that compose does not know": ("compose.yaml", "condition: service_healthy}\n    n2", "condition: healthy}\n    n2", "by its specification"),
    "open to the network": ("compose.yaml", '"127.0.0.1:4222:4222"', '"4222:4222"', "loopback only"),
    "a gateway that listens everywhere without sign-in": ("compose.yaml", "TRAJECTLOG_LISTEN: 127.0.0.1:8080", "TRAJECTLOG_LISTEN: 0.0.0.0:8080", "listens on loopback"),
    "a projector with the master key": ("compose.yaml", '["werkmonitor:/var/lib/trajectlog", ', '["werkmonitor:/var/lib/trajectlog", "./trial/master.key:/run/master.key:ro", ', "only the gateway has the master key"),
    "a volume that is not there": ("compose.yaml", "volumes: {n1: {}, ", "volumes: {", "the volume n1"),
    "a container that may write": ("compose.yaml", "read_only: true", "read_only: false", "can write its volume only"),
}


def main():
    checks, caught = Checks(), {}
    folder = DEPLOY / "container"
    judge(checks, folder)
    for name in re.findall(r"^([^#\s*]\S*)$", (folder / "Containerfile.containerignore").read_text(), re.MULTILINE):
        checks.check(not name.startswith("/"), f"what is left out: {name}")
    checks.check((REPOSITORY / "Cargo.lock").is_file(), "there is a Cargo.lock to build from")
    for name, (file, good, bad, expected) in SPOILED.items():
        with tempfile.TemporaryDirectory() as passing:
            copied = shutil.copytree(folder, Path(passing) / "container", ignore=shutil.ignore_patterns("trial"))
            text = (copied / file).read_text()
            if good not in text:
                # Indented anchors stand once at the top: try without the indent.
                good, bad = good.lstrip(), bad.lstrip()
            if good not in text:
                sys.exit(f"{file} has no more {good!r}: mend the self-test")
            (copied / file).write_text(text.replace(good, bad, 1))
            tried = Checks(quiet=True)
            judge(tried, copied)
            caught[name] = any(expected in what for what in tried.wrong)
    ends(checks, caught, f"container: one image, {len(SERVICES)} services")


if __name__ == "__main__":
    main()
