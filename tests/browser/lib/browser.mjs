/**
 * A Chromium of its own on a profile of its own, driven over its debugging port: so that it can be killed like any process and opened again on the
 * same profile.
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
  '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const newProfile = () => mkdtemp(join(tmpdir(), 'trajectlog-browser-'));

/** @param {string} profile a folder */
export async function openBrowser(profile) {
  const portFile = join(profile, 'DevToolsActivePort');
  await rm(portFile, { force: true });
  const child = spawn(PROGRAM, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore', detached: true });
  const exited = once(child, 'exit');
  const browser = await chromium.connectOverCDP(await endpoint(portFile));
  const context = browser.contexts()[0];
  context.setDefaultTimeout(15_000);
  const complaints = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => { if (/Content.Security.Policy|Uncaught/i.test(message.text())) complaints.push(message.text()); });
  const end = async (signal) => {
    // The group is this browser's own: its helpers end with it.
    try { process.kill(-child.pid, signal); } catch { /* it has ended already */ }
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

async function endpoint(portFile) {
  for (let tries = 0; tries < 200; tries += 1) {
    const [port, path] = (await readFile(portFile, 'utf8').catch(() => '')).split('\n');
    if (path) return `ws://127.0.0.1:${port}${path}`;
    await sleep(50);
  }
  throw new Error('Chromium did not open its debugging port');
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
