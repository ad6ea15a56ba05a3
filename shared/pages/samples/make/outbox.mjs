// What is still on this device: waiting, being sent, refused. The list has the markup that assets/js/app.js puts in.

import { button, h1, html, p, page, uuid } from './lib.mjs';

const subtle = (words) => `<button type="button" class="utrecht-button utrecht-button--subtle">${words}</button>`;

/** One entry. `actions` are the words of its buttons; "Aanpassen" is a link to its form. */
const entry = ({ what, state, words, problem = '', conflict = '', actions = [] }, n) => html`
  <li class="outbox-entry" data-state="${state}">
    <p><a href="/trajecten/${uuid(1)}">${what}</a> <span class="outbox-state">${words}</span></p>
    ${problem && `<p class="outbox-problem">${problem}</p>`}
    ${conflict && `<p><a href="/trajecten/${uuid(1)}#gebeurtenis-${uuid(907)}">${conflict}</a></p>`}
    ${
      actions.length > 0 &&
      html`
      <p class="outbox-actions">
        ${actions.map((words) => (words === 'Aanpassen' ? `<a class="utrecht-button utrecht-button--subtle" href="/trajecten/${uuid(1)}/vastleggen/paid-work-stopped#herstel=${n}">${words}</a>` : subtle(words)))}
      </p>`
    }
  </li>`;

const list = (entries) => html`
  <ul class="outbox-entries">
    ${entries.map(entry)}
  </ul>`;

const lead = p('Wat je vastlegt, staat eerst op dit apparaat. Zodra er verbinding is, wordt het vanzelf verzonden.', 'lead');

/** The script shows the button while something of this account waits. */
const sendNow = (hidden = false) => html`
  <div class="section">
    ${button('secondary-action', 'Nu verzenden', `type="button" data-send-now${hidden ? ' hidden' : ''}`)}
  </div>`;

export const outbox = () =>
  page({
    title: 'Wachtrij',
    at: '',
    outbox: ['refused', 2],
    width: 'narrow',
    body: html`
    ${h1('Wachtrij')}
    ${lead}
    <div id="outbox-list">
      <section class="section" aria-labelledby="geweigerd">
        <h2 class="utrecht-heading-2" id="geweigerd">Niet vastgelegd</h2>
        ${list([
          {
            what: 'Noor: werk gestopt, 2 april 2025',
            state: 'refused',
            words: 'geweigerd',
            problem: 'De laatste werkdag ligt vóór de eerste werkdag, 7 april 2025. Pas de datum aan.',
            conflict: 'Bekijk wanneer het werk startte',
            actions: ['Aanpassen', 'Verwijderen'],
          },
          {
            what: 'Hasan: contact, 19 november 2025',
            state: 'refused',
            words: 'geweigerd',
            problem: 'Dit traject staat niet meer op jouw naam. Geef de vastlegging door aan je collega.',
            actions: ['Overdragen', 'Verwijderen'],
          },
        ])}
      </section>
      <section class="section" aria-labelledby="onderweg">
        <h2 class="utrecht-heading-2" id="onderweg">Nog niet verzonden</h2>
        ${list([
          { what: 'Femke: contact, 20 november 2025', state: 'sending', words: 'wordt verzonden' },
          {
            what: 'Sanne: werk veranderd, 18 november 2025',
            state: 'waiting',
            words: 'wacht op verbinding',
            actions: ['Bewaren als bestand', 'Verwijderen'],
          },
        ])}
      </section>
    </div>
    ${sendNow()}`,
  });

export const outboxEmpty = () =>
  page({
    title: 'Wachtrij',
    at: '',
    width: 'narrow',
    body: html`
    ${h1('Wachtrij')}
    ${lead}
    <div id="outbox-list">
      <div class="empty">
        <p class="utrecht-paragraph">Alles is verzonden. Er staat niets meer op dit apparaat.</p>
      </div>
    </div>
    ${sendNow(true)}`,
  });

/** What waits is of a colleague who used the same device. */
export const outboxOthers = () =>
  page({
    title: 'Wachtrij',
    at: '',
    outbox: ['others', 2],
    width: 'narrow',
    body: html`
    ${h1('Wachtrij')}
    ${lead}
    <div id="outbox-list">
      <div class="empty">
        <p class="utrecht-paragraph">Van jou wacht niets. Van een ander account op dit apparaat wachten 2 vastleggingen. Log met dat account in om die te verzenden.</p>
      </div>
    </div>
    ${sendNow(true)}`,
  });

export const outboxSignedOut = () =>
  page({
    title: 'Wachtrij',
    at: '',
    outbox: ['waiting', 3],
    strip: '<span data-kind="signed-out">De sessie is voorbij. Log opnieuw in om te verzenden; er gaat niets verloren. <a href="/inloggen?next=%2Fwachtrij">Inloggen</a></span>',
    width: 'narrow',
    body: html`
    ${h1('Wachtrij')}
    ${lead}
    <div id="outbox-list">
      ${list([
        { what: 'Femke: contact, 20 november 2025', state: 'waiting', words: 'wacht op verbinding' },
        { what: 'Sanne: werk veranderd, 18 november 2025', state: 'waiting', words: 'wacht op verbinding' },
        { what: 'Omar: engagement, 18 november 2025', state: 'waiting', words: 'wacht op verbinding' },
      ])}
    </div>
    ${sendNow()}`,
  });
