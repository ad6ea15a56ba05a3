"""What the server had shown is not there after its power cut: everybody forgets it, by themselves, and goes on from what is there."""

import json
import random
import shutil
import time

from servicelib import Crowd, World, cli, prove, wait_for

EVENTS = 6
"""Events that each client records between two blows."""


def imported(world, events):
    """Written past the gateways, which then read it."""
    text = "".join(json.dumps(event) + "\n" for event in events)
    told = json.loads(cli(world.binary, *world.direct, "import", "-", text=text).splitlines()[-1])
    assert told["imported"] == len(events), told


def position(reader):
    return reader.json("/api/v1/figures/2025Q2")["as_of"]["position"]


def known(world, life, expected):
    """Every process has taken in what there is: the views, and each gateway its own index of a trajectory."""
    for gateway in world.gateways:
        wait_for(f"{gateway.name} knows {expected} events", lambda: position(gateway) == expected)
        gateway.json(f"/api/v1/trajectories/{life.id}/events")


def withdrawn(call, folder):
    world, dice, clients = World(call.bin, folder), random.Random(f"{call.seed}/withdrawn"), []
    began, lost, instead = time.monotonic(), 0, 0
    try:
        for number in range(call.rounds):
            crowd = Crowd.sharing(f"{call.seed}/withdrawn/{number}", world.gateways, call.clients, EVENTS).start().finish()
            clients += crowd.clients
            assert not crowd.wrong, crowd.wrong[:5]
            lives = crowd.clients[-1].lives
            there = position(world.gateways[0])
            world.nats.kill()
            copy = world.nats.store.with_name("kept")
            shutil.copytree(world.nats.store, copy)
            world.nats.start().ready()
            events = [dice.choice(lives).next(dice) for _ in range(dice.randint(1, 40))]
            imported(world, events)
            lost += len(events)
            known(world, lives[0], there + len(events))
            world.nats.kill()
            shutil.rmtree(world.nats.store)
            copy.rename(world.nats.store)
            world.nats.start().ready()
            if dice.random() < 0.5:
                others = [dice.choice(lives).next(dice) for _ in range(dice.randint(1, 40))]
                imported(world, others)
                instead += len(others)
                clients[0].sent += [event["event_id"] for event in others]
        last = Crowd.sharing(f"{call.seed}/withdrawn/last", world.gateways, call.clients, EVENTS).start().finish()
        crowd = Crowd(clients + last.clients)
        for service in world.services:
            service.ready()
        events, acknowledged = prove(world.binary, world.direct, crowd, world.gateways, world.folder)
        print(
            f"ok: withdrawn: {call.rounds} blows in {time.monotonic() - began:.0f} s: {lost} events that every process had read were gone, {instead} others lay "
            f"in their places; {events} events in the log, {acknowledged} acknowledged, 0 lost, 0 twice, views as a fresh replay; answers {crowd.answers()}",
            flush=True,
        )
    finally:
        world.stop()
