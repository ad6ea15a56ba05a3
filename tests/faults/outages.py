"""The server is gone and comes back: what cannot be done is said soon, and recording goes on by itself."""

import random
import socket
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from fairness import NO_RATE, quantile
from hands import Hand, ask, assert_problem
from servicelib import Client, Crowd, Service, World, prove

ANSWERED_WITHIN = 6.5
"""Seconds: five of patience with the log, the last of the pauses between two tries, and the way there and back."""
HEALED_WITHIN = 10.0
"""Seconds from when the server listens again until each gateway records."""
READ_WITHIN = 6.5
"""Seconds: the same for who only wants to see something."""
FIGURES = "/api/v1/figures/2025Q2"
ALONE = ("/healthz", "/metrics", "/api/v1/openapi.json")
"""What needs nobody else."""


class Prober(threading.Thread):
    """Sends one event to one gateway from before the server is back until it is recorded."""

    def __init__(self, hand, gateway, event):
        super().__init__(daemon=True)
        self.hand, self.gateway, self.event, self.recorded, self.stop, self.said = hand, gateway, event, None, False, []
        self.start()

    def run(self):
        while not self.stop:
            try:
                answer = self.hand.record(self.gateway, self.event)
            except OSError as error:
                self.said.append(repr(error))
                return
            if answer.status in (200, 201):
                self.recorded = time.monotonic()
                return
            self.said.append(answer)
            time.sleep(0.02)


def gone(call, folder):
    world = World(call.bin, folder, more=NO_RATE)
    # One process with all roles: what it shows it holds itself.
    whole = Service("whole", call.bin, folder, world.place).start().ready()
    gateways, crowd = [*world.gateways, whole], Crowd([])
    try:
        hand = Hand(random.Random(f"{call.seed}/gone"), world.nats)
        life = hand.life()
        assert hand.record(whole, life.intake).status == 201, "the first event"
        crowd.clients += [hand, *(Client(n, f"{call.seed}/gone", gateways, [], 1 << 30, pause=0.02, actor=f"other-{n}") for n in range(call.clients))]
        crowd.start()
        healed, seconds, reads, wrong = [], [], {}, set()
        for number in range(call.rounds):
            time.sleep(hand.dice.uniform(0.3, 1))
            (world.nats.stop if number % 2 == 0 else world.nats.kill)()
            down = time.monotonic()
            refused, waited = look_while_gone(hand, gateways, life, whole, reads, wrong)
            seconds += waited
            # Sometimes for longer than the patience, and than the pauses between two tries grow.
            time.sleep(max(0.0, down + (12 if number % 3 == 2 else 3) - time.monotonic()))
            probes = [Prober(hand, gateway, life.next(hand.dice)) for gateway in gateways]
            time.sleep(0.1)
            world.nats.start()
            listens = when_it_listens(world.nats)
            for probe in probes:
                probe.join(max(0.1, listens + HEALED_WITHIN - time.monotonic()))
                probe.stop = True
                assert probe.recorded, f"{probe.gateway.name} does not record {HEALED_WITHIN:g} s after the server is back: {probe.said[-1:]}"
                healed.append(probe.recorded - listens)
            # Refused says: not known to be recorded. Sent again it is known.
            for place, event in enumerate(refused):
                answer = hand.record(gateways[place % len(gateways)], event)
                assert answer.status in (200, 201), f"refused without the server, and sent again: {answer}"
            for service in [*world.services, whole]:
                service.ready()
        crowd.stop()
        events, acknowledged = prove(world.binary, world.direct, crowd, gateways, world.folder)
        assert events == acknowledged, f"{events} in the log, {acknowledged} acknowledged"
        shown = ", ".join(f"{kind} {'/'.join(map(str, sorted(told['statuses'])))} within {told['slowest']:.1f} s" for kind, told in reads.items())
        figures = (
            f"gone: {call.rounds} times; refused with 503 within {max(seconds):.1f} s (median {statistics.median(seconds):.2f}); reads: {shown}; from "
            f"listening again until a gateway records: median {statistics.median(healed):.2f} s, p90 {quantile(healed, 0.9):.2f}, max {max(healed):.2f} "
            f"({len(healed)} measured); {events} events, 0 lost, 0 twice; answers {crowd.answers()}"
        )
        assert not wrong, f"answers came too late: {'; '.join(sorted(wrong))}; {figures}"
        print(f"ok: {figures}", flush=True)
    finally:
        for client in crowd.clients:
            client.stop = True
        whole.kill()
        world.stop()


def ask_all_at_once(questions):
    """Each question is a function; gives their results, in order. What one raises is raised."""
    with ThreadPoolExecutor(len(questions)) as pool:
        return [asked.result() for asked in [pool.submit(question) for question in questions]]


def look_while_gone(hand, gateways, life, whole, reads, wrong):
    """Commands and reads at once, so that the outage is not made of our own waiting. Gives the events that were
    refused, and how long that took."""
    commands = [lambda gateway=gateway: two_commands(hand, gateway, life) for gateway in gateways]
    looks = [lambda gateway=gateway, name=name, path=path: (gateway, name, path, ask(gateway, "GET", path)) for gateway in gateways for name, path in paths(life)]
    results = ask_all_at_once(commands + looks)
    for gateway, name, path, answer in results[len(commands) :]:
        kind = name if path in ALONE else f"{name} ({'of itself' if gateway is whole else 'asked for'})"
        told = reads.setdefault(kind, {"statuses": set(), "slowest": 0.0})
        told["statuses"].add(answer.status)
        told["slowest"] = max(told["slowest"], answer.seconds)
        what = f"{gateway.name}: {path.replace(life.id, 'ID')} without the server"
        if answer.seconds >= READ_WITHIN:
            wrong.add(f"{path.replace(life.id, 'ID')}: {answer.status} only after more than {READ_WITHIN:g} s")
        if path in ALONE:
            assert answer.status == 200, f"{what}: {answer}"
        elif path == "/readyz":
            assert answer.status == 503 and answer.json()["reasons"], f"{what}: {answer}"
        elif answer.status != 200:
            assert_problem(what, answer, 503, "unavailable")
    answers = [pair for pairs in results[: len(commands)] for pair in pairs]
    for gateway, _, answer in answers:
        assert_problem(f"{gateway.name}, without the server", answer, 503, "unavailable")
        if answer.seconds >= ANSWERED_WITHIN:
            wrong.add(f"an event: 503 only after more than {ANSWERED_WITHIN:g} s")
    return [event for _, event, _ in answers], [answer.seconds for _, _, answer in answers]


def two_commands(hand, gateway, life):
    """One after the other: the first may wait for the server, and the other is told at once or waits as long."""
    return [(gateway, event, hand.record(gateway, event)) for event in (life.next(hand.dice) for _ in range(2))]


def paths(life):
    of_life = f"/api/v1/trajectories/{life.id}"
    asked = [(path.rsplit("/", 1)[1], path) for path in (*ALONE, "/readyz")]
    asked += [("figures", FIGURES), ("caseload", "/api/v1/trajectories"), ("state", of_life), ("history", f"{of_life}/events")]
    return asked + [("log", "/api/v1/events?from=1"), ("earlier figures", f"{FIGURES}?asOf=1"), ("projections", "/api/v1/projections")]


def when_it_listens(nats):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", nats.port), 1).close()
            return time.monotonic()
        except OSError:
            time.sleep(0.005)
    raise AssertionError("the server does not listen again")
