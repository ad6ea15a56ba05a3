"""Two gateways on one log: neither may keep the other from recording."""

import time

from servicelib import Client, Crowd, World, prove

# Without bound for what is measured here: nobody is slowed down but by the other gateway.
NO_RATE = ["--rate", "1000000"]
ANSWERED_WITHIN = 2.0
"""Seconds: longer than that a coach thinks that it has not worked."""
FEWEST = 0.2
"""Of the other gateway's throughput, when both are asked the same."""
MANY = 8


class Timed(Client):
    """Records on a trajectory of its own, and keeps when each request began and ended, and with which answer."""

    def __init__(self, name, seed, gateway, pace=None):
        super().__init__(name, seed, [gateway], [], 1 << 30, repeated=0, actor=name)
        self.pace, self.requests, self.intervals = pace, [], []
        self.due = None

    def post(self, gateway, event):
        began = time.monotonic()
        answer = None
        try:
            answer = super().post(gateway, event)
            return answer
        finally:
            self.requests.append((began, time.monotonic(), answer[0] if answer else "gone"))

    def record(self, event):
        """At its pace: an event that had to wait is followed by the next at once."""
        if self.pace:
            now = time.monotonic()
            self.due = max(self.due + self.pace, now) if self.due else now
            time.sleep(max(0.0, self.due - now))
        began = time.monotonic()
        super().record(event)
        self.intervals.append(time.monotonic() - began)


def quantile(values, of):
    return sorted(values)[min(len(values) - 1, int(of * len(values)))]


def measure(groups, seconds):
    """Lets groups of clients record for so long; gives of each its events a second, its answers other than 201, and its waiting times."""
    clients = [client for group in groups for client in group]
    for client in clients:
        client.start()
    began = time.monotonic()
    time.sleep(seconds)
    end = time.monotonic()
    Crowd(clients).stop()
    found = []
    for group in groups:
        requests = [request for client in group for request in client.requests]
        recorded = sum(1 for _, ended, status in requests if status == 201 and began <= ended <= end)
        # One that was still under way when the others stopped counts too: it had to wait for them.
        errors = {}
        for _, _, status in requests:
            if status != 201:
                errors[status] = errors.get(status, 0) + 1
        found.append((recorded / (end - began), errors, [interval for client in group for interval in client.intervals]))
    return found


def told(rate, errors, waits):
    milliseconds = "/".join(f"{quantile(waits, of) * 1000:.0f}" for of in (0.5, 0.99, 1))
    return f"{rate:.1f} events/s, p50/p99/max {milliseconds} ms, other answers {errors or 'none'}"


def starve(call, folder):
    world = World(call.bin, folder, more=NO_RATE)
    a, b = world.gateways
    everyone, wrong = [], []
    try:
        for number in range(call.rounds):
            name = f"{call.seed}/starve/{number}"
            many = [Timed(f"many-{n}", name, a) for n in range(MANY)]
            lone = Timed("lone", name, b, pace=1.0)
            everyone += [*many, lone]
            of_many, of_lone = measure([many, [lone]], call.seconds)
            print(f"starve: {MANY} clients at A: {told(*of_many)}; one at B, one event a second: {told(*of_lone)}", flush=True)
            slowest = max(of_lone[2])
            if of_lone[1] or slowest > ANSWERED_WITHIN:
                wrong.append(f"beside {MANY} clients at A, B answered {of_lone[1] or 'only 201'} and let its one client wait for up to {slowest:.1f} s")
            sides = [[Timed(f"side-{side}-{n}", name, gateway) for n in range(MANY)] for side, gateway in (("a", a), ("b", b))]
            everyone += [client for side in sides for client in side]
            of_a, of_b = measure(sides, call.seconds)
            print(f"starve: {MANY} clients at each: A {told(*of_a)}; B {told(*of_b)}", flush=True)
            if min(of_a[0], of_b[0]) < FEWEST * max(of_a[0], of_b[0]):
                wrong.append(f"asked the same, A recorded {of_a[0]:.1f} and B {of_b[0]:.1f} events a second")
            if of_a[1] or of_b[1]:
                wrong.append(f"with {MANY} clients at each, A also answered {of_a[1] or 'nothing else'} and B {of_b[1] or 'nothing else'}")
        for service in world.services:
            service.ready()
        events, acknowledged = prove(world.binary, world.direct, Crowd(everyone), world.gateways, world.folder)
        assert acknowledged == events, "an event that was never acknowledged"
        assert not wrong, "; ".join(wrong)
        print(f"ok: starve: {call.rounds} rounds, neither gateway keeps the other from recording; {events} events, 0 lost, 0 twice", flush=True)
    finally:
        world.stop()
