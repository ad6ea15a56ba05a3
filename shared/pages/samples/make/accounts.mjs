// Accounts: who may sign in, as what, and what an administrator can do about it.

import { alert, back, button, buttonLink, csrfField, h1, hidden, html, icon, p, page, tag } from './lib.mjs';
import { field, select, several } from './fields.mjs';

const ACCOUNTS = [
  ['Ineke Postma', 'i.postma', 'Beheerder', 'vandaag', ''],
  ['Joost Verhagen', 'j.verhagen', 'Coach', '3 weken geleden', ''],
  ['Lina Bakkali', 'l.bakkali', 'Coach', 'vandaag', ''],
  ['Marieke de Boer', 'm.deboer', 'Coach', 'vandaag', ''],
  ['Pim Scholten', 'p.scholten', 'Coach', 'gisteren', 'locked'],
  ['Rachid Amrani', 'r.amrani', 'Manager', 'gisteren', ''],
  ['Saskia van Dongen', 's.vandongen', 'Analist, auditor', '7 dagen geleden', ''],
  ['Tjeerd Hoekstra', 't.hoekstra', 'Auditor', 'nog nooit', 'off'],
];
const STATES = { locked: tag('bad', 'Geblokkeerd na 5 pogingen', 'lock'), off: tag('plain', 'Uitgezet', 'lock') };

const frame = (title, width, body) => page({ title, role: 'administrator', at: '/beheer/accounts', width, body });

export const accounts = () =>
  frame(
    'Accounts',
    '',
    html`
  <div class="page-head">
    <div>
      ${h1('Accounts')}
      ${p(`${ACCOUNTS.length} accounts van ggz Voorbeeld`, 'lead')}
    </div>
    ${buttonLink('/beheer/accounts/nieuw', 'primary-action', 'Nieuw account', 'plus')}
  </div>
  <div class="section">
    <ul class="rows">
      ${ACCOUNTS.map(
        ([name, user, role, seen, state]) => html`
        <li class="row row-slim">
          <div class="row-text">
            <a class="row-link" href="/beheer/accounts/${user}">${name}</a>
            <p class="row-what">${role} · ${user}${state && ` ${STATES[state]}`}</p>
            <p class="row-meta">laatst ingelogd: ${seen}</p>
          </div>
          ${icon('next', 'row-next')}
        </li>`,
      )}
    </ul>
  </div>`,
  );

const ROLES = [
  ['coach', 'Coach', 'Ziet en bewerkt de eigen trajecten'],
  ['manager', 'Manager', 'Ziet alle trajecten en cijfers van de organisatie'],
  ['analyst', 'Analist', 'Ziet cijfers, geen trajecten'],
  ['auditor', 'Auditor', 'Leest alles, verandert niets. Teksten blijven verzegeld'],
  ['administrator', 'Beheerder', 'Beheert accounts en weergaven'],
];
const CODE = 'autocomplete="off" autocapitalize="none" spellcheck="false"';
const rolesOf = (checked, error = '') => several({ id: 'rol', name: 'role', legend: 'Rollen', hint: 'Meer dan één kan. Een beheerder is niet ook coach, manager of auditor: daarvoor is er een tweede account.', choices: ROLES, checked, error });
const placed = (coach = '') => html`
  ${select({
  id: 'organisatie',
  name: 'organisation',
  label: 'Organisatie',
  hint: 'Nodig voor coaches en managers',
  options: [
    ['', 'Geen'],
    ['ggz-voorbeeld', 'ggz Voorbeeld'],
    ['ggz-noorderlicht', 'ggz Noorderlicht'],
  ],
  value: 'ggz-voorbeeld',
  })}
  ${field({ id: 'nieuw', name: 'organisation_new', label: 'Of een nieuwe organisatie', hint: 'De code, zoals ggz-voorbeeld', optional: true, size: 'medium', attributes: CODE })}
  ${field({ id: 'code', name: 'coach', label: 'Code in het logboek', hint: 'Zo heet een coach in trajecten. Vul je niets in? Dan wordt het de gebruikersnaam', optional: true, size: 'medium', value: coach, attributes: CODE })}`;
const revision = '<input type="hidden" name="revision" value="17">';

export const accountNew = () =>
  frame(
    'Nieuw account',
    'narrow',
    html`
  ${back('/beheer/accounts', 'Accounts')}
  ${h1('Nieuw account')}
  <form class="form" method="post" action="/beheer/accounts">
    ${csrfField}
    ${field({ id: 'naam', name: 'name', label: 'Naam', attributes: 'autocomplete="off" required' })}
    ${field({ id: 'gebruikersnaam', name: 'username', label: 'Gebruikersnaam', size: 'medium', attributes: 'autocomplete="off" autocapitalize="none" spellcheck="false" required' })}
    ${rolesOf(['coach'])}
    ${placed()}
    <div class="actions">
      ${button('primary-action', 'Account maken')}
      ${buttonLink('/beheer/accounts', 'subtle', 'Annuleren')}
    </div>
  </form>`,
  );

export const accountMade = () =>
  frame(
    'Account is gemaakt',
    'narrow',
    html`
  ${back('/beheer/accounts', 'Accounts')}
  ${h1('Account is gemaakt')}
  ${alert(
    'ok',
    'Geef dit wachtwoord door',
    html`
    ${p('Sam Wierda (s.wierda) kiest bij het eerste inloggen een eigen wachtwoord. Je ziet dit wachtwoord maar één keer.')}
    <p><code class="secret">ketel-zonnig-maart-47</code></p>`,
  )}
  <div class="actions">
    ${buttonLink('/beheer/accounts', 'primary-action', 'Naar de accounts')}
  </div>`,
  );

const post = (action, kind, words) => html`
  <form method="post" action="/beheer/accounts/p.scholten/${action}">
    ${csrfField}
    ${revision}
    ${button(kind, words)}
  </form>`;

/** Who can hand over what somebody had; or nobody can. */
const MANAGER = 'Dat doet een manager van de organisatie: <a class="utrecht-link utrecht-link--html-a" href="/beheer/accounts/r.amrani">Rachid Amrani</a>.';
const NO_MANAGER = 'Dat doet een manager, en die heeft deze organisatie nog niet: <a class="utrecht-link utrecht-link--html-a" href="/beheer/accounts/nieuw">maak een account voor een manager</a>.';

export const account = ({ changed = false, locked = true, manager = true, devices = 2 } = {}) =>
  frame(
    'Pim Scholten',
    'narrow',
    html`
  ${back('/beheer/accounts', 'Accounts')}
  ${
    changed &&
    alert(
      'warning',
      'Iemand anders heeft dit account intussen veranderd',
      p('Er is niets opgeslagen. Nu staat er: Coach, ggz Noorderlicht. Kijk wat je nog wilt, en doe het dan opnieuw.'),
      'role="alert" tabindex="-1"',
    )
  }
  ${h1('Pim Scholten')}
  ${p('p.scholten · laatst ingelogd: gisteren om 16.05 uur', 'lead')}
  ${locked && alert(
    'warning',
    'Dit account is geblokkeerd',
    html`
    ${p('Er is 5 keer een verkeerd wachtwoord ingevuld. De blokkade eindigt vanzelf om 11.20 uur.')}
    ${post('deblokkeren', 'secondary-action', 'Nu deblokkeren')}`,
  )}
  <form class="form" method="post" action="/beheer/accounts/p.scholten">
    ${csrfField}
    ${revision}
    ${rolesOf(['coach', 'manager'])}
    ${placed('pim')}
    <div class="actions">
      ${button('primary-action', 'Opslaan')}
    </div>
  </form>
  <section class="section" aria-labelledby="toegang">
    <h2 class="utrecht-heading-2" id="toegang">Toegang</h2>
    <div class="panel panel-row">
      <p>Wachtwoord vergeten? Maak een nieuw wachtwoord.</p>
      ${post('wachtwoord', 'secondary-action', 'Nieuw wachtwoord')}
    </div>
    <div class="panel panel-row">
      <p>${devices ? `Ingelogd op ${devices} apparaten.` : 'Nu nergens ingelogd.'}</p>
      ${devices > 0 && post('uitloggen', 'secondary-action', 'Overal uitloggen')}
    </div>
    <div class="panel panel-row">
      <p>Werkt Pim hier niet meer? Zet het account uit. Laat eerst 32 trajecten overdragen. ${manager ? MANAGER : NO_MANAGER}</p>
      ${post('uitzetten', 'secondary-action utrecht-button--danger', 'Account uitzetten')}
    </div>
  </section>`,
  );

/** What an administrator sees of their own account. */
export const accountOfOneself = () =>
  frame(
    'Ineke Postma',
    'narrow',
    html`
  ${back('/beheer/accounts', 'Accounts')}
  ${h1('Ineke Postma')}
  ${p('i.postma · laatst ingelogd: vandaag om 9.12 uur', 'lead')}
  ${alert(
    'info',
    'Dit is je eigen account',
    p('Je rollen verandert een andere beheerder, en die kan je account ook uitzetten. Ben je de enige? Maak er dan een bij. Je wachtwoord en je apparaten staan bij je eigen account. <a class="utrecht-link utrecht-link--html-a" href="/account">Naar mijn account</a>'),
  )}
  <dl class="facts">
    <div class="fact"><dt>Rollen</dt><dd>Analist, beheerder</dd></div>
    <div class="fact"><dt>Organisatie</dt><dd>geen</dd></div>
  </dl>`,
  );

const ownForm = (action, danger, words, what) => html`
  <form method="post" action="/account/${action}">
    ${csrfField}
    ${button(`secondary-action${danger}`, `${words}${hidden(`: ${what}`)}`)}
  </form>`;
const about = (name, line) => `<p><strong>${name}</strong><br><span class="muted">${line}</span></p>`;
const password = ({ id, name, label, hint = '', kind }) => field({ id, name, type: 'password', label, hint, attributes: `autocomplete="${kind}-password" required` });

const tokens = (made) => html`
  <section class="section" aria-labelledby="tokens">
    <h2 class="utrecht-heading-2" id="tokens">Tokens voor andere apps</h2>
    ${p('Met een token legt een andere app vast in jouw naam. Geef het aan niemand.', 'muted')}
    ${made && alert('ok', 'Het token is gemaakt', html`${p('Kopieer het nu: je ziet het maar één keer.')}\n<p><code class="secret">${made}</code></p>`)}
    <div class="panel panel-row">
      ${about('Agenda', 'gemaakt op 2 september · gebruikt: gisteren · geldig tot en met 1 september 2026')}
      ${ownForm('tokens/1/intrekken', ' utrecht-button--danger', 'Intrekken', 'Agenda')}
    </div>
    <form class="form" method="post" action="/account/tokens">
      ${csrfField}
      ${field({ id: 'token', name: 'name', label: 'Waarvoor is het nieuwe token?', attributes: 'autocomplete="off" required' })}
      <div class="actions">
        ${button('secondary-action', 'Token maken')}
      </div>
    </form>
  </section>`;

/** One's own account: password, where one is signed in, tokens. `first`: the password that one was given has to be changed. */
export const own = ({ first = false, made = '' } = {}) =>
  page({
    title: 'Mijn account',
    at: '',
    width: 'narrow',
    body: html`
    ${h1('Mijn account')}
    ${first && alert('info', 'Kies eerst een eigen wachtwoord', p('Het wachtwoord dat je kreeg, is alleen voor de eerste keer.'))}
    <section class="section" aria-labelledby="wachtwoord">
      <h2 class="utrecht-heading-2" id="wachtwoord">Wachtwoord</h2>
      <form class="form" method="post" action="/wachtwoord">
        ${csrfField}
        <input type="text" value="m.deboer" autocomplete="username" readonly hidden>
        ${password({ id: 'huidig', name: 'old', label: 'Huidig wachtwoord', kind: 'current' })}
        ${password({ id: 'nieuw', name: 'new', label: 'Nieuw wachtwoord', hint: 'Minstens 12 tekens. Een zin van een paar woorden is goed te onthouden.', kind: 'new' })}
        ${password({ id: 'nogmaals', name: 'again', label: 'Nogmaals het nieuwe wachtwoord', kind: 'new' })}
        <div class="actions">
          ${button('primary-action', 'Wachtwoord veranderen')}
        </div>
      </form>
    </section>
    ${
      !first &&
      html`
      <section class="section" aria-labelledby="apparaten">
        <h2 class="utrecht-heading-2" id="apparaten">Waar je bent ingelogd</h2>
        ${p('Laatst ingelogd: vandaag om 9.12 uur.', 'muted')}
        <div class="panel panel-row">
          ${about('Firefox, Android', 'Dit apparaat')}
        </div>
        <div class="panel panel-row">
          ${about('Chrome, Windows', 'gebruikt: gisteren om 16.05 uur')}
          ${ownForm('sessies/2/stoppen', '', 'Uitloggen', 'Chrome, Windows')}
        </div>
      </section>
      ${tokens(made)}`
    }`,
  });
