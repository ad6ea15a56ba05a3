// Signing in by an organisation's provider of identities: npm's `oidc-provider`, a real browser, and the program on a folder of its own.
//
//     cargo build --release --locked --package trajectlog && (cd tests/browser && BIN=../../target/release/trajectlog node --test oidc.test.mjs)

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createPort } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import Provider from 'oidc-provider';

import { launch } from './site.mjs';

const BIN = resolve(process.env.BIN ?? '../../target/release/trajectlog');
const AUDIENCE = 'https://trajectlog.example/api';
const CALLBACK = '/inloggen/organisatie/terug';
const COOKIE = '__Host-trajectlog';
const run = promisify(execFile);
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

/** People at the provider; the name that they type there is their subject. */
const PEOPLE = {
  's-ann': { email: 'ann@ggz.example', email_verified: true },
  's-stranger': { email: 'stranger@ggz.example', email_verified: true },
  's-unconfirmed': { email: 'eva@ggz.example', email_verified: false },
  's-password': { email: 'root', email_verified: true },
};

async function freePort() {
  const server = createPort().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function keys() {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return [{ ...rsa, kid: 'rsa', use: 'sig', alg: 'RS256' }, { ...ec, kid: 'ec', use: 'sig', alg: 'ES256' }];
}

/** A provider that demands PKCE; it can be stopped and begun again at the same address. */
async function startProvider(service) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const client = { token_endpoint_auth_method: 'none', response_types: ['code'], grant_types: ['authorization_code'] };
  const provider = new Provider(issuer, {
    clients: [
      { ...client, client_id: 'trajectlog', redirect_uris: [`${service}${CALLBACK}`] },
      { ...client, client_id: 'app', redirect_uris: ['http://127.0.0.1/app'], application_type: 'native' },
    ],
    jwks: { keys: keys() },
    cookies: { keys: [b64(randomBytes(16))] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...PEOPLE[sub] }) }),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: 'api', audience: AUDIENCE, accessTokenTTL: 300, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
      },
    },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 600, Session: 3600, Grant: 3600 },
  });
  const answer = provider.callback();
  let server;
  const start = async () => {
    server = createServer(answer).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  await start();
  return { issuer, start, stop };
}

async function startService(folder, port, issuer) {
  const arguments_ = ['serve', '--data', folder, '--listen', `127.0.0.1:${port}`, '--oidc-issuer', issuer, '--oidc-client-id', 'trajectlog',
    '--oidc-name', 'ggz Voorbeeld', '--oidc-audience', AUDIENCE];
  const child = spawn(BIN, arguments_, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => { said += part; });
  const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false);
  for (let tries = 0; !(await ready()); tries += 1) {
    assert.ok(child.exitCode === null && tries < 300, `the service does not begin: ${said}`);
    await sleep(100);
  }
  return {
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

assert.ok(existsSync(BIN), `${BIN} is not there: build it first, or name it with BIN`);

describe('signing in by the organisation', { concurrency: false, timeout: 240_000 }, () => {
  let folder;
  let origin;
  let provider;
  let service;
  let browser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trajectlog-oidc-'));
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    provider = await startProvider(origin);
    const add = (...more) => run(BIN, ['accounts', 'add', '--data', folder, ...more]);
    await add('--login', 'root', '--name', 'De beheerder', '--role', 'administrator');
    await add('--login', 'ann@ggz.example', '--name', 'Ann de Wit', '--role', 'coach', '--organisation', 'ggz-voorbeeld', '--coach', 'ann', '--provider');
    await add('--login', 'eva@ggz.example', '--name', 'Eva', '--role', 'analyst', '--provider');
    service = await startService(folder, port, provider.issuer);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    await provider?.stop().catch(() => {});
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** A browser of its own; what it complains of is a failure. */
  async function visit(use) {
    const context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    try {
      const page = await context.newPage();
      const said = [];
      page.on('console', (message) => { if (/Content.Security.Policy|Uncaught/i.test(message.text())) said.push(message.text()); });
      page.on('pageerror', (error) => said.push(String(error)));
      await use(page, context);
      assert.deepEqual(said, [], 'said on the console');
    } finally {
      await context.close();
    }
  }

  const leave = async (page, at = '/inloggen') => {
    await page.goto(`${origin}${at}`);
    await page.getByRole('button', { name: 'Verder met ggz Voorbeeld' }).click();
  };
  /** Types a name at the provider, and agrees. */
  const agree = async (page, subject) => {
    await page.locator('input[name=login]').fill(subject);
    await page.locator('input[name=password]').fill('whatever');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: /continue/i }).click();
  };
  const session = async (context) => (await context.cookies(origin)).find(({ name }) => name === COOKIE);
  const failed = async (page, context, words) => {
    await page.waitForURL(/\/inloggen\?fout=/);
    await page.getByText(words).waitFor();
    assert.equal(await session(context), undefined, 'nobody is signed in');
  };
  /** The address below `prefix` to which the provider sends the browser when somebody agrees; it is not asked. */
  const led = (page, prefix) => new Promise((done) => {
    // A redirect is not told to a route: it is followed here until it leads away from the provider.
    page.route(`${provider.issuer}/interaction/**`, async (route) => {
      let response = await route.fetch({ maxRedirects: 0 });
      while (response.status() >= 300 && response.status() < 400) {
        const to = new URL(response.headers().location, response.url());
        if (to.href.startsWith(prefix)) {
          done(to);
          return route.fulfill({ status: 200, body: 'caught' });
        }
        response = await page.context().request.get(to.href, { maxRedirects: 0 });
      }
      return route.fulfill({ response });
    });
  });
  /** An answer of the provider that has not come to the service. */
  const caught = async (page, subject) => {
    const address = led(page, `${origin}${CALLBACK}`);
    await leave(page);
    await agree(page, subject);
    return address;
  };
  const ours = async (context) => (await context.cookies(origin)).filter(({ name }) => name.startsWith(COOKIE));

  test('a coach signs in there and is signed in here, and goes on where she was going', async () => {
    await visit(async (page, context) => {
      await leave(page, '/account');
      await agree(page, 's-ann');
      await page.waitForURL(`${origin}/account`);
      await page.getByText('Ann de Wit').first().waitFor();
      const cookie = await session(context);
      assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path], [true, true, 'Lax', '/']);
      assert.deepEqual((await ours(context)).map(({ name }) => name), [COOKIE], 'nothing else is kept');
      const told = await page.evaluate(() => fetch('/api/v1/session').then((answer) => answer.json()));
      assert.deepEqual([told.roles, told.coach, told.must_change_password], [['coach'], 'ann', false]);
      // Out here, and still in there: one press suffices.
      await context.clearCookies({ name: COOKIE });
      await leave(page, '/hulp');
      await page.waitForURL(`${origin}/hulp`);
    });
  });

  test('who has no account that was made for this is told whom to ask', async () => {
    for (const subject of ['s-stranger', 's-unconfirmed', 's-password']) {
      await visit(async (page, context) => {
        await leave(page);
        await agree(page, subject);
        await failed(page, context, 'Vraag de beheerder van Trajectlog bij je organisatie om een account.');
      });
    }
    const { stdout } = await run(BIN, ['accounts', 'list', '--format', 'json', '--data', folder]);
    assert.deepEqual(JSON.parse(stdout).map(({ login }) => login), ['ann@ggz.example', 'eva@ggz.example', 'root'], 'no account was made');
  });

  test('an answer that was tampered with signs nobody in', async () => {
    for (const change of [
      (answer) => answer.searchParams.set('state', b64(randomBytes(32))),
      (answer) => answer.searchParams.delete('state'),
      (answer) => answer.searchParams.set('iss', 'https://evil.example'),
      (answer) => answer.searchParams.delete('iss'),
      (answer) => answer.searchParams.set('code', b64(randomBytes(32))),
    ]) {
      await visit(async (page, context) => {
        const answer = await caught(page, 's-ann');
        change(answer);
        await page.goto(String(answer));
        await failed(page, context, 'kon niet worden gecontroleerd');
      });
    }
  });

  test('an answer of another browser signs nobody in', async () => {
    let answer;
    await visit(async (page) => { answer = await caught(page, 's-ann'); });
    await visit(async (page, context) => {
      await page.goto(String(answer));
      await failed(page, context, 'kon niet worden gecontroleerd');
      // Neither where one has begun a sign-in too.
      await leave(page);
      await page.locator('input[name=login]').waitFor();
      await page.goto(String(answer));
      await failed(page, context, 'kon niet worden gecontroleerd');
    });
  });

  test('an answer that was used is of no use again, also with the cookie that it came with', async () => {
    await visit(async (page, context) => {
      const answer = await caught(page, 's-ann');
      const kept = await ours(context);
      assert.deepEqual(kept.map(({ name }) => name), ['__Host-trajectlog-provider']);
      await page.goto(String(answer));
      await page.waitForURL(`${origin}/`);
      assert.ok(await session(context), 'the first time');
      await context.clearCookies({ name: COOKIE });
      await page.goto(String(answer));
      await failed(page, context, 'kon niet worden gecontroleerd');
      await context.addCookies(kept);
      await page.goto(String(answer));
      await failed(page, context, 'kon niet worden gecontroleerd');
      assert.match(service.said(), /it was used before/);
    });
  });

  test('the provider demands PKCE and the program keeps it', async () => {
    // A stolen code is of no use to who has not the verifier.
    await visit(async (page) => {
      const answer = await caught(page, 's-ann');
      for (const verifier of [undefined, b64(randomBytes(32))]) {
        const form = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'trajectlog', code: answer.searchParams.get('code'), redirect_uri: `${origin}${CALLBACK}` });
        if (verifier) form.set('code_verifier', verifier);
        const refused = await fetch(`${provider.issuer}/token`, { method: 'POST', body: form });
        assert.deepEqual([refused.status, (await refused.json()).error], [400, 'invalid_grant']);
      }
    });
    // Another challenge, or none: the program's verifier does not fit it.
    for (const change of [(asked) => asked.searchParams.set('code_challenge', b64(randomBytes(32))), (asked) => asked.searchParams.delete('code_challenge')]) {
      await visit(async (page, context) => {
        await page.route(`${provider.issuer}/auth?**`, async (route) => {
          const asked = new URL(route.request().url());
          change(asked);
          await route.fulfill({ status: 302, headers: { location: String(asked) } });
        }, { times: 1 });
        await leave(page);
        if (change.toString().includes('set(')) await agree(page, 's-ann');
        await failed(page, context, 'kon niet worden gecontroleerd');
      });
    }
  });

  test('a token for apps is taken where it is meant for this service, and no other is', async () => {
    await visit(async (page) => {
      const verifier = b64(randomBytes(32));
      const ask = new URL(`${provider.issuer}/auth`);
      for (const [name, value] of Object.entries({
        client_id: 'app', response_type: 'code', redirect_uri: 'http://127.0.0.1/app', scope: 'openid api', resource: AUDIENCE,
        code_challenge: b64(createHash('sha256').update(verifier).digest()), code_challenge_method: 'S256', state: 'x',
      })) ask.searchParams.set(name, value);
      const came = led(page, 'http://127.0.0.1/app');
      await page.goto(String(ask));
      await agree(page, 's-ann');
      const form = new URLSearchParams({
        grant_type: 'authorization_code', client_id: 'app', code: (await came).searchParams.get('code'), redirect_uri: 'http://127.0.0.1/app',
        code_verifier: verifier, resource: AUDIENCE,
      });
      const tokens = await (await fetch(`${provider.issuer}/token`, { method: 'POST', body: form })).json();
      const asked = (token, path = '/api/v1/trajectories') => fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal((await asked(tokens.access_token)).status, 200, JSON.stringify(tokens));
      assert.equal((await asked(tokens.access_token, '/api/v1/projections')).status, 403, 'her roles, and no more');
      assert.equal((await asked(tokens.access_token, '/api/v1/tokens')).status, 403, 'what only a session does');
      assert.equal((await asked(tokens.id_token)).status, 401, 'it tells who signed in elsewhere');
      const [head, claims, signature] = tokens.access_token.split('.');
      const none = b64(JSON.stringify({ ...JSON.parse(Buffer.from(head, 'base64url')), alg: 'none' }));
      const root = b64(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url')), sub: 's-password' }));
      for (const wrong of [`${none}.${claims}.`, `${none}.${claims}.${signature}`, `${head}.${root}.${signature}`, `${head}.${claims}.`]) {
        assert.equal((await asked(wrong)).status, 401);
      }
    });
  });

  test('while the provider is away it is said, nobody comes in by it, and who is in goes on', async () => {
    await visit(async (page, context) => {
      await leave(page);
      await agree(page, 's-ann');
      await page.waitForURL(`${origin}/`);
      const answer = await (async () => {
        let found;
        await visit(async (other) => { found = await caught(other, 's-ann'); });
        return found;
      })();
      await provider.stop();
      await page.goto(`${origin}/account`);
      await page.getByText('Ann de Wit').first().waitFor();
      await visit(async (other, others) => {
        await other.goto(String(answer));
        await failed(other, others, 'kon niet worden gecontroleerd');
      });
      await context.clearCookies({ name: COOKIE });
      // A start that has never asked it.
      const port = await freePort();
      const cold = await mkdtemp(join(tmpdir(), 'trajectlog-oidc-'));
      const another = await startService(cold, port, provider.issuer);
      try {
        await page.goto(`http://127.0.0.1:${port}/inloggen`);
        await page.getByRole('button', { name: 'Verder met ggz Voorbeeld' }).click();
        await page.waitForURL(/fout=organisatie/);
        await page.getByText('kon niet worden gecontroleerd').waitFor();
        const header = b64(JSON.stringify({ alg: 'ES256', kid: 'ec' }));
        const forged = `${header}.${b64(JSON.stringify({ iss: provider.issuer, aud: AUDIENCE, sub: 's-ann', exp: 4e9 }))}.${b64(randomBytes(64))}`;
        const refused = await fetch(`http://127.0.0.1:${port}/api/v1/trajectories`, { headers: { authorization: `Bearer ${forged}` } });
        assert.equal(refused.status, 503);
        await provider.start();
        await sleep(5_500);
        await page.getByRole('button', { name: 'Verder met ggz Voorbeeld' }).click();
        await page.waitForURL((url) => url.origin === provider.issuer);
      } finally {
        await another.stop();
        await rm(cold, { recursive: true, force: true });
      }
    });
    await visit(async (page) => {
      await leave(page);
      await agree(page, 's-ann');
      await page.waitForURL(`${origin}/`);
    });
  });
});
