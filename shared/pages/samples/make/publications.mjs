// What was published of a quarter: how final it is, what differs between two publications and why; of the first one; of none; and where it is not known.

import { back, button, html, icon, p, page, tag } from './lib.mjs';

const QUARTERS = [
  ['2025Q2', '2e kwartaal 2025'],
  ['2025Q1', '1e kwartaal 2025'],
];
const NATION = [
  ['national', 'Nederland'],
  ['region:AM18', 'Groot Amsterdam'],
];
const OWN = [['organisation:ggz-voorbeeld', 'ggz Voorbeeld']];
const HINT = p('Schuif de tabel opzij om alle kolommen te zien.', 'muted scroll-hint');

const select = ([key, label, chosen, options]) => html`
  <div class="field">
    <label class="utrecht-form-label" for="${key}">${label}</label>
    <select class="utrecht-select utrecht-select--html-select" id="${key}" name="${key}">
      ${options.map(([value, words]) => `<option value="${value}"${value === chosen ? ' selected' : ''}>${words}</option>`)}
    </select>
  </div>`;

const STATUS = { revised: ['info', 'herzien'], definitive: ['good', 'definitief'], provisional: ['warn', 'voorlopig'] };
const hash = (number) => `${number}f2c19ab04ef${'0'.repeat(52)}`;

/** A publication is [number, status, month, definitions, by how many organisations it was declared]. */
const publication = (scope) => ([number, status, month, definitions, declared]) => html`
  <tr>
    <th scope="row">${number}</th>
    <td>${tag(...STATUS[status])}</td>
    <td>15 ${month} 2025, 14.00 uur<span class="table-more">logpositie 128.00${number}, definities ${definitions}</span></td>
    <td>Karim Bakker<span class="table-more">16 ${month} 2025, 14.00 uur</span></td>
    <td>${declared}</td>
    <td><code title="${hash(number)}">${hash(number).slice(0, 12)}</code></td>
    <td><a href="/cijfers/verslag?kwartaal=2025Q1&amp;gebied=${scope}&amp;publicatie=${number}" aria-label="Verslag van publicatie ${number}">Verslag</a></td>
  </tr>`;

const HEADS = ['Nummer', 'Status', 'Het logboek van', 'Gepubliceerd door', 'Vooraf compleet verklaard', 'Hash', 'Verslag'];

const fold = (title, body) => html`
  <details class="fold">
    <summary class="fold-title">${title}${icon('next', 'fold-arrow')}</summary>
    <div class="fold-body">
      ${body}
    </div>
  </details>`;

const terms = (all) => html`
  <dl class="terms">
    ${all.map(([term, words]) => `<div><dt>${term}</dt><dd>${words}</dd></div>`)}
  </dl>`;

const list = ({ scope, standing, reopened = [], rows, declared = [] }) => html`
  <section class="section" aria-labelledby="gepubliceerd">
    <h2 class="utrecht-heading-2" id="gepubliceerd">Wat is er gepubliceerd?</h2>
    ${[standing, ...reopened].map((words) => p(words))}
    ${HINT}
    <div class="table-scroll" tabindex="0" role="group" aria-labelledby="gepubliceerd">
      <table class="table">
        <thead>
          <tr>${HEADS.map((head) => `<th scope="col">${head}</th>`).join('')}</tr>
        </thead>
        <tbody>
          ${rows.map(publication(scope))}
        </tbody>
      </table>
    </div>
    ${p('Elke publicatie is van alle cijfers tegelijk, van het land, elke regio en elke organisatie, en blijft voorgoed zoals zij is. Het nummer is dat in het register, waarin ook verklaringen en heropeningen er een hebben. De hash hoort bij wat erin staat en bij alles wat eraan voorafging: is daar iets aan veranderd, dan klopt hij niet meer.', 'muted')}
    ${declared.length > 0 && fold('Wie verklaarde wat compleet, vóór welke publicatie?', terms(declared.map(([number, words]) => [`Publicatie ${number}`, words])))}
  </section>`;

/** Rows are [cell, measure, numbers]; a number is words, or words with what stands below them. */
const changes = (causes, rows) => html`
  ${HINT}
  <div class="table-scroll" tabindex="0" role="group" aria-labelledby="verschil">
    <table class="table">
      <thead>
        <tr><th scope="col">Cijfers over</th><th scope="col">Maat</th>${['Toen', 'Nu', 'Verschil', ...causes].map((head) => `<th scope="col" class="number">${head}</th>`).join('')}</tr>
      </thead>
      <tbody>
        ${rows.map(
          ([cell, measure, numbers]) =>
            `<tr><th scope="row">${cell}</th><td>${measure}</td>${numbers
              .map((number) => [number].flat())
              .map(([words, more]) => `<td class="number">${words}${more ? `<span class="table-more">${more}</span>` : ''}</td>`)
              .join('')}</tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const difference = (form, body) => html`
  <section class="section" aria-labelledby="verschil">
    <h2 class="utrecht-heading-2" id="verschil">Wat veranderde, en waardoor?</h2>
    ${form}
    ${body}
  </section>`;

const choice = (scope, [then, now], versions) => html`
  <form class="filter" method="get" action="/cijfers/publicaties">
    <input type="hidden" name="kwartaal" value="2025Q1">
    <input type="hidden" name="gebied" value="${scope}">
    ${[
      ['van', 'Van publicatie', then, versions],
      ['naar', 'Naar publicatie', now, versions],
    ].map(select)}
    ${button('secondary-action', 'Vergelijk')}
  </form>`;

const whole = ({ role = 'analyst', scopes = NATION, register = '', body = [] }) => {
  const [[scope, name]] = scopes;
  return page({
    title: `Publicaties 1e kwartaal 2025 · ${name}`,
    role,
    at: '/cijfers',
    body: html`
    ${back(`/cijfers?kwartaal=2025Q1&amp;gebied=${scope}`, 'Terug naar de cijfers')}
    <h1 class="utrecht-heading-1">Publicaties <span class="nowrap">1e kwartaal 2025</span></h1>
    ${p(name, 'lead')}
    <form class="filter" method="get" action="/cijfers/publicaties">
      ${[
        ['kwartaal', 'Kwartaal', '2025Q1', QUARTERS],
        ['gebied', 'Gebied of organisatie', scope, scopes],
      ].map(select)}
      ${button('secondary-action', 'Toon')}
    </form>
    ${register && p(register)}
    ${body}`,
  });
};

const BUILT_IN = 'werkmonitor-2025.1';
const NOBODY = 'door niemand';
const REVISED = [9, 'revised', 'november', 'werkmonitor-2025.2', 'door 2 organisaties'];
const DEFINITIVE = [5, 'definitive', 'augustus', BUILT_IN, 'door 1 organisatie'];
const FIRST = [1, 'provisional', 'mei', BUILT_IN, NOBODY];
const VERSIONS = [
  ['9', '9: herzien, 15 november 2025'],
  ['5', '5: definitief, 15 augustus 2025'],
  ['1', '1: voorlopig, 15 mei 2025'],
];
const TWO = [['9', '9: definitief, 15 november 2025'], VERSIONS[1]];
const FROM_TO = 'Van publicatie 5 (het logboek van 15 augustus 2025, 14.00 uur) naar publicatie 9 (het logboek van 15 november 2025, 14.00 uur)';

export const publications = () =>
  whole({
    body: [
      list({
        scope: 'national',
        standing: 'Dit kwartaal was definitief en is heropend: in een volgende publicatie kunnen getallen anders zijn.',
        reopened: [
          'Heropend op 14 november 2025, 14.00 uur, door Karim Bakker, met akkoord van Saskia van Dongen. Reden: een organisatie leverde te laat aan.',
        ],
        rows: [REVISED, DEFINITIVE, FIRST],
        declared: [
          [9, 'ggz Noorderlicht (IPS, WABZ); ggz Voorbeeld (IPS)'],
          [5, 'ggz Voorbeeld (IPS)'],
          [1, NOBODY],
        ],
      }),
      difference(choice('national', ['5', '9'], VERSIONS), [
        p(`${FROM_TO}: 4 getallen zijn anders.`),
        p(`De eerste is gemaakt met de definities ${BUILT_IN}, de tweede met werkmonitor-2025.2.`),
        p('Achter elk verschil staat waaruit het bestaat. Het is van trajecten bij elkaar opgeteld, en komt precies uit.'),
        terms([
          ['Laat vastgelegd', 'Pas na de eerste van de twee publicaties vastgelegd.'],
          ['Gecorrigeerd of ingetrokken', 'Het stond er al, en is daarna anders verteld of ingetrokken.'],
          ['Organisatie erbij', 'Van een organisatie die bij de eerste publicatie nog niets had aangeleverd.'],
        ]),
        changes(
          ['Laat vastgelegd', 'Gecorrigeerd of ingetrokken', 'Organisatie erbij'],
          [
            ['Alle methoden', 'Lopend', ['4.919', '4.984', '+65', '+75', ['−10', '12 trajecten'], '']],
            ['Alle methoden', 'Organisaties', ['40', '41', '+1', '', '', '']],
            ['IPS', 'Lopend', ['4.100', '4.121', '+21', '', '', '+21']],
          ],
        ),
        fold(
          'Ook per financiering en variant',
          changes(['Gecorrigeerd of ingetrokken'], [['IPS, gemeente', 'Beëindigd', ['31', '28', '−3', '−3']]]),
        ),
        p('Hoeveel organisaties er zijn, wordt niet uitgesplitst: het is geen som van trajecten.', 'muted'),
      ]),
    ],
  });

const own = (reopened, [then, now], words) =>
  whole({
    role: 'manager',
    scopes: OWN,
    body: [
      list({
        scope: 'organisation:ggz-voorbeeld',
        standing:
          'Dit kwartaal is definitief. Er komt geen nieuwe publicatie, tenzij iemand het heropent met een reden, en iemand anders daarmee akkoord gaat.',
        reopened,
        rows: [
          [9, 'definitive', 'november', BUILT_IN, NOBODY],
          [5, 'definitive', 'augustus', BUILT_IN, NOBODY],
        ],
      }),
      difference(choice('organisation:ggz-voorbeeld', [then, now], TWO), p(words)),
    ],
  });

export const manager = () =>
  own(
    ['Heropend op 14 november 2025, 14.00 uur. Door wie en waarom ziet alleen wie alle cijfers mag zien.'],
    ['5', '9'],
    `${FROM_TO}: alle getallen zijn gelijk.`,
  );

export const same = () => own([], ['5', '5'], 'Dit is twee keer dezelfde. Kies twee verschillende publicaties.');

export const one = () =>
  whole({
    register: 'Meer processen delen dit logboek. Hier staan alleen de publicaties in de datamap van dit proces: publiceer vanaf één plek.',
    body: [
      list({
        scope: 'national',
        standing: 'Dit kwartaal is nog niet definitief: in een volgende publicatie kunnen getallen anders zijn.',
        rows: [FIRST],
      }),
      difference('', p('Er is één publicatie. Bij een volgende staat hier welke getallen anders zijn, en waardoor.')),
    ],
  });

export const none = () =>
  whole({
    body: html`
    <section class="section" aria-labelledby="gepubliceerd">
      <h2 class="utrecht-heading-2" id="gepubliceerd">Wat is er gepubliceerd?</h2>
      ${p('Van dit kwartaal is nog niets gepubliceerd. Een publicatie zet alle cijfers van een kwartaal voorgoed vast, zoals het logboek ze op dat moment kent. De beheerder van de dienst doet dat.')}
    </section>`,
  });

export const elsewhere = () =>
  whole({
    register:
      'Dit proces kan het register van publicaties niet lezen. Wat er is gepubliceerd, is hier niet te zien: kijk op de plek waar gepubliceerd wordt.',
  });
