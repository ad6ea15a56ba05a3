#!/usr/bin/env python3
"""Breaks a whole service while clients record, and proves afterwards that nothing acknowledged was lost, nothing came twice, and
every view equals a fresh replay. Nobody helps: a process that was killed is started again as systemd would, and that is all.

    chaos.py --bin target/release/trajectlog --scenario gateway --rounds 20

Scenarios: two (nothing breaks; two gateways), gateway, sustainable-work, werkmonitor (kill -9 of that role), nats (kill -9 of the
server), freeze (SIGSTOP of the server), cut (the connection is cut), power (power cut under the server's store; root), disk (the disk is gone while the server lives on; root), replica
(one of three servers is killed and brought back).

And those that look at each answer: late-retry (sent again after the duplicate window), full (the server's limit), full-folder (a full tmpfs;
root), gone (the server is stopped for a while), starve (one gateway against another), withdrawn (what the server had shown is not there any more)."""

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import fairness
import faultlib
import outages
import retries
import servicelib
import storage
import withdrawn
from servicelib import Cable, Crowd, Nats, World, prove, wait_for


OTHERS = {
    "late-retry": retries.late_retry,
    "full": storage.on_nats,
    "full-folder": storage.in_folder,
    "gone": outages.gone,
    "starve": fairness.starve,
    "withdrawn": withdrawn.withdrawn,
}
"""Scenarios that are more than blows under a crowd."""


def strike(world, scenario, dice, extra):
    """One blow."""
    time.sleep(dice.uniform(0.2, 1.0))
    if scenario == "two":
        return
    if scenario == "gateway":
        victim = dice.choice(world.gateways)
        victim.kill()
        time.sleep(dice.uniform(0, 0.5))
        victim.start()
    elif scenario in ("sustainable-work", "werkmonitor"):
        victim = next(service for service in world.projectors if service.name == scenario)
        victim.kill()
        time.sleep(dice.uniform(0, 0.5))
        victim.start()
    elif scenario == "nats":
        world.nats.kill()
        time.sleep(dice.uniform(0, 1.5))
        world.nats.start()
    elif scenario == "freeze":
        world.nats.signal(signal.SIGSTOP)
        time.sleep(dice.uniform(0.5, 8))
        world.nats.signal(signal.SIGCONT)
    elif scenario == "cut":
        extra.cut()
        time.sleep(dice.uniform(0.1, 4))
        extra.mend()
    elif scenario in ("power", "disk"):
        disk, mount = extra
        # A kernel that stops ext4 while a sync is under way may answer it although nothing was kept: that must not come about (a server whose
        # power is cut acknowledges nothing more, and one whose disk is gone is asked for nothing just then).
        still = [world.nats] if scenario == "power" else world.services
        for process in still:
            process.signal(signal.SIGSTOP)
        time.sleep(0.1)
        faultlib.run("xfs_io", "-x", "-c", "shutdown", mount)
        if scenario == "disk":
            # It goes on for a while, and shows what it could not write.
            for process in still:
                process.signal(signal.SIGCONT)
            time.sleep(dice.uniform(0, 1.5))
        world.nats.kill()
        faultlib.run("umount", mount)
        faultlib.run("mount", "-o", "loop", disk, mount)
        world.nats.start()
    elif scenario == "replica":
        victim = dice.choice(extra)
        victim.kill()
        time.sleep(dice.uniform(0.5, 4))
        victim.start()
        wait_for("the cluster is whole", lambda: all(node.healthy() for node in extra))


def rounds(world, call, scenario, extra=None):
    dice = random.Random(f"{call.seed}/{scenario}")
    crowd = Crowd.sharing(f"{call.seed}/{scenario}", world.gateways, call.clients, 1 << 30, pause=0.002).start()
    began = time.monotonic()
    for number in range(call.rounds):
        before = len(crowd.acknowledged)
        strike(world, scenario, dice, extra)
        # It must come back by itself before the next blow.
        wait_for(f"blow {number + 1}: it goes on", lambda: len(crowd.acknowledged) > before + call.clients, 90)
    crowd.stop()
    # What the clients were told, for whoever has to find out what went wrong.
    (world.folder / "acknowledged.json").write_text(json.dumps(crowd.acknowledged))
    for service in world.services:
        service.ready()
    events, acknowledged = prove(world.binary, world.direct, crowd, world.gateways, world.folder)
    seconds = time.monotonic() - began
    waited = max(client.waited for client in crowd.clients)
    print(
        f"ok: {scenario}: {call.rounds} blows in {seconds:.0f} s under {call.clients} clients: {events} events in the log, {acknowledged} acknowledged, "
        f"0 lost, 0 twice, views as a fresh replay; longest wait for an acknowledgement {waited:.1f} s; answers {crowd.answers()}",
        flush=True,
    )


def two(world, call):
    crowd = Crowd.sharing(call.seed, world.gateways, 16, call.events // 16).start().finish()
    events, acknowledged = prove(world.binary, world.direct, crowd, world.gateways, world.folder)
    assert acknowledged == events, "an event that was never acknowledged"
    print(f"ok: two gateways, 8 clients each: {events} events, each acknowledged once and there once; answers {crowd.answers()}", flush=True)


def run(call, scenario, folder):
    binary = call.bin
    if scenario == "cut":
        nats = Nats(folder)
        cable = Cable(nats.port)
        world = World(binary, folder, nats, f"nats://127.0.0.1:{cable.port}")
        extra = cable
    elif scenario in ("power", "disk"):
        faultlib.need_root()
        faultlib.need_programs("mount", "umount", "xfs_io", "mkfs.ext4")
        with faultlib.image("ext4", 1024) as (disk, mount):
            faultlib.run("mount", "-o", "loop", disk, mount)
            world = World(binary, folder, Nats(folder, mount / "store"))
            try:
                rounds(world, call, scenario, (disk, mount))
            finally:
                world.stop()
        return
    elif scenario == "replica":
        routes = [servicelib.free_port() for _ in range(3)]
        nodes = [Nats(folder, name=f"n{n}", cluster=(route, routes)) for n, route in enumerate(routes)]
        for node in nodes:
            node.start()
        for node in nodes:
            node.ready()
        url = ",".join(node.url for node in nodes)
        world = World(binary, folder, nodes[0], url, ["--nats-replicas", "3", "--nats-durability", "replicated"])
        world.nats = nodes[0]
        extra = nodes
        try:
            return rounds_of_three(world, call, nodes, url)
        finally:
            world.stop()
            for node in nodes:
                node.kill()
    elif scenario in OTHERS:
        return OTHERS[scenario](call, folder)
    else:
        world, extra = World(binary, folder), None
    try:
        two(world, call) if scenario == "two" else rounds(world, call, scenario, extra)
    finally:
        world.stop()


def rounds_of_three(world, call, nodes, url):
    type(world).direct = property(lambda self: self.place)
    rounds(world, call, "replica", nodes)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=Path)
    parser.add_argument("--scenario", action="append", required=True)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=30, help="how long is measured (starve)")
    parser.add_argument("--window", type=float, default=retries.SHORTEST_WINDOW, help="the server's duplicate window in seconds (late-retry); 120 is its real one")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", action="store_true", help="leave the folder with its logs")
    call = parser.parse_args()
    failed = 0
    for scenario in call.scenario:
        folder = tempfile.mkdtemp(prefix=f"chaos-{scenario}.")
        try:
            run(call, scenario, folder)
        except AssertionError as error:
            failed += 1
            print(f"FAILED: {scenario} (seed {call.seed}): {error}\n  what the processes said is in {folder}", flush=True)
            continue
        if not call.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
