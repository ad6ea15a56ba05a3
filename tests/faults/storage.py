"""No room: what is recorded stays, what is refused is refused in one clear way, reading goes on, and room is all that it takes."""

import itertools
import random
import signal
import tempfile
import time
from pathlib import Path

import faultlib
from fairness import NO_RATE
from hands import Hand, Wire, ask, assert_problem
from servicelib import Client, Crowd, Nats, Service, World, prove, wait_for

MIB = 1 << 20
ROOM = 3 * MIB
"""What is added in each round: a few hundred long notes."""
FIRST_LIMIT = 4 * MIB
READ_WITHIN = 6.0
"""Seconds: the patience of the program with its log, and one for the answer."""
RESUMES_WITHIN = 15.0
"""Seconds, from when there is room: nobody waits for longer before looking for another fault."""
CUT_WITHIN = 8.0
"""Seconds: of a batch that meets the limit half-way the server keeps the beginning and says nothing, so that the patience with it runs out."""
IN_A_ROW = 5
"""Refusals of small events after which it is called full: the last page of a file takes some more."""


class NatsPlace:
    """A server whose limit is reached, and raised by a reload or by a restart."""

    name = "on NATS (max_file_store)"

    def __init__(self, call, folder):
        self.limit = FIRST_LIMIT
        self.world = World(call.bin, folder, Nats(folder, maximum=self.limit), more=NO_RATE)
        self.gateways, self.services, self.nats = self.world.gateways, self.world.services, self.world.nats
        self.place, self.stop = self.world.direct, self.world.stop

    def make_room(self, number):
        wire = Wire(self.nats.port)
        self.limit = wire.api("INFO")["storage"] + ROOM
        wire.close()
        self.nats.configure(self.limit)
        if number % 2:
            self.nats.stop()
            self.nats.start().ready()
            return "restarted with a higher limit"
        self.nats.signal(signal.SIGHUP)
        return "told of a higher limit"


class FolderPlace:
    """One process on a small file system, of which files are removed, or which is made larger."""

    name = "in a folder (tmpfs)"
    nats = None

    def __init__(self, call, folder, mount):
        self.mount, self.size = mount, FIRST_LIMIT + ROOM * (call.rounds + 1)
        faultlib.run("mount", "-t", "tmpfs", "-o", f"size={self.size}", "none", mount)
        self.service = Service("folder", call.bin, folder, [], more=NO_RATE)
        place = self.service.command.index("--data") + 1
        self.service.data = self.mount / "data"
        self.service.command[place] = str(self.service.data)
        self.gateways = self.services = [self.service]
        self.place = ["--data", self.service.data]
        self.service.start().ready()
        for number in range(call.rounds):
            (mount / f"ballast{number}").write_bytes(bytes(ROOM))

    def make_room(self, number):
        if number % 2:
            self.size += ROOM
            faultlib.run("mount", "-o", f"remount,size={self.size}", self.mount)
            return "made larger"
        (self.mount / f"ballast{number}").unlink()
        return "a file removed"

    def stop(self):
        self.service.kill()
        faultlib.run("umount", self.mount)


def on_nats(call, folder):
    fill_and_empty(call, folder, NatsPlace(call, folder))


def in_folder(call, folder):
    faultlib.need_root()
    faultlib.need_programs("mount", "umount")
    with tempfile.TemporaryDirectory(prefix="full.") as mount:
        fill_and_empty(call, folder, FolderPlace(call, folder, Path(mount)))


def fill_and_empty(call, folder, place):
    crowd = Crowd([])
    try:
        fill_rounds(call, folder, place, crowd)
    finally:
        # Before the place goes: what they would say then is not what went wrong.
        for client in crowd.clients:
            client.stop = True
        place.stop()


def fill_rounds(call, folder, place, crowd):
    hand = Hand(random.Random(f"{call.seed}/full/{place.name}"), place.nats)
    life = hand.life()
    assert hand.record(place.gateways[0], life.intake).status == 201, "the first event"
    # Some who know nothing of it: they send what was refused until it is taken.
    others = zip(range(call.clients), itertools.cycle(place.gateways))
    crowd.clients += [hand, *(Client(n, f"{call.seed}/full", [gateway], [], 1 << 30, pause=0.02, actor=f"other-{n}") for n, gateway in others)]
    crowd.start()
    refused, resumed, slowest = 0, [], 0.0
    for number in range(call.rounds):
        waiting = fill(hand, place, life)
        again, seconds = refuse_and_read(hand, place, life)
        refused, slowest = refused + len(waiting) + len(again), max(slowest, seconds)
        began = time.monotonic()
        how = place.make_room(number)
        resumed.append((time_until_recorded(hand, place, again, began), how))
        for outbox in waiting:
            answer = hand.outbox(place.gateways[0], outbox)
            assert answer.status == 200 and all(one["status"] in (200, 201) for one in answer.json()), f"an outbox that was refused, sent again: {answer}"
        for gateway in place.gateways:
            wait_for(f"{gateway.name} is ready again after room was made", lambda: ask(gateway, "GET", "/readyz").json() == {"ready": True, "reasons": []}, RESUMES_WITHIN)
    crowd.stop()
    for service in place.services:
        service.ready()
    events, acknowledged = prove(call.bin, place.place, crowd, place.gateways, folder)
    assert events == acknowledged, f"{events} in the log, {acknowledged} acknowledged"
    times = ", ".join(f"{seconds:.2f} s ({how})" for seconds, how in resumed)
    print(
        f"ok: full {place.name}: {call.rounds} times; {refused} refused by hand, all of them recorded afterwards; slowest read meanwhile "
        f"{slowest:.2f} s; recording went on after {times}; {events} events, 0 lost, 0 twice; answers {crowd.answers()}",
        flush=True,
    )


def long_note(hand, life):
    note = "".join(hand.dice.choices("abcdefghijklmnopqrstuvwxyz ", k=3900))
    return life.event(hand.dice, "contact", "2025-05-05", {"with": "client", "channel": "phone", "note": note})


def short_note(hand, life):
    return life.event(hand.dice, "contact", "2025-05-06", {"with": "client", "channel": "phone", "note": "gesproken"})


def fill(hand, place, life):
    """Until nothing fits; gives the outboxes that were refused as a whole."""
    waiting, in_a_row, singles = [], 0, []
    while not waiting:
        outbox = [long_note(hand, life) for _ in range(50)]
        answer = hand.outbox(place.gateways[0], outbox)
        if answer.status == 200:
            assert all(one["status"] == 201 for one in answer.json()), f"{answer}"
            continue
        waiting.append(outbox)
        refused_for_room("an outbox", answer, place)
    for number in range(100_000):
        event = short_note(hand, life)
        answer = hand.record(place.gateways[number % len(place.gateways)], event)
        if answer.status == 201:
            in_a_row = 0
            continue
        refused_for_room("one event", answer, place)
        in_a_row += 1
        singles.append(event)
        if in_a_row == IN_A_ROW:
            break
    return [*waiting, singles]


def refused_for_room(what, answer, place):
    """There is no room; or, of a batch that met the limit half-way (a busy gateway makes one of what single clients send), nothing is known yet."""
    if place.nats and answer.status == 503:
        assert_problem(f"{what} that met the limit", answer, 503, "unavailable")
        assert answer.seconds < CUT_WITHIN, f"{what} that met the limit: {answer}"
    else:
        assert_problem(f"{what} that does not fit", answer, 507, "storage_full")


def refuse_and_read(hand, place, life):
    """While it is full. Gives (way, events) of what was refused, and the slowest read."""
    refused, slowest, known = [], 0.0, next(event for event in reversed(hand.sent) if event in hand.acknowledged)
    assert known, "nothing was recorded"
    for number in range(6):
        for gateway in place.gateways:
            single, pair, other = short_note(hand, life), [short_note(hand, life) for _ in range(2)], hand.life()
            tries = [
                ("http", [single], lambda: hand.record(gateway, single)),
                ("decision", pair, lambda: hand.decide(gateway, pair)),
                ("a new client", [other.intake], lambda: hand.record(gateway, other.intake)),
            ]
            if place.nats:
                over, new = short_note(hand, life), hand.life()
                tries += [("nats", [over], lambda: hand.command(over)), ("a new client over nats", [new.intake], lambda: hand.command(new.intake))]
            for way, events, send in tries:
                answer = send()
                # What was taken by the last page of a file is told truly.
                if answer.status == 201:
                    continue
                assert_problem(f"{way}, while it is full", answer, 507, "storage_full")
                assert answer.seconds < READ_WITHIN, f"{way}, while it is full: {answer}"
                refused.append((way, events))
            # The others send all the time: where the last page of a file took one of theirs, the next refusal tells it.
            wait_for(f"{gateway.name} tells that storage is full", lambda: tells_full(gateway), READ_WITHIN)
            slowest = max(slowest, read(hand, gateway, life))
            # What is there needs no room, and what is wrong is wrong.
            answer = hand.record(gateway, life.intake)
            assert answer.status == 200, f"a repetition while it is full: {answer}"
            second = life.event(hand.dice, "intake", "2025-02-03", life.intake["data"])
            answer = hand.record(gateway, second)
            assert answer.status == 422 and answer.json()["code"] == "second_intake", f"a wrong event while it is full: {answer}"
    assert len(refused) > 6, f"only {len(refused)} were refused"
    return refused, slowest


def tells_full(gateway):
    ready = ask(gateway, "GET", "/readyz")
    assert ready.status == 200 and ready.json()["ready"], f"/readyz while it is full: {ready}"
    return ready.json()["reasons"] == ["storage is full"]


def read(hand, gateway, life):
    """State, history, caseload, figures: all that was acknowledged is there. Gives the slowest."""
    of_life = f"/api/v1/trajectories/{life.id}"
    told, last = hand.recorded_of[life.id], max(hand.acknowledged.values())
    paths = (of_life, f"{of_life}/events", "/api/v1/figures/2025Q2", "/api/v1/trajectories?limit=20", "/healthz", "/metrics")
    answers = [ask(gateway, "GET", path) for path in paths]
    for path, answer in zip(paths, answers):
        assert answer.status == 200 and answer.seconds < READ_WITHIN, f"reading while it is full: {path}: {answer}"
    state, history, figures = (answer.json() for answer in answers[:3])
    assert state["revision"] >= len(told), f"{len(told)} events of it were acknowledged, and its state shows revision {state['revision']}"
    missing = told - {event["event_id"] for event in history}
    assert not missing, f"acknowledged, and not in the history: {sorted(missing)[:3]}"
    assert figures["as_of"]["position"] >= last, f"position {last} was acknowledged, and figures show {figures['as_of']}"
    return max(answer.seconds for answer in answers)


def time_until_recorded(hand, place, refused, began):
    """Sends what was refused again, each until it is taken: 201, for nothing of it was recorded. Gives the seconds until the first."""
    first = None
    for number, (way, events) in enumerate(refused):
        while True:
            gateway = place.gateways[number % len(place.gateways)]
            try:
                answer = hand.decide(gateway, events) if way == "decision" else hand.record(gateway, events[0])
            except OSError as error:
                raise AssertionError(f"a gateway is gone: {error}") from None
            if answer.status == 201:
                break
            assert answer.status in (503, 507), f"{way}, refused for want of room and sent again: {answer}"
            assert time.monotonic() < began + RESUMES_WITHIN, f"{way}: not recorded {RESUMES_WITHIN:g} s after room was made: {answer}"
            time.sleep(0.02)
        first = first or time.monotonic() - began
    return first
