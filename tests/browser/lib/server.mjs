/**
 * A service that behaves like the real one towards a browser, small enough to read: sessions, pages, the shell, and events with idempotent ids.
 *
 * What a test can do to it: `unplug` and `plug` (no network), `next(…)` (how the next posts are answered; `answerNormally`), `refuse` (a rule),
 * `moved` (trajectories that went to somebody else), `endSessions`, `renewTokens` (of the sessions), `sessionTrouble` (how a question for the session
 * is answered), `version` (of the application). What it can ask: `recorded` (every event with how often it was recorded), `posts` (each with the
 * `status` that it was answered with), `sessionsOpen`, `violations` (of the content security policy).
 */

import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';

import { strip } from './strip.mjs';
import { caseload, form, offline, signIn, timeline, waiting } from './pages.mjs';

const ASSETS = new URL('../../../shared/pages/assets/', import.meta.url);
const MODULES = readdirSync(new URL('js/', ASSETS)).filter((name) => name.endsWith('.js'));
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
  + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /violations";
const CONTENT = ['trajectory_id', 'organisation', 'type', 'occurred_on', 'corrects', 'data'];

export async function startServer() {
  const sessions = new Map();
  const recorded = new Map();
  const answers = [];
  const server = {
    recorded, posts: [], violations: [], moved: new Set(), pages: [], version: 'one', pageDelay: 0, sessionTrouble: 0,
    refuse: () => undefined,
    /** The next posts are answered so, one after the other: a status, or { status, code, retryAfter, record, cut, html }. */
    next: (...these) => answers.push(...these),
    answerNormally: () => { answers.length = 0; },
    endSessions: () => sessions.clear(),
    sessionsOpen: () => sessions.size,
    renewTokens: () => sessions.forEach((session) => { session.csrf = randomUUID(); }),
    times: (type) => [...recorded.values()].filter(({ event }) => event.type === type).map(({ times }) => times),
  };

  const http = createServer((request, response) => {
    handle(request, response).catch((error) => { console.error(error); response.destroy(); });
  });
  const sockets = new Set();
  http.on('connection', (socket) => sockets.add(socket).size && socket.on('close', () => sockets.delete(socket)));
  const listen = async (port) => { http.listen(port, '127.0.0.1'); await once(http, 'listening'); };
  await listen(0);
  const { port } = http.address();
  server.url = `http://127.0.0.1:${port}`;
  server.plug = () => listen(port);
  server.unplug = server.close = async () => {
    const closed = http.listening ? once(http, 'close') : undefined;
    http.close();
    sockets.forEach((socket) => socket.destroy());
    await closed;
  };

  const sessionOf = (request) => sessions.get(/(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);

  async function handle(request, response) {
    const url = new URL(request.url, server.url);
    const session = sessionOf(request);
    response.setHeader('Content-Security-Policy', POLICY);
    const body = await read(request);
    if (url.pathname === '/violations') return server.violations.push(body) && send(response, 204);
    if (url.pathname === '/sw.js') return serveWorker(response);
    if (url.pathname.startsWith('/static/')) return serveFile(url, response);
    if (url.pathname === '/uitloggen' && request.method === 'POST') return signOut(request, response, session, body);
    if (url.pathname === '/test/sign-in') return openSession(url, response);
    if (url.pathname === '/api/v1/session' && server.sessionTrouble) return problem(response, server.sessionTrouble, 'unavailable');
    if (url.pathname === '/api/v1/session') return session ? send(response, 200, session) : problem(response, 401, 'unauthenticated');
    const events = /^\/api\/v1\/trajectories\/([^/]+)\/events$/.exec(url.pathname);
    if (events && request.method === 'POST') return post(request, response, session, events[1], JSON.parse(body));
    if (request.method !== 'GET') return send(response, 405);
    server.pages.push(url.pathname);
    await new Promise((done) => setTimeout(done, server.pageDelay));
    return servePage(url, response, session);
  }

  // ---- Pages ----

  function servePage(url, response, session) {
    const show = (html, account) => {
      if (account) response.setHeader('X-Account', account);
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(html);
    };
    if (url.pathname === '/offline') return show(offline());
    if (url.pathname === '/inloggen') return show(signIn());
    if (!session) return response.writeHead(303, { Location: '/inloggen' }).end();
    const of = /^(?:\/trajecten\/([^/]+))?\/vastleggen\/([^/]+)$/.exec(url.pathname);
    if (of) return show(form(session, of[1] ?? '', of[2], url.searchParams), session.account);
    const [, trajectory] = /^\/trajecten\/([^/]+)$/.exec(url.pathname) ?? [];
    if (server.moved.has(trajectory)) return send(response, 404, '<p>Dit traject is er niet.</p>', 'text/html');
    if (trajectory) return show(timeline(session, trajectory, recorded), session.account);
    if (url.pathname === '/wachtrij') return show(waiting(session), session.account);
    if (url.pathname === '/') return show(caseload(session, server.moved), session.account);
    return send(response, 404, '<p>Deze pagina is er niet.</p>', 'text/html');
  }

  function openSession(url, response) {
    const id = randomUUID();
    sessions.set(id, { account: url.searchParams.get('account'), csrf: randomUUID() });
    response.writeHead(303, { Location: '/', 'Set-Cookie': `session=${id}; HttpOnly; SameSite=Lax; Path=/; Max-Age=86400` }).end();
  }

  function signOut(request, response, session, body) {
    const token = request.headers['x-csrf-token'] ?? new URLSearchParams(body).get('csrf');
    if (session && token !== session.csrf) return problem(response, 403, 'csrf');
    for (const [id, one] of sessions) if (one === session) sessions.delete(id);
    return response.writeHead(303, { Location: '/inloggen', 'Set-Cookie': 'session=; Path=/; Max-Age=0' }).end();
  }

  function serveWorker(response) {
    const shell = { version: server.version, files: ['/offline', ...MODULES.map((name) => `/static/js-${server.version}/${name}`)] };
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    response.setHeader('Cache-Control', 'no-cache');
    response.end(`self.SHELL = ${JSON.stringify(shell)};\n${strip(readFileSync(new URL('sw.js', ASSETS), 'utf8'))}`);
  }

  /** `/static/js-VERSION/name.js`: only this version's files exist, as after a roll-out. */
  function serveFile(url, response) {
    const [, version, name] = /^\/static\/js-(\w+)\/([\w.]+)$/.exec(url.pathname) ?? [];
    if (version !== server.version || !MODULES.includes(name)) return send(response, 404);
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    return response.end(strip(readFileSync(new URL(`js/${name}`, ASSETS), 'utf8')));
  }

  // ---- Events ----

  function post(request, response, session, trajectory, body) {
    const events = body.events ?? [body];
    // In whose session it came, and in whose name the page asked.
    const asked = { account: session?.account, as: request.headers['x-account'], events, at: Date.now(), status: 0 };
    server.posts.push(asked);
    response.on('finish', () => { asked.status = response.statusCode; });
    const forced = answers.shift();
    const how = typeof forced === 'number' ? { status: forced } : forced;
    if (how?.html) return send(response, how.status, '<p>Welkom op het wifi-netwerk</p>', 'text/html');
    if (how?.code) return problem(response, how.status, how.code);
    if (how?.status >= 429) return problem(response, how.status, 'unavailable', {}, how.retryAfter);
    if (!session) return problem(response, 401, 'unauthenticated');
    if (request.headers['x-csrf-token'] !== session.csrf) return problem(response, 403, 'csrf');
    if (request.headers['x-account'] !== session.account) return problem(response, 403, 'other_account');
    if (server.moved.has(trajectory)) return problem(response, 404, 'not_found');
    const known = events.map((event) => recorded.get(event.event_id));
    const reused = events.find((event, place) => known[place] && !same(known[place].event, event));
    if (reused) return problem(response, 409, 'event_id_reused', { detail: 'Dit nummer is al gebruikt.', event_id: reused.event_id });
    const there = known.every(Boolean);
    const refusal = there ? undefined : server.refuse(events, recorded);
    if (refusal) return problem(response, refusal.status ?? 422, refusal.code, refusal);
    events.forEach((event, place) => known[place] || record(event, session.account));
    if (how?.cut) return response.destroy();
    const answer = events.map((event) => ({ ...event, actor: session.account, revision: 1 }));
    return send(response, there ? 200 : 201, body.events ? answer : answer[0]);
  }

  function record(event, actor) {
    const before = recorded.get(event.event_id);
    recorded.set(event.event_id, { event, actor, times: (before?.times ?? 0) + 1 });
  }

  return server;
}

const same = (one, other) => CONTENT.every((field) => isDeepStrictEqual(one[field], other[field]));

async function read(request) {
  let body = '';
  for await (const part of request) body += part;
  return body;
}

function send(response, status, body = '', type = 'application/json') {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function problem(response, status, code, more = {}, retryAfter) {
  if (retryAfter) response.setHeader('Retry-After', retryAfter);
  send(response, status, { type: `urn:trajectlog:problem:${code}`, title: 'A problem', detail: 'Een uitleg.', ...more, status, code }, 'application/problem+json');
}
