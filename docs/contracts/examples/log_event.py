#!/usr/bin/env python3
"""Sends events to Trajectlog over NATS, from an outbox that survives being offline.

    log_event.py add EVENT.json       puts an event into the outbox; gives it an event_id if it has none
    log_event.py send                 sends what waits, in order

`send` prints each event as recorded, or the problem. Exit 0 nothing waits any more, 1 refused (the next `send` goes on after it), 3 no answer.

Needs nats-py. Settings, from the environment:

    TRAJECTLOG_NATS         tls://host:4222
    TRAJECTLOG_NATS_USER    the app's user, and
    TRAJECTLOG_NATS_PASSWORD    its password
    TRAJECTLOG_NATS_CA      the authority of the servers' certificates (a file)
    TRAJECTLOG_TOKEN        the token of who records; none where the service runs without sign-in
    TRAJECTLOG_OUTBOX       the outbox's folder (default: outbox)
"""

import asyncio
import json
import os
import ssl
import sys
import time
import uuid
from pathlib import Path

import nats
import nats.errors

OUTBOX = Path(os.environ.get("TRAJECTLOG_OUTBOX", "outbox"))
# Seconds that an answer may take, and those before each further attempt (nothing comes after the last).
SECONDS = 10
WAITS = [1, 2, 4, 8, 0]
# The server or the log was away, or busy: the same command again, later.
AGAIN = {429, 500, 503, 507}
# The event itself is wrong, or clashes with what is recorded: sent again it is refused again.
REFUSED = {400, 409, 410, 413, 422}


def add(file):
    """The id is chosen once, here, and never again: with it a repetition is recognised."""
    event = json.loads(Path(file).read_text())
    event.setdefault("event_id", str(uuid.uuid4()))
    OUTBOX.mkdir(mode=0o700, exist_ok=True)
    waiting = OUTBOX / f"{time.time_ns():020}.json"
    passing = waiting.with_suffix(".new")
    with open(passing, "x") as out:
        json.dump(event, out)
        out.flush()
        os.fsync(out.fileno())
    passing.rename(waiting)
    print(event["event_id"])


async def command(client, event):
    """One command until there is an answer: `{"status":201,"event":{…}}` or `{"status":422,"problem":{…}}`."""
    headers = {"Content-Type": "application/json"}
    if token := os.environ.get("TRAJECTLOG_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    for wait in WAITS:
        try:
            reply = await client.request(f"traject.command.{event['organisation']}", json.dumps(event).encode(), timeout=SECONDS, headers=headers)
        except (nats.errors.NoRespondersError, nats.errors.TimeoutError):
            # It may have been recorded all the same: the repetition is told so and doubles nothing.
            await asyncio.sleep(wait)
            continue
        answer = json.loads(reply.data)
        if answer["status"] not in AGAIN:
            return answer
        await asyncio.sleep(wait)
    return None


async def send():
    user = os.environ.get("TRAJECTLOG_NATS_USER")
    options = {"user": user, "password": os.environ["TRAJECTLOG_NATS_PASSWORD"], "inbox_prefix": f"_INBOX_{user}".encode()} if user else {}
    if authority := os.environ.get("TRAJECTLOG_NATS_CA"):
        options["tls"] = ssl.create_default_context(cafile=authority)
    try:
        client = await nats.connect(os.environ.get("TRAJECTLOG_NATS", "nats://127.0.0.1:4222"), max_reconnect_attempts=len(WAITS), **options)
    except (OSError, nats.errors.Error) as error:
        print(f"no connection ({error}); what waits stays in the outbox", file=sys.stderr)
        return 3
    try:
        for waiting in sorted(OUTBOX.glob("*.json")):
            event = json.loads(waiting.read_text())
            answer = await command(client, event)
            if answer is None:
                print("no answer; what waits stays in the outbox", file=sys.stderr)
                return 3
            if "problem" in answer:
                # Somebody must look. The id of a refused event is not taken: after a change it may be sent with the same. Where the caller
                # is what is wrong (no token, an old one, another organisation) the event waits until that is mended.
                if answer["status"] in REFUSED:
                    waiting.rename(waiting.with_suffix(".refused"))
                print(json.dumps(answer["problem"]), file=sys.stderr)
                return 1
            # Only now: an answer means that it is on disk.
            waiting.unlink()
            print(json.dumps(answer["event"]))
            print("recorded" if answer["status"] == 201 else "was there already", file=sys.stderr)
        return 0
    except nats.errors.Error as error:
        print(f"the connection is gone ({error}); what waits stays in the outbox", file=sys.stderr)
        return 3
    finally:
        await client.close()


def main():
    if sys.argv[1:2] == ["add"] and len(sys.argv) == 3:
        return add(sys.argv[2])
    if sys.argv[1:] == ["send"]:
        return asyncio.run(send())
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
