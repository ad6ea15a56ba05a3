/**
 * Takes over every `<form class="log">`: keeps a draft while it is filled in, says what is wrong at the field and in a summary, and puts the decision
 * into the outbox. Once it is in there, the form is done: what becomes of it is the outbox's matter, but a refusal that comes at once is shown here.
 *
 * Attributes of the form: `data-event-type`, `data-trajectory` ('' or absent: from the address, or a new one), `data-organisation`, and if wanted
 * `data-corrects` (an event's id), `data-began` (the trajectory's first day), `data-ended`, `data-ended-words` (its last one), `data-expect-revision`
 * (then `data-revision` is sent), `data-next` (where to go afterwards), `data-client` (how the coach knows the client: kept, sealed, with the entry).
 * The submit button is `disabled` in the page and enabled here. Inside: `fieldset[data-kind=date]` (`data-default="today"` fills it in, a
 * `button[data-day="0|-1"]` does so when pressed), `[data-when="field=value"]` (shown, and part of the form, only then), `[data-most]` (the number
 * of characters is told when it comes near; nothing is cut) and `a[data-cancel]` (the draft goes, and one leaves).
 * `#herstel=SEQ` in the address opens the refused entry with that number again.
 */

import { amsterdamDay, build, daysLater, typeOf } from './events.js';
import { el, fill } from './page.js';
import * as store from './store.js';
import { wordsOf } from './view.js';

/** After this pause in typing a draft is written. */
const DRAFT_AFTER = 400;
/** So long a coach waits for the server's judgement before going on with 'kept'. */
const JUDGED_WITHIN = 4_000;
/** Of the room for a text this part is counted: the last quarter. */
const COUNTED = 1 / 4;
const MENDING = /^#herstel=(\d+)$/;
/** Refusals of a retraction by what stands in the trajectory by now. */
const OF_WHAT_STANDS_THERE = ['not_effective', 'retraction_breaks_timeline'];
/** Where the server's refusals belong. */
const FIELD_OF = {
  in_future: 'occurred_on.day', before_start: 'occurred_on.day', after_outflow: 'occurred_on.day', stop_before_start: 'occurred_on.day',
  contract_ends_before_start: 'contract.until.day', variant_without_ips: 'variant', unknown_job: 'job_id', unknown_placement: 'placement_id',
  unknown_education: 'education_id',
};

/** @param {import('./outbox.js').Outbox} outbox @param {Record<string, string>} strings */
export function takeOverForms(outbox, strings) {
  const forms = [...document.querySelectorAll('form.log')].map((form) => takeOver(form, outbox, strings));
  // A form that comes back out of the browser's memory may have been sent since.
  if (forms.length > 0) addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  return Promise.all(forms);
}

async function takeOver(form, outbox, strings) {
  const type = typeOf(form.dataset.eventType);
  let mending = await refusedEntry(form, type, outbox);
  const { ended, endedWords } = form.dataset;
  // As the page came: what a correction is held against.
  const former = form.dataset.corrects && valuesOf(form);
  let asked = '';
  // A draft is of what the page is about, such as this job, not only of this address.
  const of = [...form.querySelectorAll('input[type=hidden]')].filter(({ name }) => !['csrf', 'event_id'].includes(name));
  const about = of.map(({ name, value }) => `${name}=${value}`);
  const draft = () => [address(), type, form.dataset.corrects, ...about, mending?.seq].join(' ');

  // As the page came, with the day of today.
  let given = {};
  await knowWhose(form);
  form.noValidate = true;
  form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });
  form.addEventListener('click', ({ target }) => target.matches('button[data-day]') && setDay(target.closest('fieldset'), target.dataset.day));
  await restore();
  const stopDrafts = keepDrafts(form, outbox.account, draft);
  form.querySelector('a[data-cancel]')?.addEventListener('click', cancel);
  form.querySelectorAll('[data-most]').forEach((area) => count(area, strings));
  // The page has them disabled: before this moment the browser would send the form by itself.
  submitters(form).forEach((button) => { button.disabled = false; });

  async function restore() {
    // Today on this device: a copy of the page may be of an earlier day. A correction keeps the day that was recorded.
    if (!form.dataset.corrects) form.querySelectorAll('fieldset[data-default=today]').forEach((fieldset) => setDay(fieldset, 0));
    followConditions(form);
    given = valuesOf(form);
    // That a device keeps nothing is told when something is to be kept.
    const kept = outbox.account && (await store.readDraft(outbox.account, draft()).catch(() => undefined));
    const values = kept ?? mending?.content.form?.values;
    if (values) setValues(form, values, Boolean(mending));
    // There is nothing to fill in for most; but what was refused or begun before is not lost by that.
    if (values && form.hidden) [document.querySelector('.nothing-to-fill-in').hidden, form.hidden] = [true, false];
    if (kept) sayRestored();
    if (mending) showProblem(mending.problem, strings.mendingTitle);
    else if (MENDING.test(location.hash)) notice(form, strings.alreadyGone);
    form.dispatchEvent(new Event('change'));
  }

  function sayRestored() {
    const button = el('button', { type: 'button', textContent: strings.draftDiscard, className: 'draft-discard' });
    button.addEventListener('click', () => dropDraft().then(() => location.reload()));
    notice(form, strings.draftRestored, button);
  }

  async function dropDraft() {
    await stopDrafts();
    if (outbox.account) await store.removeDraft(outbox.account, draft());
  }

  /** What was typed is not wanted any more: asked once more where there is something, since it exists nowhere else. In another tab one only looks. */
  async function cancel(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const link = event.currentTarget;
    if (!link.dataset.sure && JSON.stringify(valuesOf(form)) !== JSON.stringify(given)) {
      link.dataset.sure = 'yes';
      link.textContent = strings.cancelSure;
      return;
    }
    const { href } = link;
    await dropDraft().catch(() => {});
    form.reset();
    location.assign(href);
  }

  async function submit() {
    if (form.dataset.busy) return;
    form.dataset.busy = 'yes';
    const ready = busy(form, strings.saving);
    const left = await keep().catch(showNotKept);
    if (left) return;
    delete form.dataset.busy;
    ready();
  }

  /** Once more, before it is recorded. The button that says yes is not the one that was just pressed: a double press is no answer. */
  function ask(doubts) {
    showMistakes(form, strings, strings.doubtsTitle, doubts);
    const yes = el('button', { type: 'button', className: 'utrecht-button utrecht-button--secondary-action', textContent: strings.doubtsMeant });
    yes.addEventListener('click', () => { asked = `sure ${JSON.stringify(doubts)}`; submit(); });
    form.querySelector('.error-summary').append(yes);
  }

  /** The store's own words help whoever is asked for help; the sentence before them is for the coach. */
  function showNotKept(error) {
    showMistakes(form, strings, strings.notKeptTitle, [...whole(strings.notKept), ...whole(`${error.name}: ${error.message}`)]);
  }

  /** True when the page is being left. */
  async function keep() {
    const values = valuesOf(form);
    const { decision, mistakes, doubts } = build(type, values, context(values));
    if (!outbox.account) return showMistakes(form, strings, strings.notKeptTitle, whole(strings.noAccount));
    if (!decision) return showMistakes(form, strings, strings.mistakesTitle, mistakes);
    if (doubts.length > 0 && asked !== `sure ${JSON.stringify(doubts)}`) return ask(doubts);
    clearMistakes(form);
    const content = { decision, form: { address: address(), type, values, client: form.dataset.client ?? [values.label].flat()[0] } };
    await stopDrafts.now(); // What takes its place removes it; a pause in typing that ends meanwhile would write it again.
    if (mending && !(await outbox.mend(mending.seq, content, draft()))) return showMistakes(form, strings, strings.notKeptTitle, whole(strings.alreadyGone));
    const seq = mending?.seq ?? (await outbox.add(content, draft()));
    form.dispatchEvent(new Event('kept'));
    const fate = await outbox.settled(seq, JUDGED_WITHIN);
    if (fate === 'refused') return openAgain(seq);
    leave(decision.trajectory, fate);
    return true;
  }

  function context(values) {
    const { trajectory, organisation, corrects, revision, expectRevision, began } = form.dataset;
    // A refused id is not taken, so it is used again; unless the refusal was that it is.
    const keep = mending?.problem.code === 'event_id_reused' ? withoutIds(mending) : mending?.content.decision.events;
    return {
      trajectory: trajectory || (trajectoryOfAddress() ?? ''), organisation, strings, keep, today: amsterdamDay(new Date()), began, ended, endedWords,
      former, given, corrects: corrects || values.corrects || undefined,
      expectedRevision: expectRevision === undefined ? undefined : Number(revision),
    };
  }

  async function openAgain(seq) {
    history.replaceState(null, '', `#herstel=${seq}`);
    mending = await outbox.read(seq);
    // Somebody else corrected the same, or recorded what would go along: the page shows what stands there now, with what was filled in here.
    const stale = former ? overtaken(mending?.problem) : type === 'retraction' && OF_WHAT_STANDS_THERE.includes(mending?.problem.code);
    // When it has ended by now, the page that comes knows on which day.
    if (stale || (mending?.problem.code === 'after_outflow' && type !== 'outflow' && !endedWords)) location.reload();
    else if (mending) showProblem(mending.problem, strings.refusedTitle);
  }

  /** The correction itself came too late, and not what goes along with it. */
  function overtaken(problem) {
    return problem?.code === 'not_effective' && [undefined, mending?.content.decision.events[0].event_id].includes(problem.event_id);
  }

  function showProblem(problem, title) {
    const now = former && overtaken(problem) && linesBefore(form);
    if (now) return showMistakes(form, strings, strings.correctedMeanwhileTitle, whole(fill(strings.correctedMeanwhile, { now })));
    const words = problem.code === 'after_outflow' && endedWords ? fill(strings.afterEnd, { day: endedWords }) : wordsOf(problem, strings);
    showMistakes(form, strings, title, [{ field: FIELD_OF[problem.code] ?? '', message: words }]);
  }

  function leave(trajectory, fate) {
    const recorded = type === 'retraction' && form.dataset.next ? 'recordedWhole' : 'recorded';
    sessionStorage.setItem('flash', fate === 'recorded' ? recorded : 'kept');
    // Nothing of it may come back with the browser's Back button and be sent as another event.
    form.reset();
    // Of one that was begun here the server knows nothing yet: it stands above the caseload.
    location.assign(form.dataset.next || (fate === 'recorded' || form.dataset.trajectory || trajectoryOfAddress() ? `/trajecten/${trajectory}` : '/'));
  }
}

/** What the page says that stands there now, above a correction. */
const linesBefore = (form) => [...form.querySelectorAll('.before p:not(.before-title)')].map((line) => line.textContent.trim()).join(' ');

/** The refused entry that the address asks for, if it is one for this form. */
async function refusedEntry(form, type, outbox) {
  const [, seq] = MENDING.exec(location.hash) ?? [];
  const entry = seq && (await outbox.read(Number(seq)).catch(() => undefined));
  const open = entry?.state === 'refused' && entry.content?.form;
  return open && open.type === type && open.address === address() ? entry : undefined;
}

const withoutIds = ({ content }) => content.decision.events.map(({ event_id, ...rest }) => rest);
const address = () => location.pathname + location.search;

const trajectoryOfAddress = () => /^\/trajecten\/([0-9a-f-]{36})(?:\/|$)/.exec(location.pathname)?.[1];

/** The blank form that stands in for one that was never opened names nobody: the copy of the trajectory's page on this device does. */
async function knowWhose(form) {
  const trajectory = trajectoryOfAddress();
  if (form.dataset.trajectory || !trajectory) return;
  const address = `/trajecten/${trajectory}`;
  const copy = await globalThis.caches?.match(address, { ignoreVary: true }).catch(() => undefined);
  const name = copy && new DOMParser().parseFromString(await copy.text(), 'text/html').querySelector('h1')?.textContent.trim();
  if (!name) return;
  form.dataset.client = name;
  const back = document.querySelector('a.back');
  if (!back) return;
  back.href = address;
  back.lastChild.textContent = name;
}

// ---- Values ----

/** @param {HTMLFormElement} form @returns {import('./events.js').Values} */
function valuesOf(form) {
  const data = new FormData(form);
  data.delete('csrf');
  return Object.fromEntries([...new Set(data.keys())].map((name) => {
    const all = data.getAll(name).map(String);
    return [name, all.length > 1 ? all : all[0]];
  }));
}

/**
 * Only what the form still has is set: a draft or an entry of an older version never breaks it. What is mended stays about what it was about
 * (`hidden`), also when the page would now begin with another job; but what the page itself lists, as all that goes with an intake, is its own.
 */
function setValues(form, values, hidden) {
  for (const control of form.elements) {
    if (!control.name || control.name === 'csrf' || (control.type === 'hidden' && (!hidden || control.name === 'event_id'))) continue;
    const wanted = [values[control.name] ?? []].flat();
    if (wanted.some(Boolean)) unfold(control);
    if (control.type === 'radio' || control.type === 'checkbox') control.checked = wanted.includes(control.value);
    else if (control.tagName === 'SELECT') setOptions(control, wanted);
    else if (typeof wanted[0] === 'string') control.value = wanted[0];
  }
}

/** What is in a part that is folded away cannot be seen. */
function unfold(control) {
  for (let fold = control.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
}

function setOptions(select, wanted) {
  for (const option of select.options) if (wanted.includes(option.value)) option.selected = true;
}

function setDay(fieldset, days) {
  const [year, month, day] = daysLater(amsterdamDay(new Date()), Number(days)).split('-').map(Number);
  const parts = { day, month, year };
  for (const input of fieldset.querySelectorAll('input')) {
    input.value = String(parts[input.name.split('.').pop()]);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function followConditions(form) {
  const apply = () => {
    const values = valuesOf(form);
    for (const part of form.querySelectorAll('[data-when]')) {
      const [field, wanted] = part.dataset.when.split('=');
      part.hidden = ![values[field]].flat().includes(wanted);
      part.querySelectorAll('input, select, textarea').forEach((control) => { control.disabled = part.hidden; });
    }
  };
  form.addEventListener('change', apply);
  apply();
}

/** The length of a text in code points, as the log counts them. */
function count(area, strings) {
  const most = Number(area.dataset.most);
  const place = el('p', { className: 'counter', role: 'status' });
  area.after(place);
  const say = () => {
    const length = [...area.value].length;
    const words = length > most ? strings.tooLong : strings.length;
    place.textContent = length > most * (1 - COUNTED) ? fill(words, { length, most, over: length - most }) : '';
  };
  area.addEventListener('input', say);
  say();
}

// ---- Drafts ----

/** Answers how to end it: then nothing more is written, also not what was on its way. `now`: what was typed is written at once. */
function keepDrafts(form, account, name) {
  let timer = 0;
  let changed = false;
  let writing = Promise.resolve();
  const write = () => {
    clearTimeout(timer);
    if (!changed || !account || store.isClosed()) return;
    changed = false;
    // A draft that cannot be written is no reason to disturb who is typing: submitting says so loudly.
    writing = store.saveDraft(account, name(), valuesOf(form)).catch(() => {});
  };
  form.addEventListener('input', () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(write, DRAFT_AFTER);
  });
  const forget = () => { changed = false; clearTimeout(timer); };
  form.addEventListener('kept', forget);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && write());
  return Object.assign(() => { forget(); return writing; }, { now: () => { write(); return writing; } });
}

// ---- What is shown ----

function notice(form, words, ...more) {
  form.querySelector('.form-notice')?.remove();
  form.prepend(el('div', { className: 'form-notice', role: 'status' }, el('p', { textContent: words }), ...more));
}

const submitters = (form) => form.querySelectorAll('[type=submit], button:not([type])');

function busy(form, words) {
  const [button] = submitters(form);
  const before = button?.textContent;
  if (button) button.textContent = words;
  button?.setAttribute('aria-disabled', 'true');
  return () => {
    if (button) button.textContent = before;
    button?.removeAttribute('aria-disabled');
  };
}

function clearMistakes(form) {
  form.querySelectorAll('.error-summary, .form-error').forEach((element) => element.remove());
  for (const element of form.querySelectorAll('[data-mistaken]')) {
    element.removeAttribute('aria-invalid');
    const rest = (element.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && !id.startsWith('fout-'));
    if (rest.length > 0) element.setAttribute('aria-describedby', rest.join(' '));
    else element.removeAttribute('aria-describedby');
    delete element.dataset.mistaken;
  }
}

/** A mistake of no one field. */
const whole = (message) => [{ field: '', message }];

/** At each field, and in a summary at the top that takes the focus. */
function showMistakes(form, strings, title, mistakes) {
  clearMistakes(form);
  form.querySelector('.form-notice')?.remove();
  const items = mistakes.map((mistake) => el('li', {}, atField(form, strings, mistake)));
  const summary = el('div', { className: 'error-summary utrecht-alert utrecht-alert--error', tabIndex: -1, role: 'alert' },
    el('h2', { className: 'utrecht-heading-3', textContent: title }), el('ul', {}, ...items));
  form.prepend(summary);
  summary.focus();
}

/** Says it at the field; answers the link to it for the summary (plain text when it is of no one field). */
function atField(form, strings, { field, message }) {
  const controls = [...form.elements].filter(({ name, type }) => field !== '' && name === field && type !== 'hidden');
  const [control] = controls;
  if (!control) return el('span', { textContent: message });
  const group = control.type === 'radio' || control.type === 'checkbox' ? control.closest('fieldset') : null;
  const legend = (group ?? control.closest('fieldset[data-kind=date]'))?.querySelector('legend');
  const error = el('p', { className: 'form-error utrecht-form-field-error-message', id: `fout-${field}`, textContent: message });
  if (legend) legend.after(error);
  else (control.closest('.with-unit') ?? control).before(error);
  unfold(control);
  control.id ||= `veld-${field}`;
  controls.forEach((one) => mark(one).setAttribute('aria-invalid', 'true'));
  const described = mark(group ?? control);
  described.setAttribute('aria-describedby', `${described.getAttribute('aria-describedby') ?? ''} ${error.id}`.trim());
  return linkTo(control, fill(strings.mistakeAt, { field: (legend ?? control.labels[0])?.firstChild.textContent.trim(), message }));
}

/** So that it is found again when the mistake is mended. */
function mark(element) {
  element.dataset.mistaken = 'yes';
  return element;
}

function linkTo(control, words) {
  const link = el('a', { href: `#${control.id}`, textContent: words });
  // The address stays as it is: it may name the entry that is being mended.
  link.addEventListener('click', (event) => { event.preventDefault(); control.focus(); });
  return link;
}
