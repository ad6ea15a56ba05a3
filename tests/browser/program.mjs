/**
 * The real program on a folder of its own, and a proxy before it that can be pulled out and can answer for a server in trouble.
 *
 *     browser ─▶ proxy (unplug, plug, next) ─▶ trajectlog serve
 *
 * The program is $BIN, else what was built last of target/release and target/debug. Nothing here waits for a fixed time.
 */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, createServer, request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { PASSWORD, PEOPLE, log } from './lib/people.mjs';

const TARGET = process.env.CARGO_TARGET_DIR ?? join(dirname(fileURLToPath(import.meta.url)), '../../target');
const EVENTS = /^\/api\/v1\/trajectories\/([^/]+)\/events$/;
const STARTS_WITHIN = 30_000;
const run = promisify(execFile);

/** The program that is tested. */
export function program() {
  const built = ['release', 'debug'].map((profile) => join(TARGET, profile, 'trajectlog')).filter((path) => existsSync(path));
  const [newest] = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const found = process.env.BIN ?? newest;
  if (!found || !existsSync(found)) throw new Error(`there is no program to test: ${found ?? `nothing in ${TARGET}`}; build it, or name it in BIN`);
  return found;
}

/** A folder with the log of `lib/people.mjs` and accounts for all of its people, served. */
export async function startProgram() {
  const folder = await mkdtemp(join(tmpdir(), 'trajectlog-program-'));
  const data = join(folder, 'data');
  await writeFile(join(folder, 'log.jsonl'), log());
  await run(program(), ['import', join(folder, 'log.jsonl'), '--data', data]);
  const made = {};
  for (const [login, person] of Object.entries(PEOPLE)) made[login] = await addAccount(data, login, person);
  const child = spawn(program(), ['serve', '--data', data, '--listen', '127.0.0.1:0', '--rate', '2000'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const said = [];
  const port = await listening(child, said, ended);
  const served = {
    port, data, said, made,
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return served;
}

async function addAccount(data, login, { name, role, organisation, coach }) {
  const more = [...(organisation ? ['--organisation', organisation] : []), ...(coach ? ['--coach', coach] : [])];
  const { stdout } = await run(program(), ['accounts', 'add', '--data', data, '--login', login, '--name', name, '--role', role, ...more]);
  const { account, one_time_password } = JSON.parse(stdout);
  return { account, oneTime: one_time_password };
}

function listening(child, said, ended) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it does not listen: ${said.join('\n')}`)), STARTS_WITHIN);
    ended.then(() => reject(new Error(`it has ended: ${said.join('\n')}`)));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const [, port] = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
        if (port) { clearTimeout(late); resolve(Number(port)); }
      });
    }
  });
}

// ---- A person who asks without a browser ----

const cookieOf = (response) => response.headers.getSetCookie().map((line) => line.split(';')[0]).find((cookie) => !cookie.endsWith('='));
const form = (fields, headers) => ({ method: 'POST', headers, body: new URLSearchParams(fields), redirect: 'manual' });

/** Signs somebody in; who has a one-time password chooses one. Answers what can be asked in their name. */
export async function person(served, login) {
  const at = (path) => served.origin + path;
  const signIn = (password) => fetch(at('/inloggen'), form({ login, password }));
  const first = await signIn(served.made[login].chosen ? PASSWORD : served.made[login].oneTime);
  let cookie = cookieOf(first);
  if (!cookie) throw new Error(`${login} is not let in: ${first.status} ${first.headers.get('location')}`);
  if (!served.made[login].chosen) {
    const page = await (await fetch(at('/wachtwoord'), { headers: { cookie } })).text();
    const [, csrf] = /name="csrf" value="([^"]+)"/.exec(page) ?? [];
    const answer = await fetch(at('/wachtwoord'), form({ csrf, old: served.made[login].oneTime, new: PASSWORD, again: PASSWORD }, { cookie }));
    if (/fout=/.test(answer.headers.get('location') ?? 'fout=')) throw new Error(`no password for ${login}: ${answer.status} ${await answer.text()}`);
    served.made[login].chosen = true;
    cookie = cookieOf(answer) ?? cookie;
  }
  const { csrf } = await (await fetch(at('/api/v1/session'), { headers: { cookie } })).json();
  return {
    cookie,
    get: async (path) => (await fetch(at(path), { headers: { cookie } })).json(),
    post: (path, body) => fetch(at(path), {
      method: 'POST', headers: { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' }, body: JSON.stringify(body),
    }),
    form: (path, fields) => fetch(at(path), form({ csrf, ...fields }, { cookie })),
  };
}

// ---- The line between browser and program ----

/**
 * `unplug` cuts every connection and takes no other, `plug` ends that. `next(status, …)` answers the next posts of events so, without asking the program;
 * a status may be 'lost': the program is asked, and its answer thrown away; `answerNormally` forgets what is left of these. `posts` holds every post of events with what it was answered.
 */
export async function startProxy(port) {
  const agent = new Agent({ keepAlive: true });
  const answers = [];
  const sockets = new Set();
  const proxy = { posts: [], next: (...these) => answers.push(...these), answerNormally: () => { answers.length = 0; } };
  const server = createServer((incoming, outgoing) => {
    const post = incoming.method === 'POST' && EVENTS.test(incoming.url) ? { url: incoming.url, status: undefined } : undefined;
    if (post) proxy.posts.push(post);
    const forced = post && answers.shift();
    if (typeof forced === 'number') {
      post.status = forced;
      incoming.resume();
      outgoing.writeHead(forced, { 'content-type': 'text/html' }).end('<p>Onderhoud</p>');
      return;
    }
    const onward = ask({ port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers: incoming.headers, agent }, (answer) => {
      if (post) post.status = answer.statusCode;
      if (forced === 'lost') return void answer.resume().on('end', () => outgoing.destroy());
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => outgoing.writableEnded || onward.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => sockets.add(socket).size && socket.on('close', () => sockets.delete(socket)));
  const listen = async (on) => { server.listen(on, '127.0.0.1'); await once(server, 'listening'); };
  await listen(0);
  const own = server.address().port;
  proxy.origin = `http://127.0.0.1:${own}`;
  proxy.plug = () => listen(own);
  proxy.unplug = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    sockets.forEach((socket) => socket.destroy());
    await closed;
  };
  proxy.close = async () => { await proxy.unplug(); agent.destroy(); };
  return proxy;
}
