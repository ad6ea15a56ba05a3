/**
 * A Chromium of its own on a profile of its own, driven over its debugging port: so that it can be killed like any process and opened again on the
 * same profile. Without a GPU: drawing in software, it was seen to hang at its start on a machine that has none.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless=new', '--no-sandbox', '--remote-debugging-port=0', '--no-first-run', '--no-default-browser-check', '--disable-gpu',
  '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic',
];

/** Until its debugging port is open, in ms. */
const STARTS_WITHIN = 30_000;

export const newProfile = () => mkdtemp(join(tmpdir(), 'trajectlog-browser-'));

/** @param {string} profile a folder */
export async function openBrowser(profile) {
  const portFile = join(profile, 'DevToolsActivePort');
  await rm(portFile, { force: true });
  const child = spawn(PROGRAM, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const said = lastWords(child.stderr);
  const exited = once(child, 'exit');
  const browser = await connect(portFile, said).catch((error) => {
    // Nothing is left of a browser that did not come.
    kill(child, 'SIGKILL');
    throw error;
  });
  const context = browser.contexts()[0];
  context.setDefaultTimeout(15_000);
  const complaints = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => { if (/Content.Security.Policy|Uncaught/i.test(message.text())) complaints.push(message.text()); });
  const end = async (signal) => {
    kill(child, signal);
    await exited;
    await browser.close().catch(() => {});
  };
  return {
    context, complaints,
    page: () => context.newPage(),
    kill: () => end('SIGKILL'),
    close: () => end('SIGTERM'),
  };
}

/** The group is this browser's own: its helpers end with it. */
function kill(child, signal) {
  try { process.kill(-child.pid, signal); } catch { /* it has ended already */ }
}

/** What it said last on its standard error, for whoever has to find out why it does not come. */
function lastWords(stream) {
  const lines = [];
  stream.setEncoding('utf8').on('data', (text) => { lines.push(...text.split('\n').filter(Boolean)); lines.splice(0, lines.length - 20); });
  return () => lines.join('\n');
}

async function connect(portFile, said) {
  const end = Date.now() + STARTS_WITHIN;
  while (Date.now() < end) {
    const [port, path] = (await readFile(portFile, 'utf8').catch(() => '')).split('\n');
    if (path) return chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`, { timeout: STARTS_WITHIN });
    await sleep(50);
  }
  throw new Error(`Chromium did not open its debugging port; it said: ${said() || 'nothing'}`);
}

/** Waits until `holds` does; says what was waited for when it does not. */
export async function until(what, holds, within = 20_000) {
  const end = Date.now() + within;
  for (;;) {
    // A page that is going somewhere else cannot be asked just now.
    const held = await Promise.resolve().then(holds).catch((error) => { if (!/context was destroyed/.test(error.message)) throw error; });
    if (held) return;
    if (Date.now() > end) throw new Error(`never seen: ${what}`);
    await sleep(50);
  }
}
