"""A client that sends again long after: what was recorded is recognised when the server no longer knows the id of its message."""

import json
import random
import time

from hands import Hand, Wire, ask
from servicelib import Crowd, World, prove, wait_for

STREAM = "TRAJECT_EVENTS"
SHORTEST_WINDOW = 0.1
"""Seconds: the server's least."""
EVENTS = 24
"""Of a round, on each of the ways to send; every fourth is one whose answer is lost."""
QUARTER = "/api/v1/figures/2025Q2?tables=true"


class Window:
    """The server's window of known ids."""

    def __init__(self, world, seconds, example):
        self.wire, self.seconds = Wire(world.nats.port), seconds
        # What is looked for later must be seen where it is.
        assert self.knows(example), "the server does not know the message that it just took"
        config = self.wire.api(f"STREAM.INFO.{STREAM}")["config"]
        if config["duplicate_window"] != int(seconds * 1e9):
            config["duplicate_window"] = int(seconds * 1e9)
            answered = self.wire.api(f"STREAM.UPDATE.{STREAM}", config)
            assert answered["config"]["duplicate_window"] == int(seconds * 1e9), "the server did not take the window"

    def messages(self):
        return self.wire.api(f"STREAM.INFO.{STREAM}")["state"]["messages"]

    def knows(self, event):
        """Whether the server would recognise the message of this event. One that follows an id that is not there is never appended: if its own
        id is known it is told that it is there, and else that it does not follow."""
        subject = f"traject.events.{event['organisation']}.{event['trajectory_id']}"
        answer = json.loads(self.wire.ask(subject, b"", {"Nats-Msg-Id": event["event_id"], "Nats-Expected-Last-Msg-Id": "nobody"}))
        assert answer.get("duplicate") or "error" in answer, f"{answer}"
        return bool(answer.get("duplicate"))

    def pass_by(self, events):
        """Until none of these is known any more."""
        wait_for("the server forgets", lambda: not any(self.knows(event) for event in events), 3 * self.seconds + 20)


def figures(gateway):
    """Those of a position that all have come to."""
    answer = ask(gateway, "GET", QUARTER)
    assert answer.status == 200, f"{answer}"
    return answer.json()


def late_retry(call, folder):
    world = World(call.bin, folder)
    try:
        hand = Hand(random.Random(f"{call.seed}/late-retry"), world.nats)
        first = hand.life().intake
        hand.record(world.gateways[0], first)
        window = Window(world, call.window, first)
        crowd = Crowd([hand])
        again, lost, lost_there = 0, 0, 0
        restarts = [None, lambda gateway: gateway.kill(), None, lambda gateway: gateway.stop()]
        for number in range(call.rounds):
            repeated = record_some(world, hand)
            left = leave_before_the_answer(world, hand)
            # What was under way when the client left has arrived or never will.
            time.sleep(1)
            window.pass_by([events[0] for _, events in repeated] + left)
            if restart := restarts[number % len(restarts)]:
                for gateway in world.gateways:
                    restart(gateway)
                    gateway.start()
                for gateway in world.gateways:
                    gateway.ready()
            again += send_again(world, hand, window, repeated)
            found = [hand.record(world.gateways[place % 2], event) if place % 3 else hand.command(event) for place, event in enumerate(left)]
            assert all(answer.status in (200, 201) for answer in found), f"{found}"
            there = sum(1 for answer in found if answer.status == 200)
            lost, lost_there = lost + len(left), lost_there + there
            # And once more, at once and elsewhere.
            before = window.messages()
            for place, event in enumerate(left):
                answer = hand.record(world.gateways[(place + 1) % 2], event)
                assert answer.status == 200, f"a second retry: {answer}"
            assert window.messages() == before, "a second retry was recorded"
        events, acknowledged = prove(world.binary, world.direct, crowd, world.gateways, world.folder)
        assert events == acknowledged, f"{events} in the log, {acknowledged} acknowledged"
        print(
            f"ok: late-retry: {call.rounds} rounds with a window of {call.window:g} s: {again} answered events sent again after it, each 200 at its "
            f"position and the stream not longer; {lost} whose answer was lost, {lost_there} of them were there and {lost - lost_there} were not; "
            f"{events} events, 0 lost, 0 twice",
            flush=True,
        )
    finally:
        world.stop()


def record_some(world, hand):
    """Records in every way there is; gives (way, events) of each."""
    done, (one, two) = [], world.gateways
    life = hand.life()
    hand.record(one, life.intake)
    done.append(("http", [life.intake]))
    for place in range(EVENTS):
        way = ("http", "nats", "decision", "outbox")[place % 4]
        events = [life.next(hand.dice) for _ in range(1 if place % 4 < 2 else 3)]
        answer = send(hand, (one, two)[place // 4 % 2], way, events)
        assert answer.status == (200 if way == "outbox" else 201), f"{way}: {answer}"
        assert all(event["event_id"] in hand.acknowledged for event in events), f"{way}: not each is acknowledged: {answer}"
        done.append((way, events))
    return done


def send(hand, gateway, way, events):
    if way == "http":
        return hand.record(gateway, events[0])
    if way == "nats":
        return hand.command(events[0])
    return hand.decide(gateway, events) if way == "decision" else hand.outbox(gateway, events)


def leave_before_the_answer(world, hand):
    life = hand.life()
    hand.record(world.gateways[0], life.intake)
    left = [life.next(hand.dice) for _ in range(EVENTS // 2)]
    for place, event in enumerate(left):
        if place % 2:
            hand.command_and_leave(event)
        else:
            hand.record_and_leave(world.gateways[place // 2 % 2], event)
    return left


def send_again(world, hand, window, repeated):
    """Each of them again, by another way or another gateway where there is one: nothing may change."""
    last = max(hand.acknowledged.values())
    for gateway in world.gateways:
        wait_for(f"{gateway.name} has caught up", lambda: figures(gateway)["as_of"]["position"] >= last)
    before = window.messages(), [figures(gateway) for gateway in world.gateways]
    count = 0
    for place, (way, events) in enumerate(repeated):
        other = {"http": "nats", "nats": "http"}.get(way, way) if place % 3 == 0 else way
        known = [hand.acknowledged[event["event_id"]] for event in events]
        answer = send(hand, world.gateways[place % 2], other, events)
        assert answer.status == 200, f"{way}, again by {other}: {answer}"
        if other == "outbox":
            assert [one["status"] for one in answer.json()] == [200] * len(events), f"{answer}"
            assert [one["event"]["position"] for one in answer.json()] == known, f"{answer}"
        count += len(events)
    assert not hand.wrong, hand.wrong[:5]
    time.sleep(0.5)
    after = window.messages(), [figures(gateway) for gateway in world.gateways]
    assert after[0] == before[0], f"the stream had {before[0]} messages, and has {after[0]} after the repetitions"
    assert after[1] == before[1], "the figures changed by repetitions"
    return count
