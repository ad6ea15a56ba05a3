"""What client makers read: asyncapi.yaml hangs together and fits the schema, the permissions and the examples.

    contracts.py       all of it, then the same checks against spoiled documents, which must be caught

That the schema of events says what the program says is tests/deploy/schema.py.
"""

import ast
import copy
import json
import re
import subprocess
import sys

from checklib import DEPLOY, REPOSITORY, Checks, ends, skip

try:
    import jsonschema
    import referencing
    import yaml
except ImportError:
    skip("jsonschema and PyYAML are not installed and could not be")

CONTRACTS = REPOSITORY / "docs" / "contracts"
# The names that are visible from outside.
ADDRESSES = {"traject.command.{organisation}", "traject.events.{organisation}.{trajectory_id}", "traject.figures.{quarter}", "$KV.sustainable_work.{organisation}.{trajectory_id}", None}
# What the documents are called while they are checked: beside each other, as in the folder.
HERE = "file:///"
FORMATS = jsonschema.FormatChecker(formats=("date", "uuid"))


def pointed(document, pointer):
    """What a JSON pointer points at; None when at nothing."""
    for part in pointer.strip("/").split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(document, dict) or part not in document:
            return None
        document = document[part]
    return document


def references(value, here=""):
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key == "$ref":
            yield here, inner
        else:
            yield from references(inner, f"{here}/{key}")


def judge_asyncapi(checks, document, schema, accounts):
    checks.equal(document.get("asyncapi"), "3.0.0", "the version of AsyncAPI")
    checks.check({"title", "version"} <= document.get("info", {}).keys(), "it has a title and a version")
    for where, to in references(document):
        file, _, pointer = to.partition("#")
        target = {"": document, "./events.schema.json": schema}.get(file)
        checks.check(target is not None and pointed(target, pointer) is not None, f"{where}: {to} is there")
    channels = document.get("channels", {})
    checks.equal({channel.get("address", "?") for channel in channels.values()}, ADDRESSES, "the addresses")
    for name, channel in channels.items():
        wanted = set(re.findall(r"\{(\w+)\}", channel.get("address") or ""))
        checks.equal(set(channel.get("parameters", {})), wanted, f"{name}: the parameters of its address")
        checks.check(channel.get("messages"), f"{name} has messages")
        if channel.get("address"):
            begins = channel["address"].split("{")[0]
            checks.check(f'"{begins}' in accounts, f"{name}: accounts.conf lets somebody use {begins}")
    for name, operation in document.get("operations", {}).items():
        checks.check(operation.get("action") in ("send", "receive"), f"{name} sends or receives")
        own = operation.get("channel", {}).get("$ref", "")
        checks.check(pointed(document, own.removeprefix("#")) is not None, f"{name} has a channel")
        for message in operation.get("messages", []):
            checks.check(message["$ref"].startswith(f"{own}/messages/"), f"{name}: {message['$ref']} is a message of its channel")

    registry = referencing.Registry().with_resources([
        (f"{HERE}asyncapi.yaml", referencing.Resource(document, referencing.jsonschema.DRAFT202012)),
        (f"{HERE}events.schema.json", referencing.Resource(schema, referencing.jsonschema.DRAFT202012)),
    ])
    examples = 0
    for name, message in document.get("components", {}).get("messages", {}).items():
        checks.check(message.get("contentType"), f"{name} says its content type")
        payload = message.get("payload", {})
        for example in message.get("examples", []):
            examples += 1
            text = json.dumps(payload.get("schema", payload)).replace('"./events', f'"{HERE}events').replace('"#/', f'"{HERE}asyncapi.yaml#/')
            found = list(jsonschema.Draft202012Validator(json.loads(text), registry=registry, format_checker=FORMATS).iter_errors(example["payload"]))
            checks.check(not found, f"{name}, example '{example.get('name')}': {[error.message[:200] for error in found]}")
    checks.check(examples >= 4, "there are examples")
    return examples


def judge_page(checks, page, schema, problems):
    """The page names parts of the schema, files and codes that are there."""
    for pointer in re.findall(r"`#(/\$defs/\w+)`", page):
        checks.check(pointed(schema, pointer) is not None, f"the page: {pointer} is in the schema")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page):
        checks.check((CONTRACTS / target).exists(), f"the page: {target} is there")
    for file in re.findall(r"docs/contracts/(examples/\S+\.\w+)", page):
        checks.check((CONTRACTS / file).is_file(), f"the page: {file} is there")
    for code in re.findall(r"^\| \d+ \| `(\w+)`", page, re.MULTILINE):
        checks.check(f"`{code}`" in problems, f"the page: {code} is a code of the event contract")
    blocks = re.findall(r"<<'END'\n(.*?)\nEND", page, re.DOTALL)
    checks.check(blocks, "the page shows an event")
    command = jsonschema.Draft202012Validator({**schema, "$ref": "#/$defs/command"}, format_checker=FORMATS)
    for block in blocks:
        for line in block.splitlines():
            checks.check(command.is_valid(json.loads(line)), f"the page: a command: {line[:80]}")


def judge_examples(checks, texts):
    """They can be read by what runs them."""
    for name, text in texts.items():
        if name.endswith(".py"):
            try:
                ast.parse(text)
                said = ""
            except SyntaxError as error:
                said = str(error)
        else:
            said = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True).stderr
        checks.check(not said, f"{name}: {said}")
        checks.check("TRAJECTLOG_" in text and text.startswith("#!"), f"{name} takes its settings from the environment")


def judge(checks, parts):
    examples = judge_asyncapi(checks, parts["asyncapi"], parts["schema"], parts["accounts"])
    judge_page(checks, parts["page"], parts["schema"], parts["events"])
    judge_examples(checks, parts["examples"])
    return examples


def reread(part, change):
    def spoil(parts):
        parts[part] = change(parts[part])
    return spoil


SPOILED = {
    "a reference to nothing": (lambda p: p["asyncapi"]["operations"]["append"]["channel"].update({"$ref": "#/channels/logg"}), "#/channels/logg is there"),
    "a part of the schema that is not there": (lambda p: p["schema"]["$defs"].pop("recorded"), "#/$defs/recorded is there"),
    "another subject": (lambda p: p["asyncapi"]["channels"]["commands"].update(address="trajectlog.command.{organisation}"), "the addresses"),
    "an example without its type": (lambda p: p["asyncapi"]["components"]["messages"]["command"]["examples"][0]["payload"].pop("type"), "command, example"),
    "an example of a problem that is none": (lambda p: p["asyncapi"]["components"]["messages"]["problem"]["examples"][0]["payload"]["problem"].pop("code"), "problem, example"),
    "an answer that is the bare event": (lambda p: (example := p["asyncapi"]["components"]["messages"]["recorded"]["examples"][0]).update(payload=example["payload"]["event"]), "recorded, example"),
    "an answer to an outbox without a status": (lambda p: p["asyncapi"]["components"]["messages"]["outboxAnswer"]["examples"][0]["payload"][1].pop("status"), "outboxAnswer, example"),
    "a notice that does not say how far": (lambda p: p["asyncapi"]["components"]["messages"]["figuresChanged"]["examples"][0]["payload"].pop("position"), "figuresChanged, example"),
    "a status with another word": (lambda p: p["asyncapi"]["components"]["messages"]["status"]["examples"][0]["payload"].update(step="coached"), "status, example"),
    "a parameter that is not described": (lambda p: p["asyncapi"]["channels"]["log"]["parameters"].pop("organisation"), "log: the parameters"),
    "permissions of another subject": (reread("accounts", lambda text: text.replace("traject.figures.", "traject.figure.")), "figuresChanged: accounts.conf"),
    "a page that names another code": (reread("page", lambda text: text.replace("`event_id_reused` | a", "`event_reused` | a")), "event_reused is a code"),
    "a page with an event that is none": (reread("page", lambda text: text.replace('"method":"ips"', '"method":"ibs"')), "the page: a command"),
    "a page with a dead link": (reread("page", lambda text: text.replace("(asyncapi.yaml)", "(async.yaml)")), "async.yaml is there"),
    "an example that cannot be read": (lambda p: p["examples"].update({"log_event.sh": p["examples"]["log_event.sh"].replace("esac", "esca")}), "log_event.sh: "),
}


def main():
    checks, caught = Checks(), {}
    parts = {
        "asyncapi": yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text()),
        "schema": json.loads((CONTRACTS / "events.schema.json").read_text()),
        "accounts": (DEPLOY / "nats" / "accounts.conf").read_text(),
        "page": (CONTRACTS / "README.md").read_text(),
        "events": (REPOSITORY / "docs" / "events.md").read_text(),
        "examples": {path.name: path.read_text() for path in sorted((CONTRACTS / "examples").glob("*.*"))},
    }
    examples = judge(checks, copy.deepcopy(parts))
    for name, (spoil, expected) in SPOILED.items():
        spoiled = copy.deepcopy(parts)
        spoil(spoiled)
        if spoiled == parts:
            sys.exit(f"{name}: nothing was spoiled: mend the self-test")
        tried = Checks(quiet=True)
        try:
            judge(tried, spoiled)
        except Exception as error:  # a reference to nothing also ends the validator
            tried.check(False, f"{error!r}")
        caught[name] = any(expected in what for what in tried.wrong)
    ends(checks, caught, f"contracts: {len(parts['asyncapi']['channels'])} channels, {examples} examples of messages")


if __name__ == "__main__":
    main()
