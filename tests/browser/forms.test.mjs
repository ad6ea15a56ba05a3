/** Forms in a real browser: drafts, mistakes at their fields, one submit, and a device that cannot keep anything. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

import dutch from '../../shared/pages/assets/js/strings.nl.js';
import { RETRACTED, TRAJECTORY, nothingGoesOn } from './lib/pages.mjs';
import { database, fillContact, formOf, scene, until, yearOf } from './lib/world.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const drafts = async (page) => (await database(page)).drafts;

async function open(world, path = formOf('contact')) {
  await world.page.goto(world.url(path));
  await world.page.waitForSelector('form.log button[type=submit]:enabled');
  return world.page;
}

scene('a draft is kept while typing, comes back after a reload, and goes when the form is sent', async (world) => {
  await world.signIn();
  const page = await open(world);
  await fillContact(page, 'half geschreven geheim');
  await until('a draft is kept', async () => (await drafts(page)).length === 1);
  // The last of it is written when the typing pauses.
  await sleep(800);
  assert.doesNotMatch(JSON.stringify(await drafts(page)), /geschreven/);
  await page.reload();
  await page.waitForSelector('.form-notice');
  assert.equal(await page.inputValue('textarea'), 'half geschreven geheim');
  assert.equal(await page.isChecked('input[name=with][value=client]'), true);
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  assert.deepEqual(await drafts(page), []);
  await open(world);
  assert.equal(await page.inputValue('textarea'), '');
});

scene('a draft can be thrown away, and belongs to its form and its account', async (world) => {
  await world.signIn();
  const page = await open(world);
  await page.fill('textarea', 'van noor');
  await until('a draft is kept', async () => (await drafts(page)).length === 1);
  await open(world, formOf('paid-work-started'));
  assert.equal(await page.locator('.form-notice').count(), 0);
  await world.signIn('bram');
  await open(world);
  assert.equal(await page.inputValue('textarea'), '');
  await world.signIn('noor');
  await open(world);
  await page.click('text=Leeg beginnen');
  await until('it is gone', async () => (await page.inputValue('textarea')) === '');
  assert.deepEqual(await drafts(page), []);
});

scene('who cancels is asked once where something was typed, and then the draft is gone, also what was typed last', async (world) => {
  await world.signIn();
  const page = await open(world);
  await page.click('a[data-cancel]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  await open(world);
  await page.fill('textarea', 'toch maar niet');
  await until('a draft is kept', async () => (await drafts(page)).length === 1);
  await page.fill('textarea', 'toch maar niet, en dit is van een ogenblik geleden');
  await page.click('a[data-cancel]');
  assert.equal(await page.innerText('a[data-cancel]'), dutch.cancelSure);
  assert.equal(await page.inputValue('textarea'), 'toch maar niet, en dit is van een ogenblik geleden');
  await page.click('a[data-cancel]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  assert.deepEqual(await drafts(page), []);
  await open(world);
  assert.equal(await page.inputValue('textarea'), '');
  assert.equal(await page.locator('.form-notice').count(), 0);
});

scene('a trajectory that nobody would recognise is asked about once, and its name is counted', async (world) => {
  await world.signIn();
  const page = await open(world, '/vastleggen/intake');
  for (const choice of ['ips', 'uwv', 'AM18']) await page.check(`input[value=${choice}]`);
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.match(await page.innerText('.error-summary'), /Controleer dit nog even[\s\S]*Zonder naam of kenmerk herken je dit traject niet terug/);
  await page.fill('input[name=label]', 'n'.repeat(150));
  assert.equal(await page.innerText('.counter'), '');
  await page.fill('input[name=label]', 'n'.repeat(203));
  assert.equal(await page.innerText('.counter'), '203 van 200 tekens: 3 te veel');
  await page.click('form.log button[type=submit]');
  await until('it is refused', async () => /er kunnen 200 tekens in, dit zijn er 3 te veel/.test(await page.innerText('.error-summary')));
  assert.equal(world.server.posts.length, 0);
  await page.fill('input[name=label]', '');
  await page.click('form.log button[type=submit]');
  await page.click('text=Het klopt: zo vastleggen');
  await until('it is recorded', () => world.server.times('intake').length === 1);
});

scene('a transfer to nobody names the field', async (world) => {
  await world.signIn();
  const page = await open(world, formOf('trajectory-changed'));
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.deepEqual(await page.locator('.error-summary a').allInnerTexts(), ['Naar wie? – Kies de collega naar wie het traject gaat.']);
});

scene('who corrects what was corrected meanwhile is told what stands there now and what to do', async (world) => {
  await world.signIn();
  const page = await open(world, `${formOf('contact')}?corrects=${RETRACTED[0]}&now=Contact+op+3+maart.+Telefoon.`);
  world.server.refuse = () => ({ status: 422, code: 'not_effective', detail: 'telt niet meer mee' });
  await page.click('text=Gisteren');
  await fillContact(page, 'mijn versie');
  await page.click('form.log button[type=submit]');
  // The page is asked for anew: it shows what stands there now, with what was filled in.
  await page.waitForURL(/#herstel=\d+$/);
  await until('it is told', async () => /intussen al aangepast/.test(await page.innerText('form.log')));
  assert.match(await page.innerText('.error-summary'), /Nu staat er: Contact op 3 maart\. Telefoon\. Hieronder staat wat jij invulde/);
  assert.equal(await page.inputValue('textarea'), 'mijn versie');
  world.server.refuse = () => undefined;
  await page.waitForSelector('form.log button[type=submit]:enabled');
  await page.click('form.log button[type=submit]');
  await until('it is recorded', () => world.server.times('contact').length === 1);
});

scene('a correction that is refused for what goes along with it is not said to be corrected meanwhile', async (world) => {
  await world.signIn();
  const page = await open(world, `${formOf('contact')}?corrects=${RETRACTED[0]}&now=Contact+op+3+maart.+Telefoon.`);
  world.server.refuse = () => ({ status: 422, code: 'not_effective', detail: 'telt niet meer mee', event_id: RETRACTED[1] });
  await page.click('text=Gisteren');
  await fillContact(page, 'mijn versie');
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary');
  assert.doesNotMatch(await page.innerText('form.log'), /intussen al aangepast/);
});

scene('a retraction that is refused by what was recorded meanwhile is asked for anew, as the trajectory stands by then', async (world) => {
  await world.signIn();
  const page = await open(world, formOf('retraction'));
  world.server.refuse = () => ({ status: 422, code: 'retraction_breaks_timeline', detail: 'er hangt nog iets aan' });
  await page.check(`input[value="${RETRACTED[0]}"]`);
  await page.fill('textarea', 'verkeerde cliënt');
  const [again] = await Promise.all([page.waitForEvent('load'), page.click('form.log button[type=submit]')]);
  await again.waitForSelector('.error-summary');
  assert.equal(await page.inputValue('textarea'), 'verkeerde cliënt');
});

scene('a stop that is refused because a colleague recorded it first can still be read and mended', async (world) => {
  await world.signIn();
  const page = await open(world, formOf('paid-work-stopped'));
  world.server.refuse = () => ({ status: 422, code: 'already_stopped', detail: 'dit werk is al gestopt' });
  await page.click('text=Gisteren');
  await page.fill('input[name=reason]', 'contract afgelopen');
  await page.click('form.log button[type=submit]');
  await page.waitForURL(/#herstel=\d+$/);
  // By now nothing goes on: the page has nothing to fill in but for what was refused.
  nothingGoesOn(true);
  try {
    await page.reload();
    await page.waitForSelector('form.log .error-summary');
    assert.equal(await page.isVisible('.nothing-to-fill-in'), false);
    assert.equal(await page.inputValue('input[name=reason]'), 'contract afgelopen');
    await page.goto(world.url('/'));
    await page.goto(world.url(formOf('paid-work-stopped')));
    await page.waitForSelector('.nothing-to-fill-in');
    assert.equal(await page.isVisible('form.log'), false, 'a form for nothing');
  } finally {
    nothingGoesOn(false);
  }
});

scene('a pause in typing that ends while the entry is being kept leaves no draft behind', async (world) => {
  await world.signIn();
  await world.page.addInitScript(() => {
    const [paused, later, add] = [[], window.setTimeout, IDBObjectStore.prototype.add];
    window.setTimeout = (work, after, ...rest) => (after === 400 ? 1e6 + paused.push(work) : later(work, after, ...rest));
    IDBObjectStore.prototype.add = function kept(...what) {
      const request = add.apply(this, what);
      paused.splice(0).forEach((work) => work());
      return request;
    };
  });
  const page = await open(world);
  await fillContact(page, 'net getypt');
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  assert.deepEqual(await drafts(page), []);
});

scene('a draft survives a killed browser', async (world) => {
  await world.signIn();
  await open(world);
  await world.page.fill('textarea', 'bijna kwijt');
  await until('a draft is kept', async () => (await drafts(world.page)).length === 1);
  await world.killAndReopen();
  await world.signIn();
  await open(world);
  assert.equal(await world.page.inputValue('textarea'), 'bijna kwijt');
});

scene('a draft of another version, or one that cannot be read, is left aside without harm', async (world) => {
  await world.signIn();
  const page = await open(world);
  for (const how of ['newer', 'damaged', 'empty']) {
    await fillContact(page, `oud ${how}`);
    await until('a draft is kept', async () => (await drafts(page)).length === 1);
    await sleep(600);
    await page.goto(world.url('/'));
    await spoilDrafts(page, how);
    await open(world);
    assert.equal(await page.inputValue('textarea'), '');
  }
  await fillContact(page, 'nieuw');
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  assert.deepEqual(world.server.times('contact'), [1]);
});

const spoilDrafts = (page, how) => page.evaluate(async (how) => {
  const spoilt = {
    newer: (draft) => ({ ...draft, v: 99 }),
    damaged: (draft) => ({ ...draft, sealed: { iv: draft.sealed.iv, bytes: new ArrayBuffer(40) } }),
    empty: ({ key }) => ({ key }),
  };
  const opened = await new Promise((resolve) => { indexedDB.open('trajectlog').onsuccess = ({ target }) => resolve(target.result); });
  await new Promise((resolve) => {
    const running = opened.transaction('drafts', 'readwrite');
    const store = running.objectStore('drafts');
    store.getAll().onsuccess = ({ target }) => target.result.forEach((draft) => store.put(spoilt[how](draft)));
    running.oncomplete = resolve;
  });
  opened.close();
}, how);

scene('a browser that dies at any moment around a submit has the draft or the entry, never both, never neither', async (world) => {
  await world.signIn();
  for (const [round, moment] of [0, 5, 15, 30, 60, 150].entries()) {
    await world.server.plug().catch(() => {});
    await world.signIn();
    await open(world);
    const note = `ronde ${round}`;
    await fillContact(world.page, note);
    await until('a draft is kept', async () => (await drafts(world.page)).length === 1);
    await sleep(500);
    const before = (await database(world.page)).entries.length;
    await world.server.unplug();
    world.page.click('form.log button[type=submit]').catch(() => {});
    await sleep(moment);
    await world.killAndReopen();
    await world.server.plug();
    await world.page.goto(world.url('/inloggen'));
    const { entries, drafts: left } = await database(world.page);
    assert.equal(entries.length - before + left.length, 1, `after ${moment} ms`);
    await world.signIn();
    await open(world);
    if (left.length === 1) {
      assert.equal(await world.page.inputValue('textarea'), note);
      await world.page.click('form.log button[type=submit]');
      await world.page.waitForURL((url) => !url.pathname.includes('vastleggen'));
    }
    await until('it is recorded', () => world.server.recorded.size === round + 1);
    // Where the answer was asked for: a page of nobody sends and removes nothing.
    await until('the outbox is empty', async () => (await database(world.page).catch(() => ({ entries: [1] }))).entries.length === 0);
  }
  assert.deepEqual(world.server.times('contact'), Array(6).fill(1));
  assert.deepEqual([...world.server.recorded.values()].map(({ event }) => event.data.note), [0, 1, 2, 3, 4, 5].map((round) => `ronde ${round}`));
});

scene('pressing the button many times records once', async (world) => {
  await world.signIn();
  const page = await open(world);
  await fillContact(page, 'ongeduldig');
  await page.evaluate(() => {
    const button = document.querySelector('form.log button[type=submit]');
    for (let press = 0; press < 5; press += 1) button.click();
    document.querySelector('form.log').requestSubmit();
  });
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  assert.deepEqual(world.server.times('contact'), [1]);
  await page.goBack();
  await page.waitForSelector('form.log button[type=submit]:enabled');
  assert.equal(await page.inputValue('textarea'), '');
});

scene('mistakes stand at their fields and in a summary that has the focus', async (world) => {
  await world.signIn();
  const page = await open(world, formOf('paid-work-started'));
  await page.check('input[name=pay][value=measured]');
  await page.fill('input[name="occurred_on.day"]', '31');
  await page.fill('input[name="occurred_on.month"]', '4');
  await page.fill('input[name="occurred_on.year"]', String(yearOf(3, 4)));
  await page.fill('input[name=hours_per_week]', '16,555');
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.deepEqual(await page.locator('.error-summary a').allInnerTexts(), [
    'Eerste werkdag – Deze maand heeft 30 dagen. Controleer de dag.',
    'Uren – Vul een getal in met ten hoogste twee cijfers achter de komma, zoals 16,5.',
    'Loonwaarde – Vul de gemeten loonwaarde in, of kies “weet ik niet”.',
  ]);
  for (const name of ['occurred_on.day', 'hours_per_week', 'wage_value_percent']) {
    const field = page.locator(`[name="${name}"]`);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.match(await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).innerText(), /\./);
  }
  await page.click('.error-summary a >> nth=1');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'hours_per_week');
  await page.evaluate(AXE);
  // These pages have no style; what a style decides is looked at on the real ones.
  const { violations } = await page.evaluate(() => window.axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], rules: { 'target-size': { enabled: false }, 'color-contrast': { enabled: false } },
  }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
  await page.fill('input[name="occurred_on.day"]', '3');
  await page.fill('input[name=hours_per_week]', '16,5');
  await page.check('input[name=pay][value=normal]');
  assert.equal(await page.isVisible('input[name=wage_value_percent]'), false);
  await page.click('form.log button[type=submit]');
  // What is left open is asked about once more; the same press again is no answer.
  const asked = async () => (await page.locator('.error-summary li').allInnerTexts()).map((line) => line.replace(/\s+/g, ' '));
  await until('it is asked', async () => (await asked()).join() === `Contract – ${dutch.notFilledIn},${dutch.notFilledIn}`);
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('text=Controleer dit nog even');
  assert.equal(world.server.posts.length, 0);
  await page.click('text=Het klopt: zo vastleggen');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  const [{ event }] = world.server.recorded.values();
  assert.deepEqual({ ...event.data, job_id: '' }, { job_id: '', hours_per_week: 16.5, wage_value_percent: 100 });
});

scene('a long note is kept whole, counted, and refused with a sentence', async (world) => {
  await world.signIn();
  const page = await open(world);
  await fillContact(page, 'a'.repeat(2_900));
  assert.equal(await page.innerText('.counter'), '');
  await page.fill('textarea', '🙂'.repeat(4_003));
  assert.equal(await page.innerText('.counter'), '4003 van 4000 tekens: 3 te veel');
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.match(await page.innerText('.error-summary'), /dit zijn er 3 te veel/);
  assert.equal((await page.inputValue('textarea')).length, 8_006);
  await page.fill('textarea', '🙂'.repeat(4_000));
  assert.equal(await page.innerText('.counter'), '4000 van 4000 tekens');
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  assert.equal([...world.server.recorded.values()][0].event.data.note.length, 8_000);
});

scene('a radio group that was left open says so at the group', async (world) => {
  await world.signIn();
  const page = await open(world);
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.deepEqual(await page.locator('fieldset:has([name=with]) .form-error').allInnerTexts(), ['Maak een keuze.']);
  assert.match(await page.locator('fieldset:has([name=with])').getAttribute('aria-describedby'), /fout-with/);
});

scene('logging a contact takes the keyboard alone, and today is there already', async (world) => {
  await world.signIn();
  const page = await open(world);
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date());
  await page.focus('input[name=with][value=client]');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  const [{ event }] = world.server.recorded.values();
  assert.deepEqual([event.occurred_on, event.data], [today, { with: 'client', channel: 'in_person' }]);
});

scene('a device that can store nothing more says so loudly, and the form keeps its values', async (world) => {
  await world.signIn();
  // The browser remembers for a while how much room there is: it has to learn it anew.
  await world.browser.close();
  await world.reopen();
  const protocol = await world.browser.context.newCDPSession(world.page);
  const quota = (quotaSize) => protocol.send('Storage.overrideQuotaForOrigin', { origin: world.server.url, quotaSize });
  await quota(1);
  await world.signIn();
  const page = await open(world);
  await fillContact(page, 'x'.repeat(3900));
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.match(await page.innerText('.error-summary'), /Dit is NIET bewaard[\s\S]*QuotaExceededError/);
  assert.equal((await page.inputValue('textarea')).length, 3900);
  assert.equal(world.server.posts.length, 0);
  assert.deepEqual((await database(page)).entries, []);
  await quota(undefined);
  await until('there is room again', async () => {
    await page.click('form.log button[type=submit]', { timeout: 1_000 }).catch(() => {});
    await sleep(1_000);
    return !page.url().includes('vastleggen');
  }, 60_000);
  assert.deepEqual(world.server.times('contact'), [1]);
});

scene('where the browser keeps nothing at all, forms still open and say so', async (world) => {
  await world.signIn();
  await world.page.addInitScript(() => { IDBFactory.prototype.open = () => { throw new DOMException('not here', 'SecurityError'); }; });
  const page = await open(world);
  await fillContact(page, 'nergens');
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary:focus');
  assert.match(await page.innerText('.error-summary'), /Dit is NIET bewaard[\s\S]*SecurityError/);
  assert.equal(await page.inputValue('textarea'), 'nergens');
});

scene('what the server cannot understand is called a fault of the application', async (world) => {
  await world.signIn();
  const page = await open(world);
  world.server.refuse = () => ({ status: 400, code: 'malformed', detail: 'a missing field' });
  await fillContact(page, 'een');
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary');
  assert.match(await page.innerText('.error-summary'), /fout van deze app/);
});

scene('an id that is taken is told, and mending it makes another event', async (world) => {
  await world.signIn();
  const page = await open(world);
  let once = true;
  world.server.refuse = () => (once ? { status: 409, code: 'event_id_reused' } : undefined);
  await fillContact(page, 'een');
  await page.click('form.log button[type=submit]');
  await page.waitForSelector('.error-summary');
  assert.match(await page.innerText('.error-summary'), /al iets vastgelegd/);
  once = false;
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${TRAJECTORY}`);
  const [first, second] = world.server.posts.map(({ events }) => events[0].event_id);
  assert.notEqual(first, second);
});
