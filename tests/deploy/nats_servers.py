"""NATS as deploy/nats sets it up, with real servers: who may do what, TLS, durability, one node of three lost.

    nats_servers.py    all of it, then the same checks against spoiled configurations, which must be caught

Three nodes are started on loopback with certificates and passwords made for the occasion. Every permission is tried, those that must be
refused too: a refusal counts only when the server says so, and what must not change is looked at afterwards.
"""

import asyncio
import json
import logging
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from checklib import DEPLOY, TOOLS, Checks, ends, program, skip

try:
    import nats
    import nats.errors
    from nats.js.errors import APIError
except ImportError:
    skip("nats-py is not installed and could not be")

logging.getLogger("asyncio").setLevel(logging.ERROR)
SERVER = program("nats-server", "NATS_SERVER", TOOLS / "venv" / "bin")
APP, OTHER_APP = "app-noorderlicht", "app-samen"
OWN, OTHERS = "ggz-noorderlicht", "ggz-voorbeeld"
LOG = "TRAJECT_EVENTS"
EVENT = f"traject.events.{OWN}.5f0c7a52-3b1d-4c8e-8a55-7a3f5f2a9e10"
SECONDS = 5


GIVEN_OUT, ONE_AT_A_TIME = set(), threading.Lock()


def free_ports(count):
    """Ports that nobody listens on now, and that no other servers of this run were given."""
    ports = []
    with ONE_AT_A_TIME:
        while len(ports) < count:
            with socket.socket() as tried:
                tried.bind(("127.0.0.1", 0))
                port = tried.getsockname()[1]
            if port not in GIVEN_OUT:
                GIVEN_OUT.add(port)
                ports.append(port)
    return ports


def settings_of(path):
    """The variables of a node's file, as a shell reads them."""
    out = subprocess.run(["bash", "-c", f'set -a; . "{path}"; env -0'], check=True, capture_output=True, env={}).stdout
    found = dict(pair.split("=", 1) for pair in out.decode().split("\0") if pair.startswith("NATS_"))
    return found


def with_users(folder):
    """A copy of deploy/nats in which everybody has a password: made once, since each takes its time on purpose."""
    conf = Path(folder) / "with-users"
    shutil.copytree(DEPLOY / "nats", conf)
    subprocess.run([conf / "make-users", conf, conf / "apps.example"], check=True, capture_output=True)
    return conf


class Servers:
    """The nodes of one configuration, in a folder of their own: a copy of the template."""

    def __init__(self, template, folder, config, nodes):
        self.folder, self.nodes, self.processes = Path(folder), nodes, {}
        conf = self.folder / "conf"
        shutil.copytree(template, conf)
        subprocess.run([conf / "make-dev-certs", self.folder, *nodes], check=True, capture_output=True)
        self.conf = conf / config
        ports = free_ports(3 * len(nodes))
        self.client = dict(zip(nodes, ports))
        self.route = dict(zip(nodes, ports[len(nodes):]))
        self.monitor = dict(zip(nodes, ports[2 * len(nodes):]))

    def environment(self, node):
        name = node if self.conf.name == "cluster.conf" else "single"
        routes = json.dumps([f"nats://127.0.0.1:{port}" for port in self.route.values()])
        return os.environ | settings_of(DEPLOY / "nats" / "nodes" / f"{name}.env") | {
            "NATS_LISTEN": f"127.0.0.1:{self.client[node]}",
            "NATS_CLUSTER": f"127.0.0.1:{self.route[node]}",
            "NATS_MONITOR": f"127.0.0.1:{self.monitor[node]}",
            "NATS_STORE": str(self.folder / node / "store"),
            "NATS_ROUTES": routes,
        }

    def start(self, node):
        with open(self.folder / f"{node}.log", "ab") as log:
            self.processes[node] = subprocess.Popen([SERVER, "-c", self.conf], cwd=self.folder / node, env=self.environment(node), stdout=log, stderr=log)

    def stop(self):
        for process in self.processes.values():
            process.kill()
            process.wait()

    def varz(self, node):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.monitor[node]}/varz", timeout=SECONDS) as answer:
            return json.load(answer)

    def password(self, user):
        return (self.conf.parent / "passwords" / user).read_text().strip()

    def tls(self):
        return ssl.create_default_context(cafile=self.folder / "ca.crt")

    @asynccontextmanager
    async def connected(self, user, node=None):
        """A client with the user's own inbox; `refusals` gathers what the server says no to."""
        refusals = []

        async def said(error):
            refusals.append(str(error).lower())

        port = self.client[node or self.nodes[0]]
        client = await nats.connect(
            f"tls://127.0.0.1:{port}", user=user, password=self.password(user), tls=self.tls(), inbox_prefix=f"_INBOX_{user}".encode(),
            error_cb=said, allow_reconnect=False, connect_timeout=SECONDS)
        client.refusals = refusals
        try:
            yield client
        finally:
            if not client.is_closed:
                await client.close()


async def refused(client, what):
    """Does it, waits until the server has seen it, and tells whether it said no."""
    client.refusals.clear()
    await what()
    await client.flush(SECONDS)
    await asyncio.sleep(0.02)
    return any("permissions violation" in each for each in client.refusals)


async def may_publish(client, subject):
    # With a reply in its own inbox, as a request has.
    return not await refused(client, lambda: client.publish(subject, b"{}", reply=f"{client._inbox_prefix.decode()}.probe"))


async def may_subscribe(client, subject):
    async def subscribe():
        client.last = await client.subscribe(subject)

    allowed = not await refused(client, subscribe)
    if allowed:
        await client.last.unsubscribe()
    return allowed


async def api(client, subject, body=None):
    """A request to JetStream, as the Rust client makes it. Refused: 'refused'; else the answer."""
    answer = asyncio.ensure_future(client.request(f"$JS.API.{subject}", json.dumps(body).encode() if body is not None else b"", timeout=SECONDS))
    if await refused(client, lambda: asyncio.sleep(0.01)):
        answer.cancel()
        return "refused"
    found = await answer
    return {"headers": found.headers, "data": found.data} if found.headers else json.loads(found.data)


async def until_ready(servers):
    """All nodes answer and say how they keep JetStream, which has a leader."""
    for _ in range(150):
        try:
            if all("config" in servers.varz(node).get("jetstream", {}) for node in servers.nodes):
                async with servers.connected("admin") as admin:
                    if "error" not in await api(admin, "INFO"):
                        return True
        except (OSError, nats.errors.Error, APIError, asyncio.TimeoutError):
            pass
        await asyncio.sleep(0.2)
    return False


# ---- The checks --------------------------------------------------------------------------------------------------------------------------


async def doors(checks, servers):
    """Who gets in at all, and what the server says of itself."""
    for node in servers.nodes:
        told = servers.varz(node)
        checks.equal(told["jetstream"]["config"].get("sync_always"), True, f"{node} syncs each write")
        checks.equal(told.get("http_host"), "127.0.0.1", f"{node} is watched on loopback only")
        checks.equal((told.get("tls_required"), told.get("auth_required")), (True, True), f"{node} wants TLS and a user")
        if len(servers.nodes) > 1:
            checks.equal((told["cluster"].get("tls_required"), told["cluster"].get("tls_verify")), (True, True), f"{node} verifies other nodes")
    port = servers.client[servers.nodes[0]]

    async def gets_in(**options):
        async def silent(_):
            pass

        try:
            client = await nats.connect(f"tls://127.0.0.1:{port}", allow_reconnect=False, error_cb=silent, connect_timeout=SECONDS, **options)
            await client.close()
            return True
        except (nats.errors.Error, OSError, asyncio.TimeoutError):
            return False

    checks.check(await gets_in(user="gateway", password=servers.password("gateway"), tls=servers.tls()), "the gateway gets in")
    checks.check(not await gets_in(tls=servers.tls()), "nobody gets in without a name")
    checks.check(not await gets_in(user="gateway", password="guessed", tls=servers.tls()), "nobody gets in with a wrong password")
    checks.check(not await gets_in(user="gateway", password=servers.password("werkmonitor"), tls=servers.tls()), "nobody gets in with another's password")
    checks.check(not await gets_in(user="gateway", password=servers.password("gateway"), tls=ssl.create_default_context()), "a client notices an authority that it does not know")

    def in_clear():
        with socket.create_connection(("127.0.0.1", port), SECONDS) as plain:
            plain.settimeout(SECONDS)
            plain.recv(4096)
            secret = json.dumps({"verbose": False, "user": "gateway", "pass": servers.password("gateway"), "protocol": 1})
            plain.sendall(f"CONNECT {secret}\r\nPING\r\n".encode())
            try:
                return b"PONG" in plain.recv(4096)
            except OSError:
                return False

    checks.check(not await asyncio.to_thread(in_clear), "nobody gets in without TLS")
    if len(servers.nodes) > 1:
        def as_node(certificate):
            """Whether a stranger gets through the handshake of nodes."""
            context = ssl.create_default_context(cafile=servers.folder / servers.nodes[0] / "tls" / "route-ca.crt")
            if certificate:
                context.load_cert_chain(f"{certificate}.crt", f"{certificate}.key")
            try:
                with socket.create_connection(("127.0.0.1", servers.route[servers.nodes[0]]), SECONDS) as plain:
                    plain.settimeout(SECONDS)
                    with context.wrap_socket(plain, server_hostname="localhost") as wrapped:
                        # In TLS 1.3 a server refuses a certificate only after the client's handshake is done.
                        return wrapped.recv(16).startswith(b"INFO")
            except (OSError, ssl.SSLError):
                return False

        tls = servers.folder / servers.nodes[0] / "tls"
        checks.check(await asyncio.to_thread(as_node, tls / "route"), "a node's certificate opens the door of nodes")
        checks.check(not await asyncio.to_thread(as_node, None), "a node without a certificate stays out")
        checks.check(not await asyncio.to_thread(as_node, tls / "server"), "a certificate of the clients' authority opens no door of nodes")


async def services_work(checks, servers):
    """Each service does with a real server what it is there for."""
    replicas = 3 if len(servers.nodes) > 1 else 1
    log = {"name": LOG, "subjects": ["traject.events.*.*"], "storage": "file", "retention": "limits", "num_replicas": replicas, "allow_direct": True, "allow_atomic": True,
           "deny_delete": True, "deny_purge": True, "discard": "new", "max_age": 0, "max_msgs": -1, "max_bytes": -1, "max_consumers": -1}
    bucket = {"storage": "file", "num_replicas": replicas, "allow_direct": True, "allow_rollup_hdrs": True, "deny_delete": True,
              "max_msgs_per_subject": 1, "discard": "new", "max_age": 0, "max_msgs": -1, "max_bytes": -1, "max_consumers": -1}
    async with servers.connected("gateway") as gateway:
        for config in [log, bucket | {"name": "KV_client_keys", "subjects": ["$KV.client_keys.>"]}]:
            made = await api(gateway, f"STREAM.CREATE.{config['name']}", config)
            if not checks.check(isinstance(made, dict) and made.get("config", {}).get("num_replicas") == replicas, f"the gateway makes {config['name']}: {made}"):
                return
        for expected in range(3):
            ack = await gateway.request(EVENT, b"decision", timeout=SECONDS, headers={"Nats-Expected-Last-Sequence": str(expected), "Nats-Msg-Id": f"id-{expected}"})
            checks.equal(json.loads(ack.data).get("seq"), expected + 1, "the gateway appends")
        ack = await gateway.request(EVENT, b"late", timeout=SECONDS, headers={"Nats-Expected-Last-Sequence": "1"})
        checks.equal(json.loads(ack.data).get("error", {}).get("err_code"), 10071, "an append that follows another position is a conflict")
        ack = await gateway.request("$KV.client_keys.client-1", b"wrapped", timeout=SECONDS)
        checks.equal(json.loads(ack.data).get("seq"), 1, "the gateway keeps a key")
        ack = await gateway.request("$KV.client_keys.client-1", b"", timeout=SECONDS, headers={"KV-Operation": "PURGE", "Nats-Rollup": "sub"})
        checks.equal(json.loads(ack.data).get("seq"), 2, "the gateway destroys a key")
        checks.check("headers" in await api(gateway, "DIRECT.GET.KV_client_keys.$KV.client_keys.client-1"), "the gateway reads a key")
        await reads(checks, gateway, "gateway", LOG, "traject.events.>", 3)
        await reads(checks, gateway, "gateway", "KV_client_keys", "$KV.client_keys.>", 1)
    async with servers.connected("sustainable-work") as projector:
        made = await api(projector, "STREAM.CREATE.KV_sustainable_work", bucket | {"name": "KV_sustainable_work", "subjects": ["$KV.sustainable_work.>"]})
        checks.check("config" in made, f"sustainable-work makes its bucket: {made}")
        ack = await projector.request(f"$KV.sustainable_work.{OWN}.5f0c", b"{}", timeout=SECONDS)
        checks.equal(json.loads(ack.data).get("seq"), 1, "sustainable-work writes a status")
        await reads(checks, projector, "sustainable-work", LOG, "traject.events.>", 3)
        await reads(checks, projector, "sustainable-work", "KV_sustainable_work", "$KV.sustainable_work.>", 1)
        purged = await api(projector, "STREAM.PURGE.KV_sustainable_work", {})
        checks.check(isinstance(purged, dict) and purged.get("success"), f"sustainable-work empties its bucket: {purged}")
    async with servers.connected("werkmonitor") as projector:
        await reads(checks, projector, "werkmonitor", LOG, "traject.events.>", 3)
    async with servers.connected("trajectlog") as everything:
        await reads(checks, everything, "trajectlog", LOG, "traject.events.>", 3)
        await reads(checks, everything, "trajectlog", "KV_client_keys", "$KV.client_keys.>", 1)
        ack = await everything.request(EVENT, b"decision", timeout=SECONDS, headers={"Nats-Expected-Last-Sequence": "3"})
        checks.equal(json.loads(ack.data).get("seq"), 4, "all roles in one process append")
    async with servers.connected("operator") as operator:
        await reads(checks, operator, "operator", LOG, "traject.events.>", 4)


async def reads(checks, client, user, stream, subjects, messages):
    """Every way of reading that the Rust client has: information, one message, pulled, and pushed in order."""
    told = await api(client, f"STREAM.INFO.{stream}")
    checks.check(isinstance(told, dict) and told.get("state", {}).get("messages") == messages, f"{user} sees {messages} messages in {stream}: {told}")
    got = await api(client, f"STREAM.MSG.GET.{stream}", {"seq": told["state"]["last_seq"]})
    checks.check("message" in got, f"{user} gets one message of {stream}: {got}")
    got = await api(client, f"DIRECT.GET.{stream}", {"seq": told["state"]["last_seq"]})
    checks.check("headers" in got, f"{user} gets one message of {stream} directly: {got}")
    base = {"ack_policy": "explicit", "deliver_policy": "all", "replay_policy": "instant", "inactive_threshold": 30_000_000_000}
    for subject, filtered in [(f"{stream}.pulled{user}.{subjects}", {"filter_subject": subjects}), (f"{stream}.pulledall{user}", {})]:
        name = subject.split(".")[1]
        made = await api(client, f"CONSUMER.CREATE.{subject}", {"stream_name": stream, "config": base | filtered | {"name": name}})
        checks.check(isinstance(made, dict) and made.get("name") == name, f"{user} makes a consumer on {stream}: {made}")
        inbox = client.new_inbox()
        waiting = await client.subscribe(inbox)
        wanted = json.dumps({"batch": messages, "expires": 2_000_000_000}).encode()
        allowed = not await refused(client, lambda: client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}", wanted, reply=inbox))
        found = [await waiting.next_msg(SECONDS) for _ in range(messages)] if allowed else []
        checks.equal(len(found), messages, f"{user} pulls from {stream}")
        for message in found:
            checks.check(not await refused(client, message.ack), f"{user} acknowledges {message.reply}")
        info = await api(client, f"CONSUMER.INFO.{stream}.{name}")
        checks.check(isinstance(info, dict) and info.get("ack_floor", {}).get("consumer_seq") == messages, f"{user} sees its consumer, all acknowledged: {info}")
        gone = await api(client, f"CONSUMER.DELETE.{stream}.{name}")
        checks.check(isinstance(gone, dict) and gone.get("success"), f"{user} removes its consumer: {gone}")
        await waiting.unsubscribe()
    pushed = await client.subscribe(client.new_inbox())
    config = {"deliver_subject": pushed.subject, "ack_policy": "none", "deliver_policy": "all", "replay_policy": "instant", "flow_control": True,
              "idle_heartbeat": 1_000_000_000, "max_deliver": 1, "mem_storage": True, "num_replicas": 1}
    made = await api(client, f"CONSUMER.CREATE.{stream}", {"stream_name": stream, "config": config})
    checks.check(isinstance(made, dict) and "name" in made, f"{user} makes an ordered consumer on {stream}: {made}")
    found = [await pushed.next_msg(SECONDS) for _ in range(messages)]
    checks.equal(len(found), messages, f"{user} reads {stream} in order")
    checks.check(not await refused(client, lambda: client.publish(f"$JS.FC.{stream}.{made['name']}.x", b"")), f"{user} answers flow control of {stream}")
    await pushed.unsubscribe()


NOBODY_PUBLISHES = [f"$JS.API.STREAM.{word}.{stream}" for word in ("DELETE", "PURGE", "MSG.DELETE") for stream in (LOG, "KV_client_keys")]
# Whose: what must be refused, to publish and to subscribe.
REFUSED = {
    APP: (
        [f"traject.command.{OTHERS}", "traject.command", "traject.command.*", EVENT, "traject.events.x.y", "traject.query.figures", "traject.figures.2025Q1",
         "$JS.API.INFO", f"$JS.API.STREAM.INFO.{LOG}", f"$JS.API.CONSUMER.CREATE.{LOG}", f"$JS.API.DIRECT.GET.{LOG}", "$JS.API.STREAM.CREATE.MINE", f"$JS.ACK.{LOG}.c.1.1.1.1.1",
         "$KV.sustainable_work.x", "$KV.client_keys.x", "$SRV.PING", "$SYS.REQ.SERVER.PING", "_INBOX_gateway.x", f"_INBOX_{OTHER_APP}.x", f"_INBOX_{APP}.x", "anything"],
        ["traject.events.>", EVENT, "traject.command.>", f"traject.command.{OWN}", f"traject.command.{OTHERS}", "traject.query.>", "traject.figures.*", ">", "*", "_INBOX.>",
         f"_INBOX_{OTHER_APP}.>", "_INBOX_gateway.>", "$JS.>", "$KV.>", "$SRV.>", "$SYS.>", "_R_.>"],
    ),
    "gateway": (
        [f"$JS.API.STREAM.UPDATE.{LOG}", "$JS.API.STREAM.CREATE.OTHER", "$JS.API.STREAM.CREATE.KV_sustainable_work", "$KV.sustainable_work.x", "traject.figures.2025Q1", "_INBOX_werkmonitor.x",
         f"traject.command.{OWN}", "$SYS.REQ.SERVER.PING"],
        [">", "traject.events.>", "_INBOX_werkmonitor.>", "_INBOX.>", "$KV.>", "$SYS.>"],
    ),
    "sustainable-work": (
        [EVENT, "traject.events.x.y", f"traject.command.{OWN}", "$KV.client_keys.x", "traject.figures.2025Q1", "$JS.API.STREAM.CREATE.OTHER", f"$JS.API.STREAM.CREATE.{LOG}", f"$JS.API.STREAM.UPDATE.{LOG}",
         "$JS.API.STREAM.INFO.KV_client_keys", "$JS.API.STREAM.MSG.GET.KV_client_keys", "$JS.API.DIRECT.GET.KV_client_keys", "$JS.API.DIRECT.GET.KV_client_keys.x", "$JS.API.CONSUMER.CREATE.KV_client_keys"],
        [">", "traject.events.>", "traject.command.*", "_INBOX_gateway.>", "$KV.client_keys.>", "$KV.>"],
    ),
    "werkmonitor": (
        [EVENT, "traject.events.x.y", f"traject.command.{OWN}", "$KV.client_keys.x", "$KV.sustainable_work.x", f"$JS.API.STREAM.CREATE.{LOG}", "$JS.API.STREAM.CREATE.OTHER",
         "$JS.API.STREAM.INFO.KV_client_keys", "$JS.API.DIRECT.GET.KV_client_keys.x", "$JS.API.CONSUMER.CREATE.KV_client_keys", "$JS.API.STREAM.PURGE.KV_sustainable_work"],
        [">", "traject.events.>", "traject.command.*", "_INBOX_gateway.>", "$KV.>"],
    ),
    "trajectlog": ([f"$JS.API.STREAM.UPDATE.{LOG}", f"traject.command.{OWN}", "$SYS.REQ.SERVER.PING"], [">", "traject.events.>", "_INBOX_gateway.>", "$KV.>"]),
    "operator": ([f"traject.command.{OWN}", f"$JS.API.STREAM.UPDATE.{LOG}", "traject.figures.2025Q1"], [">", "traject.events.>", "traject.command.*", "_INBOX_gateway.>"]),
    "admin": ([EVENT, f"traject.command.{OWN}", "$KV.client_keys.x"], [">", "traject.events.>", "traject.command.*", "_INBOX_gateway.>", "$KV.>"]),
}
ALLOWED = {
    APP: ([f"traject.command.{OWN}"], [f"_INBOX_{APP}.>"]),
    OTHER_APP: ([f"traject.command.{OTHERS}", "traject.command.ggz-elders"], [f"_INBOX_{OTHER_APP}.>"]),
    "gateway": (["traject.query.sustainable-work"], ["traject.command.*", "traject.figures.*", "traject.query.gateway", "$SRV.PING", "$SRV.INFO.trajectlog"]),
    "sustainable-work": ([], ["traject.query.sustainable-work", "$SRV.PING"]),
    "werkmonitor": (["traject.figures.2025Q1"], ["traject.query.werkmonitor", "$SRV.PING"]),
    "operator": (["$SRV.PING", "traject.query.werkmonitor"], []),
    "admin": (["$JS.API.STREAM.LIST", f"$JS.API.STREAM.SNAPSHOT.{LOG}"], []),
}


async def permissions(checks, servers):
    """Every line of the two tables above; and the log is as long afterwards as before."""
    async with servers.connected("admin") as admin:
        before = (await api(admin, f"STREAM.INFO.{LOG}"))["state"]
        for user, (publish, subscribe) in ALLOWED.items():
            async with servers.connected(user) as client:
                for subject in publish:
                    checks.check(await may_publish(client, subject), f"{user} may publish {subject}")
                for subject in subscribe:
                    checks.check(await may_subscribe(client, subject), f"{user} may subscribe {subject}")
        for user, (publish, subscribe) in REFUSED.items():
            async with servers.connected(user) as client:
                for subject in publish + NOBODY_PUBLISHES:
                    checks.check(not await may_publish(client, subject), f"{user} may not publish {subject}")
                for subject in subscribe:
                    checks.check(not await may_subscribe(client, subject), f"{user} may not subscribe {subject}")
        after = (await api(admin, f"STREAM.INFO.{LOG}"))["state"]
        checks.equal((after["messages"], after["last_seq"]), (before["messages"], before["last_seq"]), "the log is as it was")


async def commands(checks, servers):
    """An app's command reaches the gateway and the answer the app, and no other place."""
    async with servers.connected(APP) as app, servers.connected(OTHER_APP) as other:
        try:
            await app.request(f"traject.command.{OWN}", b"{}", timeout=SECONDS)
            checks.check(False, "without a gateway there is no answer")
        except nats.errors.NoRespondersError:
            checks.check(True, "without a gateway an app is told so at once")
        async with servers.connected("gateway", servers.nodes[-1]) as gateway, servers.connected("admin") as admin:
            seen = []

            async def answer(message):
                seen.append(message)
                await message.respond(b'{"answer":1}')

            await gateway.subscribe("traject.command.*", queue="q", cb=answer)
            await gateway.flush(SECONDS)
            await asyncio.sleep(0.5)  # until the other nodes know
            said = await app.request(f"traject.command.{OWN}", b'{"command":1}', timeout=SECONDS, headers={"Authorization": "Bearer token"})
            checks.equal(said.data, b'{"answer":1}', "an app gets the answer to its command")
            checks.equal([(m.subject, (m.headers or {}).get("Authorization")) for m in seen], [(f"traject.command.{OWN}", "Bearer token")], "the gateway gets the command as it was sent")
            said = await other.request(f"traject.command.{OTHERS}", b"{}", timeout=SECONDS)
            checks.equal((said.data, seen[-1].subject), (b'{"answer":1}', f"traject.command.{OTHERS}"), "another app's command too")

            before = (await api(admin, f"STREAM.INFO.{LOG}"))["state"]["last_seq"]
            count = len(seen)
            for trick in (EVENT, "$KV.client_keys.client-2", "$JS.API.STREAM.INFO." + LOG):
                await app.publish(f"traject.command.{OWN}", b"{}", reply=trick)
            await app.flush(SECONDS)
            for _ in range(50):
                if len(seen) >= count + 2:
                    break
                await asyncio.sleep(0.05)
            await gateway.flush(SECONDS)
            await asyncio.sleep(0.2)
            checks.check(len(seen) >= count + 2, "a command with a strange reply subject reaches the gateway")
            checks.check(all(m.reply.startswith("_R_.") for m in seen), f"the gateway answers to subjects of the server's making: {[m.reply for m in seen]}")
            checks.equal((await api(admin, f"STREAM.INFO.{LOG}"))["state"]["last_seq"], before, "an app cannot have the answer written into the log")
            checks.equal((await api(admin, "STREAM.INFO.KV_client_keys"))["state"]["last_seq"], 2, "an app cannot have the answer written among the keys")


async def detours(checks, servers):
    """A projector cannot have JetStream carry its own messages to where it may not write: what is delivered needs a listener there."""
    async with servers.connected("sustainable-work") as projector, servers.connected("admin") as admin:
        await projector.request(f"$KV.sustainable_work.{OWN}.5f0c", b"{}", timeout=SECONDS)
        streams = (LOG, "KV_client_keys")
        before = [(await api(admin, f"STREAM.INFO.{stream}"))["state"]["last_seq"] for stream in streams]
        for place in (EVENT, "$KV.client_keys.client-3"):
            config = {"deliver_subject": place, "ack_policy": "none", "deliver_policy": "all", "replay_policy": "instant"}
            await api(projector, "CONSUMER.CREATE.KV_sustainable_work", {"stream_name": "KV_sustainable_work", "config": config})
        await asyncio.sleep(1.5)
        after = [(await api(admin, f"STREAM.INFO.{stream}"))["state"]["last_seq"] for stream in streams]
        checks.equal(after, before, "log and keys are as they were")


async def one_node_lost(checks, servers):
    """Two of three go on, and nothing acknowledged is gone when the third is back."""
    victim = servers.nodes[0]
    servers.processes[victim].kill()
    servers.processes[victim].wait()
    acknowledged = 0
    async with servers.connected("gateway", servers.nodes[1]) as gateway:
        for _ in range(60):
            try:
                ack = json.loads((await gateway.request(EVENT, b"decision", timeout=1)).data)
            except (nats.errors.Error, asyncio.TimeoutError):
                await asyncio.sleep(0.2)
                continue
            if "seq" in ack:
                acknowledged = ack["seq"]
                break
            await asyncio.sleep(0.2)
        checks.check(acknowledged > 4, "two nodes go on appending without the third")
    servers.start(victim)
    if checks.check(await until_ready(servers), "the third node comes back"):
        for _ in range(50):
            async with servers.connected("admin") as admin:
                told = await api(admin, f"STREAM.INFO.{LOG}")
            replicas = told.get("cluster", {}).get("replicas", [])
            if len(replicas) == 2 and all(each.get("current") for each in replicas):
                break
            await asyncio.sleep(0.2)
        checks.check(len(replicas) == 2 and all(each.get("current") for each in replicas), f"three nodes hold the log again: {replicas}")
        checks.check(told["state"]["last_seq"] >= acknowledged, "what two nodes acknowledged is there")


def parses(checks, servers):
    """`nats-server -t` on both configurations, and a refusal when a variable is missing."""
    for config in ("cluster.conf", "single.conf"):
        environment = servers.environment(servers.nodes[0])
        command = [SERVER, "-t", "-c", servers.conf.parent / config]
        found = subprocess.run(command, cwd=servers.folder / servers.nodes[0], env=environment, capture_output=True, text=True)
        checks.equal(found.returncode, 0, f"{config} is valid: {found.stderr.strip()}")
        for name in [key for key in environment if key.startswith("NATS_") and key in (servers.conf.parent / config).read_text() + (servers.conf.parent / "common.conf").read_text()]:
            less = {key: value for key, value in environment.items() if key != name}
            checks.check(subprocess.run(command, cwd=servers.folder / servers.nodes[0], env=less, capture_output=True).returncode != 0, f"{config} without {name} is refused")


async def run(checks, servers):
    parses(checks, servers)
    for node in servers.nodes:
        servers.start(node)
    try:
        if not checks.check(await until_ready(servers), "the nodes start"):
            for node in servers.nodes:
                log = (servers.folder / f"{node}.log").read_text()
                checks.quiet or print(f"---- {node}\n{log[-3000:]}")
            return
        for part in (doors, services_work, permissions, commands, detours):
            try:
                await part(checks, servers)
            except (nats.errors.Error, OSError, asyncio.TimeoutError, KeyError) as error:
                checks.check(False, f"{part.__name__} did not end: {error!r}")
            if part is services_work and checks.wrong:
                return
        if len(servers.nodes) > 1:
            await one_node_lost(checks, servers)
    finally:
        servers.stop()


# ---- Spoiled configurations that must be caught -----------------------------------------------------------------------------------------------

# What is spoiled: file, what stands there, what is put in its place; and what a check must say of it.
SPOILED = {
    "writes are not synced": ("common.conf", "sync_interval: always", 'sync_interval: "2m"',
        "syncs each write"),
    "the monitor listens everywhere": ("common.conf", "http: $NATS_MONITOR", 'http: "0.0.0.0:MONITOR"',
        "loopback only"),
    "an app hears all inboxes": ("users.conf", f'"_INBOX_{APP}.>"', '">"',
        "app-noorderlicht may not subscribe _INBOX"),
    "an app sends commands of all": ("users.conf", f'"traject.command.{OWN}"', '"traject.command.*"',
        "app-noorderlicht may not publish traject.command.ggz-voorbeeld"),
    "apps live in the log's account": ("accounts.conf", "        users: [\n            # Commands in",
                                       f'        users: [\n            {{ user: "{APP}", password: $HERE, permissions {{ publish {{ allow: ["traject.command.{OWN}"] }}, subscribe {{ allow: ["_INBOX_{APP}.>"] }} }} }}\n            # Commands in',
        "an app cannot have the answer written into the log"),
    "a projector may append": ("accounts.conf", '"traject.figures.*"\n', '"traject.figures.*", "traject.events.>"\n',
        "werkmonitor may not publish traject.events"),
    "a projector reads the keys": ("accounts.conf", '"$KV.sustainable_work.>"\n', '"$KV.sustainable_work.>", "$JS.API.DIRECT.GET.KV_client_keys.>"\n',
        "sustainable-work may not publish $JS.API.DIRECT.GET.KV_client_keys"),
    "the admin may purge the log": ("accounts.conf", '"$JS.API.STREAM.PURGE.TRAJECT_EVENTS", ', "",
        "admin may not publish $JS.API.STREAM.PURGE"),
    "the gateway may not make the log": ("accounts.conf", '"$JS.API.STREAM.CREATE.TRAJECT_EVENTS", "$JS.API.STREAM.CREATE.KV_client_keys"', '"$JS.API.STREAM.CREATE.KV_client_keys"',
        "the gateway makes TRAJECT_EVENTS"),
    "the gateway may not pull": ("accounts.conf", '"$JS.API.CONSUMER.MSG.NEXT.TRAJECT_EVENTS.*", "$JS.ACK.TRAJECT_EVENTS.>"', '"$JS.ACK.TRAJECT_EVENTS.>"',
        "gateway pulls from TRAJECT_EVENTS"),
}


def spoil(servers, name):
    file, good, bad, _ = SPOILED[name]
    path = servers.conf.parent / file
    text = path.read_text()
    if good not in text:
        sys.exit(f"{file} has no more {good!r}: mend the self-test")
    if name == "apps live in the log's account":
        users = servers.conf.parent / "users.conf"
        lines = users.read_text().splitlines()
        at = next(n for n, line in enumerate(lines) if f'"{APP}"' in line)
        hashed = lines[at].split("password: ")[1]
        users.write_text("\n".join([f"HERE: {hashed}", *lines[:at], *lines[at + 2:]]) + "\n")
    path.write_text(text.replace(good, bad.replace("MONITOR", str(servers.monitor["n1"])), 1))


def tried_with(template, folder, name):
    """The checks of one node, whose configuration was spoiled as named."""
    tried = Checks(quiet=name != "nothing")
    servers = Servers(template, folder, "single.conf", ["n1"])
    if name != "nothing":
        spoil(servers, name)
    asyncio.run(run(tried, servers))
    return tried


def main():
    checks, caught, names = Checks(), {}, ["nothing", *SPOILED]
    with tempfile.TemporaryDirectory() as folder:
        template = with_users(folder)
        asyncio.run(run(checks, Servers(template, f"{folder}/three", "cluster.conf", ["n1", "n2", "n3"])))
        # Each waits for its own server most of the time: some at once.
        with ThreadPoolExecutor(max_workers=4) as pool:
            tries = {name: pool.submit(tried_with, template, f"{folder}/{n}", name) for n, name in enumerate(names)}
        results = {name: tried.result() for name, tried in tries.items()}
    checks.done, checks.wrong = checks.done + results["nothing"].done, checks.wrong + results["nothing"].wrong
    for name, (*_, wanted) in SPOILED.items():
        said = [what for what in results[name].wrong if wanted in what]
        caught[name] = bool(said)
        print(f"spoiled: {name}: caught by '{said[0]}'" if said else f"spoiled: {name}: NOT CAUGHT, {results[name].wrong}")
    ends(checks, caught, "nats: three nodes and one")


if __name__ == "__main__":
    main()
