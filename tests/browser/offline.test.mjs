/** The service worker in a real browser: what can be read without a connection, what is gone after signing out, and what an update leaves. */

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { OTHER_TRAJECTORY, TRAJECTORY, useVersion } from './lib/pages.mjs';
import { database, fillContact, formOf, kept, logContact, scene, status, until } from './lib/world.mjs';

const cached = (page) => page.evaluate(async () => {
  const all = {};
  for (const name of await caches.keys()) all[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
  return all;
});
const online = (page) => page.evaluate(() => dispatchEvent(new Event('online')));
const headings = (page) => page.locator('h1').allInnerTexts();
const notices = (page) => page.locator('#notices > span').allInnerTexts();
/** The page that is there now is not the one that is there then. */
const mark = (page) => page.evaluate(() => { window.marked = true; });
const isMarked = (page) => page.evaluate(() => window.marked === true);
const signOut = async (page) => {
  await page.click('text=Uitloggen');
  await page.waitForURL('**/inloggen');
};

scene('caseload, timelines and a form that was never opened can be used without a connection', async (world) => {
  const page = await world.signIn();
  await until('the blank form is kept', () => kept(page, '/vastleggen/contact'));
  await world.server.unplug();
  await page.goto(world.url('/'));
  assert.equal(await page.title(), 'Mijn trajecten');
  await until('it is said to be a copy', async () => /Dit is een kopie van \d+ \S+ \d{4} om \d{1,2}\.\d\d uur\.$/.test(await status(page)));
  await page.goto(world.url(`/trajecten/${OTHER_TRAJECTORY}`));
  assert.match(await page.innerText('main'), /Geheim van noor/);
  await page.goto(world.url(formOf('contact', OTHER_TRAJECTORY)));
  await fillContact(page, 'zonder verbinding');
  await page.click('form.log button[type=submit]');
  await page.waitForURL(`**/trajecten/${OTHER_TRAJECTORY}`);
  assert.match(await page.innerText(`[data-waiting="${OTHER_TRAJECTORY}"]`), /Contact, .* wacht op verbinding/);
  await page.goto(world.url('/'));
  await until('the caseload says it too', async () => (await page.innerText(`[data-waiting="${OTHER_TRAJECTORY}"]`)) === 'wacht op verbinding');
  assert.equal(await page.innerText(`[data-waiting="${TRAJECTORY}"]`), '');
  await world.server.plug();
  await page.goto(world.url('/'));
  await until('it is recorded', () => world.server.recorded.size === 1);
  const [{ event }] = world.server.recorded.values();
  assert.equal(event.trajectory_id, OTHER_TRAJECTORY);
});

scene('a page of which there is no copy says that there is no connection, and shows what waits', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  for (const path of ['/trajecten/nergens', '/beheer/accounts', formOf('paid-work-stopped'), `${formOf('contact')}?verbetert=${TRAJECTORY}`]) {
    await page.goto(world.url(path));
    assert.equal(await page.title(), 'Geen verbinding', path);
    await until('what waits is shown', async () => /Contact[\s\S]*wacht op verbinding/.test(await page.innerText('#outbox-list')));
    assert.deepEqual(await page.locator('h2').allInnerTexts(), ['Nog niet verzonden'], 'one heading');
  }
});

scene('a trajectory that is begun without a connection stands above the caseload, has a page, and more can be recorded in it', async (world) => {
  const page = await world.signIn();
  await page.goto(world.url('/vastleggen/intake'));
  await until('the form is kept', () => kept(page, '/vastleggen/intake'));
  await world.server.unplug();
  await page.goto(world.url('/vastleggen/intake'));
  await page.fill('input[name=label]', 'Ilse de Boer');
  for (const [name, value] of [['method', 'ips'], ['funding', 'uwv'], ['region', 'AM18']]) await page.check(`input[name=${name}][value=${value}]`);
  await page.click('form.log button[type=submit]');
  await page.waitForURL(world.url('/'));
  await until('it stands above the caseload', async () => /^Hier begonnen, nog niet verzonden\s+Ilse de Boer: Intake/.test(await page.innerText('#begun')));
  assert.match(await page.innerText('#begun'), /Opgeschreven op \d+ \S+ \d{4} om \d{1,2}\.\d\d uur\./);
  await page.click('#begun a >> text=Ilse de Boer');
  await until('it has a page', async () => (await headings(page)).join() === 'Ilse de Boer');
  assert.match(await page.title(), /^Ilse de Boer/);
  assert.equal(await page.locator('#outbox-list').count(), 0);
  await page.click('a[data-form=contact]');
  await fillContact(page, 'meteen gebeld');
  await page.click('form.log button[type=submit]');
  await until('both wait on its page', async () => /Intake[\s\S]*Contact/.test(await page.innerText('[data-waiting-view=list]').catch(() => '')));
  await world.server.plug();
  await page.goto(world.url('/'));
  await until('both are recorded', () => world.server.recorded.size === 2);
  const events = [...world.server.recorded.values()].map(({ event }) => event);
  assert.deepEqual(events.map(({ type }) => type), ['intake', 'contact']);
  assert.equal(events[0].trajectory_id, events[1].trajectory_id);
  await until('nothing is begun here any more', async () => (await page.innerText('#begun')) === '');
});

scene('those that have ended are not shown as those that run', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await page.goto(world.url('/?zoek=noor'));
  assert.equal(await page.title(), 'Mijn trajecten');
  await page.goto(world.url('/?afgesloten=1'));
  assert.equal(await page.title(), 'Geen verbinding');
});

scene('the queue is itself without a connection, and right again when there is one', async (world) => {
  const page = await world.signIn();
  await until('the queue is kept', () => kept(page, '/wachtrij'));
  await world.server.unplug();
  await logContact(world, 'een');
  await page.goto(world.url('/wachtrij'));
  assert.equal(await page.title(), 'Wachtrij');
  await until('what waits is shown', async () => /Nog niet verzonden[\s\S]*wacht op verbinding/.test(await page.innerText('#outbox-list')));
  assert.deepEqual(await headings(page), ['Wachtrij']);
  await sleep(500);
  assert.deepEqual(await notices(page), [], 'what it shows is of this device, so it is no copy of before');
  await world.server.plug();
  await online(page);
  await until('all is sent', async () => /Alles is verzonden/.test(await page.innerText('#outbox-list')));
  assert.deepEqual(await headings(page), ['Wachtrij']);
  assert.deepEqual(await notices(page), []);
});

scene('the queue of which there is no copy has its own heading too, and becomes the real page by itself', async (world) => {
  const page = await world.signIn();
  await until('the queue is kept', () => kept(page, '/wachtrij'));
  await page.evaluate(async () => (await caches.open('pages-one')).delete('/wachtrij'));
  await world.server.unplug();
  await logContact(world, 'een');
  await page.goto(world.url('/wachtrij'));
  await until('it is the queue', async () => /^Wachtrij/.test(await page.title()));
  await until('what waits is shown', async () => /Contact[\s\S]*wacht op verbinding/.test(await page.innerText('#outbox-list')));
  assert.deepEqual(await headings(page), ['Wachtrij']);
  assert.doesNotMatch(await page.innerText('main'), /staat niet op dit apparaat/);
  await world.server.plug();
  await online(page);
  await until('the real page is there', () => page.evaluate(() => Boolean(document.querySelector('meta[name=account]'))));
  await until('all is sent', async () => /Alles is verzonden/.test(await page.innerText('#outbox-list')));
  assert.deepEqual(await headings(page), ['Wachtrij']);
});

scene('a page that is not here is fetched when there is a connection again, also where the browser does not notice', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await page.goto(world.url('/trajecten/elders'));
  assert.equal(await page.title(), 'Geen verbinding');
  await world.server.plug();
  await until('it is there', async () => (await page.title()) === 'Tijdlijn', 30_000);
});

scene('the page for signing in has its form when there is a connection again', async (world) => {
  const page = await world.signIn();
  await signOut(page);
  await world.server.unplug();
  await page.goto(world.url('/inloggen'));
  await until('it says what is missing', async () => (await headings(page)).join() === 'Inloggen');
  assert.equal(await page.locator('a[href^="/test/sign-in"]').count(), 0);
  await world.server.plug();
  await online(page);
  await page.waitForSelector('a[href^="/test/sign-in"]');
  assert.equal(await page.title(), 'Inloggen');
});

scene('a copy that nobody touched becomes the page of now, once what waits was sent', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  await until('it is said to be a copy', async () => /kopie/.test(await status(page)));
  await world.server.plug();
  await online(page);
  await until('the timeline has it', async () => (await page.locator('main li').allInnerTexts()).join() === 'contact');
  await until('it is a copy no more', async () => (await notices(page)).length === 0);
  assert.equal(world.server.pages.filter((path) => path === `/trajecten/${TRAJECTORY}`).length, 2, 'fetched ahead, and once more');
});

scene('a copy that somebody is at work on stays as it is, and offers in one line to be made anew', async (world) => {
  const page = await world.signIn();
  await until('the blank form is kept', () => kept(page, '/vastleggen/contact'));
  await world.server.unplug();
  await page.goto(world.url(formOf('contact', OTHER_TRAJECTORY)));
  await until('it is said to be a copy', async () => /kopie/.test(await status(page)));
  await fillContact(page, 'half af');
  await mark(page);
  await world.server.plug();
  await online(page);
  await until('it is offered', async () => /^Er is weer verbinding\. .*Ververs$/.test((await notices(page)).join('|')));
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await until('it is said to be a copy again', async () => /^Geen verbinding\. Dit is een kopie van [^|]*$/.test((await notices(page)).join('|')));
  await online(page);
  await until('it is offered again', async () => /^Er is weer verbinding\. [^|]*Ververs$/.test((await notices(page)).join('|')));
  assert.equal(await isMarked(page), true);
  assert.equal(await page.inputValue('textarea'), 'half af');
  await until('a draft is kept', async () => (await database(page)).drafts.length === 1);
  await page.click('#notices button');
  await until('it was made anew', async () => !(await isMarked(page)));
  await until('what was typed stands there', async () => (await page.inputValue('textarea')) === 'half af');
  assert.deepEqual(await notices(page), []);
  // A page without a form too, once somebody has pressed something in it.
  await world.server.unplug();
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  await until('it is said to be a copy', async () => /kopie/.test(await status(page)));
  await page.click('main');
  await mark(page);
  await world.server.plug();
  await online(page);
  await until('it is offered', async () => /Ververs$/.test((await notices(page)).join('|')));
  assert.equal(await isMarked(page), true);
});

scene('a page does not fetch itself again and again where the server stays slow', async (world) => {
  const page = await world.signIn();
  world.server.pageDelay = 5_000;
  await page.goto(world.url('/'));
  await until('it is said to be a copy', async () => /kopie/.test(await status(page)));
  const before = world.server.pages.length;
  await mark(page);
  await online(page);
  await until('it was fetched once more', async () => !(await isMarked(page)) && /kopie/.test(await status(page)));
  await mark(page);
  await online(page);
  await until('it is offered', async () => /Ververs/.test(await status(page)));
  assert.equal(await isMarked(page), true);
  assert.equal(world.server.pages.slice(before).filter((path) => path === '/').length, 1);
});

scene('only pages of the account and the shell are kept: no answer of the API, no error, no sign-in page', async (world) => {
  const page = await world.signIn();
  await logContact(world, 'een');
  world.server.endSessions();
  await page.goto(world.url('/'));
  await page.goto(world.url('/test/sign-in?account=noor'));
  await page.goto(world.url('/niets'));
  await page.goto(world.url('/?zoek=noor'));
  await page.evaluate(() => fetch('/api/v1/session').then((answer) => answer.text()));
  const { state, ...rest } = await cached(page);
  assert.deepEqual(state, ['/__account']);
  assert.deepEqual(Object.keys(rest).sort(), ['pages-one', 'shell-one']);
  const expected = ['/', `/trajecten/${TRAJECTORY}`, formOf('contact'), `/trajecten/${OTHER_TRAJECTORY}`, '/vastleggen/contact', '/wachtrij'];
  assert.deepEqual(rest['pages-one'].sort(), expected.sort());
  assert.ok(rest['shell-one'].every((path) => path === '/offline' || path.startsWith('/static/')));
});

scene('a server that is slow or broken: the copy is shown, and a later answer takes its place', async (world) => {
  const page = await world.signIn();
  world.server.pageDelay = 6_000;
  const began = Date.now();
  await page.goto(world.url('/'));
  assert.ok(Date.now() - began < 5_500, `${Date.now() - began} ms`);
  await until('it is said to be a copy', async () => /kopie/.test(await status(page)));
  const copyOf = () => page.evaluate(async () => (await caches.match('/', { cacheName: 'pages-one' })).headers.get('Date'));
  const shown = await copyOf();
  await until('the late answer is kept', async () => (await copyOf()) !== shown);
  world.server.pageDelay = 0;
  await page.goto(world.url('/'));
  assert.doesNotMatch(await status(page), /kopie/);
});

scene('of a trajectory that one may not see any more no page stays on the device, also none of its forms', async (world) => {
  const page = await world.signIn();
  const forms = [TRAJECTORY, OTHER_TRAJECTORY].map((id) => formOf('contact', id));
  for (const form of forms) await page.goto(world.url(form));
  const left = async (id) => Object.values(await cached(page)).flat().filter((path) => path.includes(id)).length;
  await page.goto(world.url('/'));
  await until('both are kept, each with its form', async () => (await left(TRAJECTORY)) === 2 && (await left(OTHER_TRAJECTORY)) === 2);
  // An answer says so.
  world.server.moved.add(TRAJECTORY);
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  await until('nothing of it is left', async () => (await left(TRAJECTORY)) === 0);
  assert.equal(await left(OTHER_TRAJECTORY), 2);
  // A copy of the caseload does not, and the caseload of now does.
  world.server.moved.add(OTHER_TRAJECTORY);
  await world.server.unplug();
  await page.goto(world.url('/'));
  await sleep(500);
  assert.equal(await left(OTHER_TRAJECTORY), 2);
  await world.server.plug();
  await page.goto(world.url('/'));
  await until('nothing of it is left', async () => (await left(OTHER_TRAJECTORY)) === 0);
});

scene('a copy that is too old is not shown', async (world) => {
  const page = await world.signIn();
  await page.evaluate(async (path) => {
    const pages = await caches.open('pages-one');
    const copy = await pages.match(path);
    const headers = new Headers(copy.headers);
    headers.set('Date', new Date(Date.now() - 8 * 86_400_000).toUTCString());
    await pages.put(path, new Response(await copy.text(), { headers }));
  }, `/trajecten/${TRAJECTORY}`);
  await world.server.unplug();
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  assert.equal(await page.title(), 'Geen verbinding');
});

scene('signing out wipes copies and drafts and keeps what was not sent', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'geheime notitie');
  await page.goto(world.url(formOf('contact')));
  await page.fill('textarea', 'half geheim');
  await until('a draft is kept', async () => (await database(page)).drafts.length === 1);
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  world.server.next(...Array(9).fill(503));
  await world.server.plug();
  await page.click('text=Uitloggen');
  await until('it is asked once more', async () => /half ingevuld formulier gaat verloren/.test(await page.innerText('form[action="/uitloggen"] button')));
  assert.equal((await database(page)).drafts.length, 1, 'and nothing is lost yet');
  await page.click('form[action="/uitloggen"] button');
  await page.waitForURL('**/inloggen');
  const { entries, drafts } = await database(page);
  assert.equal(entries.length, 1);
  assert.deepEqual(drafts, []);
  assert.deepEqual(Object.keys(await cached(page)).filter((name) => name.startsWith('pages-')), []);
  assert.doesNotMatch(JSON.stringify(await cached(page)), /trajecten|__/);
  await until('what waits is told', async () => /Op dit apparaat wacht nog 1 vastlegging/.test(await status(page)));
  assert.doesNotMatch(await page.content(), /geheim/);
  await world.server.unplug();
  for (const [path, title] of [['/'], [`/trajecten/${TRAJECTORY}`], [formOf('contact')], ['/wachtrij', 'Wachtrij']]) {
    await page.goto(world.url(path));
    await until(`${path} is not here`, async () => (await page.title()).startsWith(title ?? 'Geen verbinding'));
    assert.doesNotMatch(await page.content(), /[Gg]eheim|Noor|noor/);
  }
  await world.server.plug();
  world.server.answerNormally();
  await world.signIn();
  await until('it is recorded', () => world.server.recorded.size === 1, 60_000);
});

scene('signing out sends what can still be sent', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'nog snel');
  await world.server.plug();
  await signOut(page);
  assert.deepEqual(world.server.times('contact'), [1]);
  const { entries, drafts, keys } = await database(page);
  assert.deepEqual([entries, drafts, keys], [[], [], []]);
  assert.doesNotMatch(await status(page), /wacht/);
});

scene('signing out by a page that is older than the session ends it all the same', async (world) => {
  const page = await world.signIn();
  world.server.renewTokens();
  await signOut(page);
  await until('the session is over', () => world.server.sessionsOpen() === 0);
  assert.equal(await page.title(), 'Inloggen');
  assert.deepEqual(await cached(page).then(({ state }) => state), []);
});

scene('signing out shows nothing with the Back button and closes the other tabs', async (world) => {
  const page = await world.signIn();
  const second = await world.browser.page();
  await second.goto(world.url(formOf('contact')));
  await second.fill('textarea', 'in de andere tab');
  await until('a draft is kept', async () => (await database(page)).drafts.length === 1);
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  await page.click('text=Uitloggen');
  await page.click('text=Druk nog eens');
  await page.waitForURL('**/inloggen');
  await second.waitForURL('**/inloggen');
  for (const tab of [page, second]) {
    await tab.goBack({ waitUntil: 'commit' }).catch(() => {});
    await sleep(500);
    await tab.waitForLoadState();
    assert.doesNotMatch(await tab.content(), /Geheim van|in de andere tab/);
  }
  await world.server.unplug();
  await page.goBack({ waitUntil: 'commit' }).catch(() => {});
  await sleep(500);
  assert.doesNotMatch(await page.content(), /Geheim van/);
  await world.server.plug();
  await page.goto(world.url('/inloggen'));
  assert.deepEqual((await database(page)).drafts, []);
});

scene('a sign-out without a connection ends the session before the next page is asked for', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await page.goto(world.url('/'));
  await signOut(page);
  await until('it is the page of the device', async () => (await page.title()) === 'Inloggen – Trajectlog');
  await page.goto(world.url('/'));
  assert.equal(await page.title(), 'Geen verbinding');
  await world.killAndReopen();
  await world.server.plug();
  world.server.pages.length = 0;
  await world.page.goto(world.url('/'));
  assert.equal(await world.page.title(), 'Inloggen');
  assert.deepEqual(await cached(world.page).then(({ state }) => state), []);
});

scene('a page that is on its way while somebody signs out is not kept', async (world) => {
  const page = await world.signIn();
  world.server.pageDelay = 1_500;
  const under = await world.browser.page();
  const going = under.goto(world.url(`/trajecten/${TRAJECTORY}`)).catch(() => {});
  await sleep(300);
  await signOut(page);
  await going;
  await sleep(2_000);
  assert.equal(await kept(page, `/trajecten/${TRAJECTORY}`), false);
  assert.equal(await kept(page, '/__account'), false);
});

scene('the first page of another account removes the copies of the one before', async (world) => {
  const page = await world.signIn('noor');
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  await world.signIn('bram');
  await world.server.unplug();
  await page.goto(world.url(`/trajecten/${TRAJECTORY}`));
  assert.match(await page.innerText('main'), /Geheim van bram/);
  const all = await page.evaluate(async () => {
    const texts = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) texts.push(await (await caches.match(request, { cacheName: name })).text());
    }
    return texts.join();
  });
  assert.doesNotMatch(all, /Geheim van noor|content="noor"/);
});

scene('an update of the application keeps what waits, and copies made before it still work', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'van voor de update');
  for (const version of ['two', 'three']) {
    const left = await world.browser.page();
    await left.goto(world.url(formOf('contact')));
    world.server.version = version;
    useVersion(version);
    world.server.next(...Array(30).fill(503));
    await world.server.plug();
    await page.goto(world.url('/wachtrij'));
    await until(`version ${version} is installed`, async () => Object.keys(await cached(page)).includes(`shell-${version}`));
    await until(`version ${version} is at work`, () => page.evaluate(async () => {
      const { installing, waiting } = await navigator.serviceWorker.getRegistration();
      return !installing && !waiting;
    }));
    await world.server.unplug();
    await left.close();
    if (version === 'two') {
      // A copy from before the update, with the scripts from before the update.
      await page.goto(world.url(`/trajecten/${OTHER_TRAJECTORY}`));
      assert.equal(await page.title(), 'Tijdlijn');
      assert.match(await page.content(), /js-one\/app\.js/);
      await until('its scripts run', async () => /wacht/.test(await status(page)));
    }
    assert.equal((await database(page)).entries.length, 1);
  }
  world.server.answerNormally();
  const shells = async () => Object.keys(await cached(page)).filter((name) => name.startsWith('shell-')).sort().join();
  await until('the oldest shell is removed', async () => (await shells()) === 'shell-three,shell-two');
  await world.server.plug();
  await world.browser.close();
  await world.reopen();
  await world.page.goto(world.url('/test/sign-in?account=noor'));
  await until('it is recorded', async () => world.server.recorded.size === 1, 60_000);
  assert.deepEqual(world.server.times('contact'), [1]);
});

scene('a page of an older version works beside a database and an entry of a newer one', async (world) => {
  const page = await world.signIn();
  await world.server.unplug();
  await logContact(world, 'een');
  // What a newer version would do, while this page is open: it must not be kept waiting.
  await page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('trajectlog', 7);
    request.onblocked = () => reject(new Error('blocked'));
    request.onupgradeneeded = () => {
      request.result.createObjectStore('of_a_newer_version');
      const entries = request.transaction.objectStore('entries');
      entries.getAll().onsuccess = ({ target }) => {
        const { seq, ...entry } = target.result[0];
        entries.add({ ...entry, v: 2, tries: 0, trajectory: 'elsewhere' });
      };
    };
    request.onsuccess = () => { request.result.close(); resolve(); };
    request.onerror = () => reject(request.error);
  }));
  await logContact(world, 'twee');
  await world.server.plug();
  await page.goto(world.url('/wachtrij'));
  await until('both are recorded', () => world.server.times('contact').length === 2);
  assert.deepEqual(world.server.times('contact'), [1, 1]);
  await until('the newer one is shown and left alone', async () => /kan hier nu niet worden gelezen/.test(await page.innerText('#outbox-list')));
  assert.deepEqual((await database(page)).entries.map(({ v, tries }) => [v, tries]), [[2, 0]]);
});
