/** The outbox in a real browser: nothing that was written down is lost, and nothing is recorded twice. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { JOB, OTHER_TRAJECTORY, RETRACTED, TRAJECTORY } from './lib/pages.mjs';
import { database, fillContact, formOf, logContact, scene, status, until, yearOf } from './lib/world.mjs';

const emptied = async (world) => until('the outbox is empty', async () => (await database(world.page)).entries.length === 0);
const notes = (server) => [...server.recorded.values()].map(({ event }) => event.data.note);

scene('a contact is recorded at once, and the timeline says so', async (world) => {
  await world.signIn();
  await logContact(world, 'Een gesprek');
  assert.match(await status(world.page), /Vastgelegd/);
  assert.equal(await world.page.getAttribute('#notices > span', 'data-kind'), 'recorded', 'in the colour of what went well');
  assert.deepEqual(world.server.times('contact'), [1]);
  assert.deepEqual(notes(world.server), ['Een gesprek']);
  assert.deepEqual((await database(world.page)).entries, []);
});

scene('three events without a connection, then a server that answers 503 at first: three events, once each, in order', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  for (const note of ['een', 'twee', 'drie']) await logContact(world, note);
  await until('three wait', async () => /3 wachten op verbinding/.test(await status(page)));
  world.server.next({ status: 503, retryAfter: 1 }, { status: 503 }, { status: 503, retryAfter: 1 });
  await world.server.plug();
  await page.goto(world.url('/'));
  await until('all are recorded', () => world.server.times('contact').length === 3, 40_000);
  assert.deepEqual(world.server.times('contact'), [1, 1, 1]);
  assert.deepEqual(notes(world.server), ['een', 'twee', 'drie']);
  await emptied(world);
});

scene('the browser says that it is online again: what waits is sent without a reload', async (world) => {
  const page = await world.signIn();
  await page.goto(world.url(formOf('contact')));
  await world.browser.context.setOffline(true);
  await world.server.unplug();
  await fillContact(page, 'onderweg');
  await page.click('form.log button[type=submit]');
  await page.waitForURL((url) => !url.pathname.includes('vastleggen'));
  await until('it waits', async () => /1 wacht op verbinding/.test(await status(page)));
  await world.server.plug();
  await world.browser.context.setOffline(false);
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await until('the page says that nothing waits', async () => (await status(page)).indexOf('wacht') < 0);
});

scene('a reload, a closed tab and a killed browser in between lose nothing', async (world) => {
  await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  await world.page.reload();
  await logContact(world, 'twee');
  await world.page.close();
  world.page = await world.browser.page();
  await logContact(world, 'drie');
  await world.killAndReopen();
  await logContact(world, 'vier');
  await world.killAndReopen();
  await world.page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  await until('four wait', async () => /4 wachten/.test(await status(world.page)));
  await world.server.plug();
  await world.signIn();
  await until('all are recorded', () => world.server.times('contact').length === 4);
  await emptied(world);
  assert.deepEqual(world.server.times('contact'), [1, 1, 1, 1]);
  assert.deepEqual(notes(world.server), ['een', 'twee', 'drie', 'vier']);
});

scene('a browser that is killed while it sends has sent once', async (world) => {
  await world.signIn();
  await world.server.unplug();
  for (const note of ['een', 'twee', 'drie']) await logContact(world, note);
  // The first is recorded and its answer never arrives; then the browser dies.
  world.server.next({ cut: true });
  await world.server.plug();
  await world.page.goto(world.url('/'));
  await until('the first is recorded', () => world.server.times('contact').length >= 1);
  await world.killAndReopen();
  // A killed browser may have forgotten its session.
  await world.signIn();
  await until('all are recorded', () => world.server.times('contact').length === 3);
  await emptied(world);
  assert.deepEqual(world.server.times('contact'), [1, 1, 1]);
});

scene('an answer that was lost after recording is asked for again, with one effect', async (world) => {
  const page = await world.signIn();
  world.server.next({ cut: true });
  await logContact(world, 'een');
  await until('it was sent twice', () => world.server.posts.length >= 2);
  await emptied(world);
  assert.deepEqual(world.server.times('contact'), [1]);
  assert.deepEqual(world.server.posts[0].events, world.server.posts[1].events);
  await until('nothing waits', async () => !/wacht/.test(await status(page)));
});

scene('several retractions are one decision: one request, also when its answer was lost', async (world) => {
  const page = await world.signIn();
  await page.goto(world.url(formOf('retraction')));
  for (const id of RETRACTED) await page.check(`input[value="${id}"]`);
  await page.fill('textarea[name=reason]', 'Verkeerde cliënt');
  world.server.next({ cut: true });
  await page.click('form.log button[type=submit]');
  await until('it was sent again', () => world.server.posts.length >= 2);
  await emptied(world);
  assert.deepEqual(world.server.times('retraction'), [1, 1]);
  assert.deepEqual(world.server.posts.map(({ events }) => events.length), [2, 2]);
  assert.deepEqual(world.server.posts[0].events, world.server.posts[1].events);
});

scene('a server that asks for a pause gets it, from every tab', async (world) => {
  const page = await world.signIn();
  const second = await world.browser.page();
  await second.goto(world.url('/'));
  world.server.next({ status: 429, retryAfter: 5 });
  await logContact(world, 'een');
  await until('it was sent once', () => world.server.posts.length === 1);
  for (let time = 0; time < 5; time += 1) {
    await second.evaluate(() => dispatchEvent(new Event('online')));
    await second.waitForTimeout(300);
  }
  await until('it is recorded', () => world.server.times('contact').length === 1);
  const [first, next] = world.server.posts.map(({ at }) => at);
  assert.ok(next - first >= 5_000, `${next - first} ms`);
  await emptied(world);
  assert.equal(world.server.posts.length, 2);
  await until('it is told', async () => !/wacht/.test(await status(page)));
});

scene('a server without room is told of, and everything stays', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  world.server.next({ status: 507, retryAfter: 3 });
  await world.server.plug();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await until('it is told', async () => /De server heeft geen ruimte/.test(await status(page)));
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await emptied(world);
  assert.equal(world.server.posts.length >= 2, true);
});

scene('two tabs send once', async (world) => {
  const page = await world.signIn();
  const second = await world.browser.page();
  await second.goto(world.url('/'));
  await world.server.unplug();
  for (const note of ['een', 'twee', 'drie']) await logContact(world, note);
  await logContact(world, 'vier', second);
  const before = world.server.posts.length;
  await world.server.plug();
  await Promise.all([page, second].map((tab) => tab.evaluate(() => dispatchEvent(new Event('online')))));
  await until('all are recorded', () => world.server.times('contact').length === 4);
  await emptied(world);
  assert.deepEqual(world.server.times('contact'), [1, 1, 1, 1]);
  assert.equal(world.server.posts.length - before, 4);
  for (const tab of [page, second]) await until('both tabs know it', async () => !/wacht/.test(await status(tab)));
});

scene('a session that is over stops sending and keeps everything until the account signs in again', async (world) => {
  const page = await world.signIn();
  await page.goto(world.url(formOf('contact')));
  world.server.endSessions();
  await fillContact(page, 'een');
  await page.click('form.log button[type=submit]');
  await page.waitForURL('**/inloggen');
  assert.match(await status(page), /Op dit apparaat wacht nog 1 vastlegging\. Log in/);
  assert.equal(world.server.recorded.size, 0);
  await world.signIn();
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await emptied(world);
});

scene('a page that is open while the session ends says: sign in again', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  await world.server.plug();
  world.server.endSessions();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await until('it is told', async () => /Log opnieuw in/.test(await status(page)));
  assert.equal(await page.getAttribute('#notices a', 'href'), `/inloggen?next=${encodeURIComponent(`/trajecten/${TRAJECTORY}`)}`);
  // In another tab the coach signs in; this one comes to the front again, with an old token.
  const other = await world.browser.page();
  await other.goto(world.url('/test/sign-in?account=noor'));
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await until('it is told no more', async () => !/wacht|Log opnieuw/.test(await status(page)));
});

scene('an answer 403 that is about the session is never taken for a refusal: a new token, and the same again', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  await world.server.plug();
  world.server.renewTokens();
  world.server.next({ status: 403, code: 'csrf' });
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await emptied(world);
  assert.deepEqual(world.server.posts.map(({ status }) => status), [403, 201], 'at once, with a new token');
  await until('the copy was made anew', async () => !/kopie/.test(await status(page)));
  // However often, and whatever it is about the session.
  world.server.next(...['csrf', 'csrf', 'foreign_origin', 'password_change_required', 'other_account'].map((code) => ({ status: 403, code })));
  await logContact(world, 'twee');
  const seen = new Set();
  await until('it is recorded', async () => {
    seen.add(await status(page));
    return world.server.times('contact').length === 2;
  }, 60_000);
  await emptied(world);
  assert.doesNotMatch([...seen].join(), /geweigerd|ander account/);
  assert.deepEqual(world.server.times('contact'), [1, 1]);
});

scene('a server that cannot say now whose session it is has not said that it is somebody else\'s', async (world) => {
  const page = await world.signIn();
  world.server.next(...Array(20).fill(503));
  await logContact(world, 'een');
  await until('it waits', async () => /1 wacht op verbinding/.test(await status(page)));
  world.server.answerNormally();
  world.server.renewTokens();
  world.server.sessionTrouble = 503;
  const before = world.server.posts.length;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await until('it was tried', () => world.server.posts.length > before && world.server.posts.at(-1).status === 403);
  await page.waitForTimeout(500);
  assert.match(await status(page), /^1 wacht op verbinding/);
  assert.doesNotMatch(await status(page), /ander account/);
  world.server.sessionTrouble = 0;
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await emptied(world);
});

scene('a page that came without a token asks for one first', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  await page.goto(world.url('/trajecten/elders'));
  assert.equal(await page.title(), 'Geen verbinding');
  await world.server.plug();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await emptied(world);
  assert.deepEqual(world.server.posts.map(({ status }) => status), [201]);
});

scene('a refusal is explained in the form, mended there and sent as the same event', async (world) => {
  const page = await world.signIn();
  world.server.refuse = ([event]) => (event.occurred_on === `${yearOf(11, 3)}-03-12`
    ? { code: 'stop_before_start', detail: 'De baan begon pas op 1 april.', conflicts: ['0b6f3c1e-6c52-4b7e-9f0e-0d7c9a1f0001'] } : undefined);
  await page.goto(world.url(formOf('paid-work-stopped')));
  for (const [part, value] of [['day', '11'], ['month', '3'], ['year', yearOf(11, 3)]]) await page.fill(`input[name="occurred_on.${part}"]`, String(value));
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary');
  assert.match(await page.innerText('.error-summary'), /Dit is niet vastgelegd[\s\S]*De baan begon pas op 1 april/);
  assert.match(await page.innerText('.form-error'), /De baan begon pas/);
  // Also after a reload, by the address.
  await page.reload();
  await page.waitForSelector('.error-summary');
  assert.equal(await page.inputValue('input[name="occurred_on.day"]'), '11');
  await page.fill('input[name="occurred_on.day"]', '10');
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  const [refused, mended] = world.server.posts.map(({ events }) => events[0]);
  assert.equal(refused.event_id, mended.event_id);
  assert.deepEqual([mended.occurred_on, mended.data], [`${yearOf(11, 3)}-03-11`, { job_id: JOB }]);
  assert.deepEqual(world.server.times('paid_work_stopped'), [1]);
  await emptied(world);
});

scene('a refusal that comes later stands at its trajectory with its reason, and what came after it is judged again once it is mended', async (world) => {
  const page = await world.signIn();
  const started = new Set();
  world.server.refuse = ([event]) => {
    if (event.type === 'paid_work_started' && event.data.hours_per_week === 60) return { code: 'invalid_value', detail: 'Zestig uur kan niet.' };
    if (event.type === 'paid_work_started') started.add(event.trajectory_id);
    return event.type === 'contact' && !started.has(event.trajectory_id) ? { code: 'unknown_job', detail: 'Er is geen baan.' } : undefined;
  };
  await page.goto(world.url(formOf('paid-work-started')));
  await world.server.unplug();
  for (const [part, value] of [['day', '3'], ['month', '3'], ['year', yearOf(3, 3)]]) await page.fill(`input[name="occurred_on.${part}"]`, String(value));
  await page.fill('input[name=hours_per_week]', '60');
  await page.click('form.log button[type=submit]');
  await page.click('text=Het klopt: zo vastleggen');
  await page.waitForURL((url) => !url.pathname.includes('vastleggen'));
  await logContact(world, 'op de werkplek');
  await world.server.plug();
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  await until('both are refused', async () => /2 geweigerd/.test(await status(page)));
  const list = await page.innerText(`[data-waiting="${TRAJECTORY}"]`);
  assert.match(list.replaceAll(String(yearOf(3, 3)), 'JAAR'), /Werk gestart, 3 maart JAAR\s+geweigerd[\s\S]*Zestig uur kan niet[\s\S]*Contact[\s\S]*Er is geen baan/);
  await page.click('text=Aanpassen >> nth=0');
  await page.waitForSelector('.error-summary');
  await page.fill('input[name=hours_per_week]', '16,5');
  await page.click('form.log button[type=submit]');
  await page.click('text=Het klopt: zo vastleggen');
  await until('both are recorded', () => world.server.recorded.size === 2);
  await emptied(world);
  assert.deepEqual([...world.server.recorded.values()].map(({ event, times }) => [event.type, times]), [['paid_work_started', 1], ['contact', 1]]);
});

scene('one trajectory that is refused does not hold back another', async (world) => {
  const page = await world.signIn();
  world.server.moved.add(TRAJECTORY);
  await world.server.unplug();
  await logContact(world, 'verhuisd');
  await page.goto(world.url(formOf('contact', OTHER_TRAJECTORY)));
  await fillContact(page, 'gewoon');
  await page.click('form.log button[type=submit]');
  await page.waitForURL((url) => !url.pathname.includes('vastleggen'));
  await world.server.plug();
  await page.goto(world.url('/wachtrij'));
  await until('the other one is recorded', () => world.server.times('contact').length === 1);
  await until('it is told', async () => /aan iemand anders overgedragen/.test(await page.innerText('#outbox-list')));
  assert.deepEqual(notes(world.server), ['gewoon']);
  // It can be handed over as a file, and goes only when the coach says so twice.
  const download = page.waitForEvent('download');
  await page.click('text=Bewaren als bestand');
  const file = JSON.parse(await readFile(await (await download).path(), 'utf8'));
  assert.equal(file.account, 'noor');
  assert.equal(file.entries[0].request.data.note, 'verhuisd');
  assert.equal(file.entries[0].problem.status, 404);
  await page.click('text=Verwijderen');
  assert.equal((await database(page)).entries.length, 1);
  await page.click('text=Zeker weten?');
  await emptied(world);
  assert.match(await page.innerText('#outbox-list'), /Er staat niets meer op dit apparaat/);
});

scene('what the server fails at holds back its own trajectory and no other, and the order stays', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  await logContact(world, 'twee');
  await page.goto(world.url(formOf('contact', OTHER_TRAJECTORY)));
  await fillContact(page, 'van een ander');
  await page.click('form.log button[type=submit]');
  await page.waitForURL((url) => !url.pathname.includes('vastleggen'));
  world.server.next(500);
  await world.server.plug();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await until('all are recorded', () => world.server.recorded.size === 3);
  assert.deepEqual(notes(world.server), ['van een ander', 'een', 'twee']);
  await emptied(world);
});

scene('when the trajectory has come back, the same entry can be sent again', async (world) => {
  const page = await world.signIn();
  world.server.moved.add(TRAJECTORY);
  await page.goto(world.url(formOf('contact')));
  await fillContact(page, 'een');
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary');
  assert.match(await page.innerText('.error-summary'), /aan iemand anders overgedragen/);
  world.server.moved.clear();
  await page.goto(world.url('/wachtrij'));
  await page.click('text=Opnieuw verzenden');
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await emptied(world);
});

scene('what can be sent now is sent by hand, and else there is nothing to press', async (world) => {
  const page = await world.signIn();
  await page.goto(world.url('/wachtrij'));
  await until('all is sent', async () => /Alles is verzonden/.test(await page.innerText('#outbox-list')));
  assert.equal(await page.isVisible('[data-send-now]'), false);
  world.server.next(...Array(20).fill(503));
  await logContact(world, 'een');
  await page.goto(world.url('/wachtrij'));
  await page.waitForSelector('[data-send-now]:visible');
  world.server.answerNormally();
  await page.click('[data-send-now]');
  await until('it is recorded', () => world.server.times('contact').length === 1);
  await page.waitForSelector('[data-send-now]', { state: 'hidden' });
});

scene('what a hotel network answers is no answer of the service', async (world) => {
  const page = await world.signIn();
  world.server.next({ status: 200, html: true }, { status: 404, html: true }, { status: 403, html: true });
  await logContact(world, 'een');
  await until('it is recorded', () => world.server.times('contact').length === 1, 40_000);
  await emptied(world);
  assert.equal((await status(page)).includes('geweigerd'), false);
});

scene('another account on the same device neither sees nor sends what waits, but is told of it', async (world) => {
  await world.signIn('noor');
  await world.server.unplug();
  await logContact(world, 'geheime notitie');
  await world.server.plug();
  world.server.next(...Array(20).fill(503));
  const page = await world.signIn('bram');
  world.server.answerNormally();
  await until('bram is told', async () => /nog 1 vastlegging van een ander account/.test(await status(page)));
  await page.goto(world.url('/wachtrij'));
  await page.waitForFunction(() => document.querySelector('#outbox-list')?.textContent);
  const nothing = 'Van jou wacht niets. Van een ander account op dit apparaat wacht 1 vastlegging. Log met dat account in om die te verzenden.';
  assert.equal(await page.innerText('#outbox-list'), nothing);
  assert.match(await page.innerText('#outbox-status'), /1 wacht van een ander account/);
  assert.equal(await page.innerText('#notices'), '', 'it is said once');
  assert.equal(await page.isVisible('[data-send-now]'), false, 'there is nothing to send');
  assert.doesNotMatch(await page.content(), /geheime/);
  assert.doesNotMatch(JSON.stringify(await database(page)), /geheime/);
  assert.equal(world.server.recorded.size, 0);
  await logContact(world, 'van bram');
  await until('his own is recorded', () => world.server.recorded.size === 1);
  const [{ event, actor }] = world.server.recorded.values();
  assert.deepEqual([event.data.note, actor], ['van bram', 'bram']);
  // An old page of Noor may still try in her name, and is refused; of Bram none does.
  const secret = ({ data }) => data.note === 'geheime notitie';
  assert.equal(world.server.posts.some(({ as, events }) => as === 'bram' && events.some(secret)), false);
  assert.equal([...world.server.recorded.values()].some(({ event }) => secret(event)), false);
});

scene('an old tab of one account sends nothing in the session of another', async (world) => {
  const page = await world.signIn('noor');
  await page.goto(world.url(formOf('contact')));
  const other = await world.browser.page();
  await other.goto(world.url('/test/sign-in?account=bram'));
  await fillContact(page, 'van noor');
  await page.click('form.log button[type=submit]');
  await until('it is kept', async () => (await database(other)).entries.length === 1);
  await until('it was tried', () => world.server.posts.length > 0);
  assert.equal(world.server.recorded.size, 0);
  await other.goto(world.url('/test/sign-in?account=noor'));
  await until('it is recorded', () => world.server.recorded.size === 1);
  assert.equal([...world.server.recorded.values()][0].actor, 'noor');
});

scene('what waits lies sealed on the device, under a key that cannot be taken out', async (world) => {
  await world.signIn();
  await world.server.unplug();
  await logContact(world, 'geheime notitie');
  const { entries, keys, drafts } = await database(world.page);
  assert.equal(entries.length, 1);
  assert.doesNotMatch(JSON.stringify({ entries, keys, drafts }), /geheime|client|phone/);
  assert.deepEqual(keys.map(({ account, key }) => [account, key]), [['noor', { extractable: false }]]);
});
