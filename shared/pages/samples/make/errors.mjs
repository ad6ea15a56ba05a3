// Pages with one thing to say: what is not there, what may not be seen, no connection, help.

import { alert, back, button, buttonLink, csrfField, h1, html, link, p, page, uuid } from './lib.mjs';
import { area } from './fields.mjs';

const lone = (title, body, more = {}) =>
  page({
    title,
    at: '',
    width: 'narrow',
    ...more,
    body: html`
    <div class="lone">
      ${h1(title)}
      ${body}
    </div>`,
  });
const homeTo = (address, words) => html`
  <div class="actions">
    ${buttonLink(address, 'primary-action', words)}
  </div>`;
const home = homeTo('/', 'Naar mijn trajecten');

export const notFound = () =>
  lone(
    'Deze pagina is er niet',
    html`
  ${p('Misschien klopt het adres niet. Of het traject staat op naam van een collega: dan zie je het niet.')}
  ${home}`,
  );

/** For who retracted all of it, and for nobody else. */
export const retracted = () =>
  lone(
    'Dit traject is helemaal ingetrokken',
    html`
  ${p('Je hebt de intake ingetrokken, en daarmee alles wat erbij hoorde. Het telt niet meer mee en staat niet meer in je lijst. In het logboek blijft het staan. Hoort het traject er toch te zijn? Vraag een manager om het opnieuw te beginnen.')}
  ${home}`,
  );

export const forbidden = () =>
  lone(
    'Dit mag je niet zien',
    html`
  ${p('Deze pagina is er voor een andere rol. Heb je hem nodig voor je werk? Vraag je beheerder om toegang.')}
  ${home}`,
  );

export const gone = () =>
  lone(
    'Dit is er niet meer',
    html`
  ${p('Wat hier stond, is voorgoed gewist. Het kan niet worden teruggehaald.')}
  ${home}`,
  );

export const stale = () =>
  lone(
    'Dit formulier is verlopen',
    html`
  ${p('Er is intussen opnieuw ingelogd. Er is niets vastgelegd: ga terug, ververs de pagina en verstuur het formulier opnieuw.')}
  ${home}`,
  );

export const notUnderstood = () =>
  lone(
    'Dit is niet gelukt',
    html`
  ${p('Het adres of het formulier kan niet worden gelezen. Er is niets veranderd: ga terug, ververs de pagina en probeer het opnieuw.')}
  ${home}`,
  );

export const tooMuch = () =>
  lone(
    'Even wachten',
    html`
  ${p('Er is in korte tijd erg veel gevraagd. Wacht een halve minuut en probeer het dan opnieuw.')}
  ${home}`,
  );

export const noFigures = () =>
  lone(
    'Deze cijfers zijn er niet',
    html`
  ${p('Dit kwartaal is nog niet begonnen.')}
  ${homeTo('/cijfers', 'Naar de cijfers van het laatste hele kwartaal')}`,
  );

export const broken = () =>
  lone(
    'Er ging iets mis bij ons',
    html`
  ${p('Wat je hebt vastgelegd, staat nog op dit apparaat en wordt straks vanzelf verzonden. Probeer het over een minuut opnieuw.')}
  ${p('Blijft het misgaan? Geef dan dit nummer door: <strong>7f3a-20c1</strong>.')}
  ${home}`,
    { outbox: ['waiting', 1] },
  );

/** Stored on the device when it is installed; shown for an address of which there is no copy. At the queue's the script puts the template first. */
const FIRST_KINDS = [
  ['contact', 'Contact vastleggen'], ['engagement', 'Engagement'], ['assessment', 'Assessment'], ['placement-started', 'Plaatsing gestart'],
  ['paid-work-started', 'Werk gestart'], ['education-started', 'Opleiding gestart'],
];

export const offline = () =>
  page({
    title: 'Geen verbinding',
    at: '',
    width: 'narrow',
    outbox: ['waiting', 1],
    role: null,
    offline: true,
    attributes: 'data-offline-page',
    body: html`
    <div class="lone">
      <div>
        ${h1('Geen verbinding')}
        ${p('Deze pagina staat niet op dit apparaat. Je trajecten wel, zolang je bent ingelogd: zoals ze waren bij de laatste verbinding.')}
        ${p('Bij een traject dat op dit apparaat staat, kun je gewoon vastleggen. Het wordt verzonden zodra er verbinding is.')}
        ${home}
      </div>
      <template data-at="/inloggen">
        ${h1('Inloggen')}
        ${p('Inloggen kan pas als er verbinding is. Dan verschijnt hier vanzelf het formulier. Wat nog niet was verzonden, staat op dit apparaat en blijft er staan.')}
      </template>
      <template data-at="/wachtrij">
        ${h1('Wachtrij')}
        ${p('Wat je vastlegt, staat eerst op dit apparaat. Zodra er verbinding is, wordt het vanzelf verzonden.', 'lead')}
      </template>
      <template data-at="/trajecten/nieuw">
        ${back('/', 'Mijn trajecten')}
        ${h1('')}
        ${p('Dit traject is op dit apparaat begonnen. Zodra er verbinding is, wordt het vanzelf verzonden en staat hier de tijdlijn. Vastleggen kan nu al.', 'lead')}
        <div class="actions">
          ${FIRST_KINDS.map(([kind, words]) => `<a class="utrecht-button utrecht-button--secondary-action" data-form="${kind}">${words}</a>`)}
        </div>
        <div data-waiting="" data-waiting-view="list"></div>
      </template>
      <div id="outbox-list">
        <section class="section">
          <h2 class="utrecht-heading-2">Nog niet verzonden</h2>
          <ul class="outbox-entries">
            <li class="outbox-entry" data-state="waiting">
              <p><a href="/wachtrij">Femke: contact, 20 november 2025</a> <span class="outbox-state">wacht op verbinding</span></p>
            </li>
          </ul>
        </section>
      </div>
    </div>`,
  });

/** An auditor opens sealed texts: with a reason, and in the log. */
export const sealed = () =>
  page({
    title: 'Verzegelde teksten openen',
    role: 'auditor',
    at: '/logboek',
    width: 'narrow',
    body: html`
    ${back(`/trajecten/${uuid(1)}`, 'Traject')}
    ${h1('Verzegelde teksten openen')}
    ${p(`ggz Voorbeeld · traject ${uuid(1).slice(0, 8)}…${uuid(1).slice(-4)}`, 'lead')}
    ${alert('warning', 'Dit wordt vastgelegd', p('Je naam, het tijdstip en je reden worden vastgelegd. De manager van de organisatie kan ze opvragen.'))}
    <form class="form" method="post" action="/trajecten/${uuid(1)}/openen">
      ${csrfField}
      ${area({ id: 'waarom', name: 'reason', label: 'Waarom is dit nodig?', hint: 'Minstens 10 tekens, zoals: klacht 2025-14 over de begeleiding', rows: 3 })}
      <div class="actions">
        ${button('primary-action', 'Openen voor 1 uur')}
        ${buttonLink(`/trajecten/${uuid(1)}`, 'subtle', 'Annuleren')}
      </div>
    </form>`,
  });

const FIGURES = (what) => ['/cijfers', 'Cijfers', what];

/** What each role is told of itself: its name, what it can do and where, what it does not see. */
const OF_ROLES = {
  coach: [
    'Coach',
    [['/', 'Mijn trajecten', 'je eigen trajecten, en die van een collega voor wie je waarneemt. Je legt er vast wat er gebeurt.']],
    'Trajecten van andere coaches, en cijfers.',
  ],
  manager: [
    'Manager',
    [
      ['/', 'Trajecten', 'alle trajecten van je organisatie, per coach. Je legt er vast, en draagt ze over aan een andere coach.'],
      ['/organisatie', 'Organisatie', 'hoeveel elke coach heeft, wat aandacht vraagt, waarneming bij afwezigheid, en wie verzegelde teksten opende.'],
      FIGURES('de cijfers van je organisatie, per kwartaal, en het kwartaalverslag.'),
    ],
    'Trajecten en cijfers van andere organisaties. Accounts maakt en verandert een beheerder.',
  ],
  analyst: [
    'Analist',
    [FIGURES('de cijfers en het kwartaalverslag van elk kwartaal: van het land, een regio of een organisatie. De cijfers ook van één methode.')],
    'Trajecten, namen, teksten en het logboek.',
  ],
  auditor: [
    'Auditor',
    [
      ['/logboek', 'Logboek', 'alles wat is vastgelegd, met wie en wanneer. Van elke regel ga je naar het traject.'],
      FIGURES('de cijfers en het kwartaalverslag van elk kwartaal.'),
      ['/beheer/weergaven', 'Weergaven', 'of trajecten en cijfers helemaal bij zijn.'],
    ],
    'Namen, werkgevers en notities: die zijn verzegeld. Bij een traject kun je ze met een reden een uur lang openen. Je naam en je reden worden vastgelegd, en de manager ziet ze. Je verandert niets.',
  ],
  administrator: [
    'Beheerder',
    [
      ['/beheer/accounts', 'Accounts', 'accounts maken, rollen geven, een nieuw wachtwoord geven en accounts uitzetten. Je eigen rollen verandert een andere beheerder.'],
      ['/beheer/weergaven', 'Weergaven', 'of trajecten en cijfers helemaal bij zijn. Je kunt ze daar opnieuw laten maken.'],
    ],
    'Trajecten, teksten, cijfers en het logboek.',
  ],
};

const ofRole = (role) => {
  const [name, can, cannot] = OF_ROLES[role];
  return html`
      <h2 class="utrecht-heading-2">${name}</h2>
      <ul class="utrecht-unordered-list">
        ${can.map(([address, page, what]) => `<li class="utrecht-unordered-list__item">${link(address, page)}: ${what}</li>`)}
      </ul>
      ${p(`<strong>Wat je niet ziet:</strong> ${cannot}`)}`;
};

/** What those who record are told besides. */
const RECORDING = html`
      <h2 class="utrecht-heading-2">Geen verbinding</h2>
      ${p('Blijf gewoon vastleggen. Boven in het scherm staat wat er nog wacht. Het wordt verzonden zodra er verbinding is. Sluit je de app? Dan wordt het verzonden als je hem weer opent.')}
      <h2 class="utrecht-heading-2">Een vergissing</h2>
      ${p('Bij alles wat er gebeurde staat “Klopt niet?”. Daarmee pas je het aan of trek je het in. Er wordt niets overschreven: wat er eerst stond, door wie en wanneer, blijft te zien.')}
      <ul class="utrecht-unordered-list">
        <li class="utrecht-unordered-list__item"><strong>Dit was anders:</strong> je verandert wat niet klopt.</li>
        <li class="utrecht-unordered-list__item"><strong>Dit is niet gebeurd:</strong> je trekt het in, met een reden. De gebeurtenis telt niet meer mee.</li>
        <li class="utrecht-unordered-list__item"><strong>Hele traject intrekken:</strong> dit staat bij de intake. Met de intake vervalt alles.</li>
      </ul>
      <h2 class="utrecht-heading-2">Wanneer is werk duurzaam?</h2>
      ${p('Als vier dingen kloppen:')}
      <ul class="utrecht-unordered-list">
        <li class="utrecht-unordered-list__item">een gewone werkplek</li>
        <li class="utrecht-unordered-list__item">minstens 12 uur per week</li>
        <li class="utrecht-unordered-list__item">een loonwaarde van minstens 35%</li>
        <li class="utrecht-unordered-list__item">een contract van minstens 3 maanden</li>
      </ul>
      <h2 class="utrecht-heading-2">Op dit apparaat zetten</h2>
      ${p('Kies in het menu van je browser “Toevoegen aan startscherm”. Dan opent Trajectlog als app.')}`;

export const help = (role) => {
  const records = ['coach', 'manager'].includes(role);
  return page({
    title: 'Hulp',
    role,
    at: '/hulp',
    width: 'narrow',
    body: html`
    <div class="prose">
      ${h1('Hulp')}
      ${ofRole(role)}
      ${records && RECORDING}
      <h2 class="utrecht-heading-2">Met het toetsenbord</h2>
      ${p(`Met <kbd>Tab</kbd> ga je verder, met <kbd>Shift</kbd> <kbd>Tab</kbd> terug, met <kbd>spatie</kbd> of de pijltjes kies je, met <kbd>Enter</kbd> ${records ? 'leg je vast' : 'verstuur je'}.`)}
      ${p(link('/', 'Terug naar het begin'))}
    </div>`,
  });
};
