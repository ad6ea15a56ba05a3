/** The real program and a real browser: nothing that a coach wrote down is lost, nothing is recorded twice, and what is refused says why. */

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { nameOf } from './lib/people.mjs';
import { OTHER, OURS, fillContact, formOf, logContact, scene, status, until } from './lib/real.mjs';
import { database, kept } from './lib/world.mjs';

const notes = (events) => events.map(({ data }) => data.note);
const answers = (world) => world.proxy.posts.map(({ status }) => status);
const emptied = (world, page = world.page) => until('the outbox is empty', async () => (await database(page)).entries.length === 0);
const recorded = (world, many, trajectory = OURS, type = 'contact') => until(
  `${many} of ${type} are in the log`, async () => (await world.recorded(trajectory, type)).length >= many, 60_000,
);
const online = (page) => page.evaluate(() => dispatchEvent(new Event('online')));
const signOut = async (page) => {
  await page.locator('.menu > summary').click();
  await page.getByRole('button', { name: 'Uitloggen' }).click();
  await page.waitForURL('**/inloggen');
};

scene('three events without a connection, then a server in trouble: three events in the log, once each, in order', async (world) => {
  const page = await world.ready();
  await world.proxy.unplug();
  for (const note of ['een', 'twee', 'drie']) await logContact(world, note);
  await until('three wait', async () => /3 wachten op verbinding/.test(await status(page)));
  assert.deepEqual(await world.recorded(), []);
  world.proxy.next(503, 503, 503);
  await world.proxy.plug();
  await online(page);
  await recorded(world, 3);
  await emptied(world);
  assert.deepEqual(notes(await world.recorded()), ['een', 'twee', 'drie']);
  assert.deepEqual(answers(world), [503, 503, 503, 201, 201, 201]);
  await until('the page says that nothing waits', async () => !/wacht/.test(await status(page)));
});

scene('the browser itself says that it is offline and online again: what waits is sent without a reload', async (world) => {
  const page = await world.ready();
  await page.goto(world.url(formOf('contact')));
  await world.browser.context.setOffline(true);
  await fillContact(page, 'onderweg');
  await page.click('form.log button[type=submit]');
  await until('it is on the device', async () => (await database(page)).entries.length === 1);
  await page.waitForURL((url) => !url.pathname.includes('vastleggen'));
  await world.browser.context.setOffline(false);
  await recorded(world, 1);
  await emptied(world);
  assert.deepEqual(notes(await world.recorded()), ['onderweg']);
});

scene('a reload, a closed tab and a killed browser in between lose nothing', async (world) => {
  await world.ready();
  await world.proxy.unplug();
  await logContact(world, 'een');
  await world.page.reload();
  await logContact(world, 'twee');
  await world.page.close();
  world.page = await world.browser.page();
  await logContact(world, 'drie');
  await world.killAndReopen();
  await logContact(world, 'vier');
  await world.killAndReopen();
  await world.page.goto(world.url(`/trajecten/${OURS}`));
  await until('four wait', async () => /4 wachten/.test(await status(world.page)));
  await world.proxy.plug();
  // A killed browser may have forgotten its session.
  await world.signIn();
  await recorded(world, 4);
  await emptied(world);
  assert.deepEqual(notes(await world.recorded()), ['een', 'twee', 'drie', 'vier']);
});

scene('what was half typed when the browser was killed stands in the form again', async (world) => {
  const page = await world.ready();
  await page.goto(world.url(formOf('contact')));
  await fillContact(page, 'een half');
  await until('a draft is kept', async () => (await database(page)).drafts.length === 1);
  await world.killAndReopen();
  await world.signIn();
  await world.page.goto(world.url(formOf('contact')));
  await until('it stands there', async () => (await world.page.inputValue('textarea[name=note]')) === 'een half');
});

scene('answers that were lost after recording, and a browser that is killed while it sends: sent again, recorded once', async (world) => {
  await world.ready();
  await world.proxy.unplug();
  for (const note of ['een', 'twee', 'drie']) await logContact(world, note);
  world.proxy.next('lost', 'lost');
  await world.proxy.plug();
  await online(world.page);
  await recorded(world, 1);
  await world.killAndReopen();
  await world.signIn();
  await recorded(world, 3);
  await emptied(world);
  assert.deepEqual(notes(await world.recorded()), ['een', 'twee', 'drie']);
  assert.ok(answers(world).includes(200), `${answers(world)}: something was sent a second time`);
});

scene('two tabs send once', async (world) => {
  const page = await world.ready();
  const second = await world.browser.page();
  await second.goto(world.url('/'));
  await world.proxy.unplug();
  for (const note of ['een', 'twee', 'drie']) await logContact(world, note);
  await logContact(world, 'vier', { page: second });
  await world.proxy.plug();
  await Promise.all([page, second].map(online));
  await recorded(world, 4);
  await emptied(world);
  assert.deepEqual(notes(await world.recorded()), ['een', 'twee', 'drie', 'vier']);
  assert.deepEqual(answers(world), [201, 201, 201, 201]);
  for (const tab of [page, second]) await until('both tabs know it', async () => !/wacht/.test(await status(tab)));
});

scene('signing out wipes drafts and copies, and never what was not sent', async (world) => {
  const page = await world.ready();
  await world.proxy.unplug();
  await logContact(world, 'geheime notitie');
  await page.goto(world.url(formOf('contact', OTHER)));
  await fillContact(page, 'half geheim');
  await until('a draft is kept', async () => (await database(page)).drafts.length === 1);
  await page.goto(world.url(`/trajecten/${OURS}`));
  world.proxy.next(...Array(20).fill(503));
  await world.proxy.plug();
  await page.locator('.menu > summary').click();
  await page.getByRole('button', { name: 'Uitloggen' }).click();
  await page.getByRole('button', { name: 'Druk nog eens om uit te loggen' }).click();
  await page.waitForURL('**/inloggen');
  const { entries, drafts } = await database(page);
  assert.deepEqual([entries.length, drafts.length], [1, 0]);
  assert.equal(await kept(page, `/trajecten/${OURS}`), false);
  assert.equal(await kept(page, '/'), false);
  await until('what waits is told', async () => /Op dit apparaat wacht nog 1 vastlegging/.test(await status(page)));
  assert.doesNotMatch(await page.content(), /geheim/);
  await world.proxy.unplug();
  for (const path of ['/', `/trajecten/${OURS}`, formOf('contact')]) {
    await page.goto(world.url(path));
    assert.match(await page.title(), /Geen verbinding/, path);
    assert.doesNotMatch(await page.content(), new RegExp(`geheim|${nameOf(4)}`, 'i'));
  }
  await world.proxy.plug();
  // Somebody else on this device is told of it, and neither sees nor sends it.
  await world.signIn('bram');
  await until('bram is told', async () => /nog 1 vastlegging van een ander account/.test(await status(page)));
  await page.goto(world.url('/wachtrij'));
  assert.doesNotMatch(await page.content(), /geheim/);
  assert.deepEqual(await world.recorded(), []);
  world.proxy.answerNormally();
  await signOut(page);
  await world.signIn('sanne');
  await recorded(world, 1);
  await emptied(world);
  const sanne = world.served.made.sanne.account;
  assert.deepEqual((await world.recorded()).map(({ actor, data }) => [actor, data.note]), [[sanne, 'geheime notitie']]);
});

scene('a session that was ended elsewhere: what was written waits until the same account signs in again', async (world) => {
  const page = await world.ready();
  await page.goto(world.url(formOf('contact')));
  const elsewhere = await world.person('sanne');
  const own = await elsewhere.get('/api/v1/sessions').catch(() => undefined);
  assert.ok(Array.isArray(own?.sessions ?? own), `sessions: ${JSON.stringify(own)}`);
  const ended = await Promise.all((own.sessions ?? own).filter(({ current, is_this }) => !(current ?? is_this))
    .map(({ id }) => elsewhere.form(`/account/sessies/${id}/stoppen`, {})));
  assert.deepEqual([...new Set(ended.map(({ status }) => status))], [303]);
  await fillContact(page, 'na het einde');
  await page.click('form.log button[type=submit]');
  await until('one is asked to sign in', async () => page.url().includes('/inloggen') || /Log opnieuw in/.test(await status(page)));
  assert.equal((await database(page)).entries.length, 1);
  assert.deepEqual(await world.recorded(), []);
  await world.signIn();
  await recorded(world, 1);
  await emptied(world);
});

scene('what waits lies sealed: nothing of it stands on the disk, under a key that scripts cannot take out', async (world) => {
  const page = await world.ready();
  await world.proxy.unplug();
  await logContact(world, 'zeldzaamgeheim');
  await page.goto(world.url(formOf('contact', OTHER)));
  await fillContact(page, 'halfgetyptgeheim');
  await until('a draft is kept', async () => (await database(page)).drafts.length === 1);
  const { entries, drafts, keys } = await database(page);
  assert.deepEqual([entries.length, drafts.length], [1, 1]);
  assert.doesNotMatch(JSON.stringify({ entries, drafts, keys }), /zeldzaamgeheim|halfgetyptgeheim|phone/);
  assert.deepEqual(keys.map(({ key }) => key), [{ extractable: false }]);
  await page.goto(world.url('/wachtrij'));
  await until('what waits is shown', async () => /Contact/.test(await page.innerText('#outbox-list')));
  await world.browser.close();
  for (const words of ['zeldzaamgeheim', 'halfgetyptgeheim']) assert.deepEqual(await filesWith(world.profile, words), [], words);
  // The search finds what does stand there: the account's number.
  assert.notDeepEqual(await filesWith(world.profile, world.served.made.sanne.account), []);
});

/** The files below a folder that hold these words, as a browser may write them. */
async function filesWith(folder, words) {
  const forms = [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le')];
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const found = [];
  for (const { parentPath, name } of files) {
    const bytes = await readFile(join(parentPath, name)).catch(() => Buffer.alloc(0));
    if (forms.some((form) => bytes.includes(form))) found.push(join(parentPath, name).slice(folder.length));
  }
  return found;
}

scene('a refusal is shown with its reason, mended in the form and sent again as the same event', async (world) => {
  const page = await world.ready();
  await page.goto(world.url(`/trajecten/${OURS}`));
  await page.getByText('Iets anders vastleggen').click();
  await page.locator('.kinds').getByRole('link', { name: 'Werk gestopt' }).first().click();
  const day = async (date) => {
    const parts = { day: date.getDate(), month: date.getMonth() + 1, year: date.getFullYear() };
    for (const [part, value] of Object.entries(parts)) await page.fill(`input[name="occurred_on.${part}"]`, String(value));
  };
  await page.waitForFunction(() => document.querySelector('form.log [type=submit]')?.disabled === false);
  const ago = (days) => new Date(Date.now() - days * 86_400_000);
  await day(ago(300));
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary');
  assert.match(await page.innerText('.error-summary'), /Dit is niet vastgelegd/);
  assert.ok((await page.innerText('.form-error')).length > 20, 'the reason stands at the field');
  assert.deepEqual(await world.recorded(OURS, 'paid_work_stopped'), []);
  await page.reload();
  await page.waitForSelector('.error-summary');
  await day(ago(3));
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${OURS}`);
  await recorded(world, 1, OURS, 'paid_work_stopped');
  await emptied(world);
  assert.equal((await world.recorded(OURS, 'paid_work_stopped')).length, 1);
  assert.deepEqual(answers(world), [422, 201]);
});

scene('what was written without a connection and is refused afterwards waits with its reason, and is taken once it is mended', async (world) => {
  const page = await world.ready();
  await world.proxy.unplug();
  await logContact(world, 'na de afsluiting');
  const mia = await world.person('mia');
  const outflow = {
    event_id: crypto.randomUUID(), trajectory_id: OURS, organisation: 'ggz-voorbeeld', type: 'outflow', data: { reason: 'goal-reached' },
    occurred_on: new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10),
  };
  assert.equal((await mia.post(`/api/v1/trajectories/${OURS}/events`, outflow)).status, 201);
  await world.proxy.plug();
  await page.goto(world.url('/wachtrij'));
  await until('it was refused', async () => /1 geweigerd/.test(await status(page)));
  const list = await page.innerText('#outbox-list');
  assert.match(list, new RegExp(`${nameOf(4)}: Contact`));
  assert.match(list, /afgesloten|ended|uitstroom|outflow/i, list);
  await page.getByRole('link', { name: 'Aanpassen' }).click();
  await page.waitForSelector('.error-summary');
  assert.equal(await page.inputValue('textarea[name=note]'), 'na de afsluiting');
  const before = new Date(Date.now() - 4 * 86_400_000);
  for (const [part, value] of [['day', before.getDate()], ['month', before.getMonth() + 1], ['year', before.getFullYear()]]) {
    await page.fill(`input[name="occurred_on.${part}"]`, String(value));
  }
  await page.click('form.log button[type=submit]');
  await recorded(world, 1);
  await emptied(world);
  assert.deepEqual(notes(await world.recorded()), ['na de afsluiting']);
});

scene('a trajectory that went to somebody else meanwhile: the entry stays, says so, and can be handed over', async (world) => {
  const page = await world.ready();
  await world.proxy.unplug();
  await logContact(world, 'verhuisd');
  await logContact(world, 'gewoon', { trajectory: OTHER });
  const mia = await world.person('mia');
  const moved = {
    event_id: crypto.randomUUID(), trajectory_id: OURS, organisation: 'ggz-voorbeeld', type: 'trajectory_changed', data: { coach: 'coach-3' },
    occurred_on: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
  };
  assert.equal((await mia.post(`/api/v1/trajectories/${OURS}/events`, moved)).status, 201);
  await world.proxy.plug();
  await page.goto(world.url('/wachtrij'));
  await recorded(world, 1, OTHER);
  await until('it is told', async () => /aan iemand anders overgedragen/.test(await page.innerText('#outbox-list')));
  assert.equal((await database(page)).entries.length, 1);
  assert.deepEqual(await world.recorded(), []);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Bewaren als bestand' }).click();
  const file = JSON.parse(await readFile(await (await download).path(), 'utf8'));
  assert.equal(file.entries[0].request.data.note, 'verhuisd');
  await page.reload();
  await until('it is still told', async () => /aan iemand anders overgedragen/.test(await page.innerText('#outbox-list')));
  // It comes back, and the same entry is taken.
  const back = { ...moved, event_id: crypto.randomUUID(), data: { coach: 'coach-2' } };
  assert.equal((await mia.post(`/api/v1/trajectories/${OURS}/events`, back)).status, 201);
  await page.getByRole('button', { name: 'Opnieuw verzenden' }).click();
  await recorded(world, 1);
  await emptied(world);
});

scene('from the opened application a contact is recorded by at most four presses', async (world) => {
  const page = await world.signIn();
  await page.goto(world.url('/'));
  let presses = 0;
  const press = async (locator) => { presses += 1; await locator.click(); };
  const row = page.locator('li', { has: page.locator(`a[href="/trajecten/${OURS}"]`) });
  await press(row.getByRole('link', { name: 'Contact' }));
  await page.waitForFunction(() => document.querySelector('form.log [type=submit]')?.disabled === false);
  await press(page.getByText('Telefoon', { exact: true }));
  await press(page.getByRole('button', { name: 'Vastleggen' }));
  await recorded(world, 1);
  const [{ data }] = await world.recorded();
  assert.deepEqual([data.with, data.channel], ['client', 'phone']);
  assert.ok(presses <= 4, `${presses} presses`);
  console.log(`a contact: ${presses} presses`);
});

scene('who corrects what another tab corrected is shown what it is now, and loses nothing', async (world) => {
  const page = await world.ready();
  await logContact(world, 'eerst');
  await recorded(world, 1);
  const [{ event_id: first }] = await world.recorded();
  const path = world.url(`/trajecten/${OURS}/aanpassen/${first}`);
  const ready = (tab) => tab.waitForSelector('form.log button[type=submit]:enabled');
  const other = await world.browser.page();
  for (const tab of [page, other]) await tab.goto(path).then(() => ready(tab));
  // Nothing was changed yet: that is no correction.
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.match(await page.innerText('.error-summary'), /Er is nog niets veranderd/);
  await other.fill('textarea[name=note]', 'van de andere tab');
  await other.click('form.log button[type=submit]');
  await other.waitForURL(`**/trajecten/${OURS}`);
  await page.fill('textarea[name=note]', 'van deze tab');
  await page.click('form.log button[type=submit]');
  await until('it says what it is now', async () => /van de andere tab/.test(await page.innerText('.before').catch(() => '')));
  await ready(page);
  assert.match(await page.innerText('.error-summary'), /niet vastgelegd: het is intussen al aangepast[\s\S]*van de andere tab[\s\S]*Hieronder staat wat jij invulde/);
  assert.equal(await page.inputValue('textarea[name=note]'), 'van deze tab');
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${OURS}`);
  await recorded(world, 3);
  const [, second, third] = await world.recorded();
  assert.deepEqual([second.corrects, third.corrects, third.data.note], [first, second.event_id, 'van deze tab']);
});
