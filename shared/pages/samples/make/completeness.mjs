// How complete a quarter is: who delivers what, whether it was declared complete, how soon it was recorded, what changed with whom.

import { alert, back, button, csrfField, html, icon, p, page, tag } from './lib.mjs';
import { tick } from './fields.mjs';

const NONE = 'geen levering';
const SILENT = 'silent';
const HINT = p('Schuif de tabel opzij om alle kolommen te zien.', 'muted scroll-hint');
const NOTHING = p('Er is tot en met dit kwartaal niets aangeleverd.');
const words = (quarter) => `${quarter[5]}e kwartaal ${quarter.slice(0, 4)}`;

const scrolled = (named, head, rows) => html`
  <div class="table-scroll" tabindex="0" role="group" ${named}>
    <table class="table">
      <thead>
        <tr>${head.map(([name, number]) => `<th scope="col"${number ? ' class="number"' : ''}>${name}</th>`).join('')}</tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

/** Of an organisation and a method: the quarters, those without a delivery, whether it is in the quarter; and whether it was declared: [colour, words, by whom]. */
const delivery = ([organisation, method, fromTo, without, here, [colour, declared, by]]) => html`
  <tr>
    <th scope="row">${organisation}</th>
    <td>${method}</td>
    <td>${fromTo ? fromTo.map(words).join(' – ') : NONE}${without.length > 0 && `<span class="table-more">${NONE}: ${without.map(words).join(', ')}</span>`}</td>
    <td>${here === SILENT ? tag('warn', 'trajecten lopen, niets vastgelegd') : here ? 'geleverd' : tag('plain', NONE)}</td>
    <td>${tag(colour, declared)}${by && `<span class="table-more">${by}</span>`}</td>
  </tr>`;

const deliveries = (rows, register = '') => html`
  <section class="section" aria-labelledby="leveringen">
    <h2 class="utrecht-heading-2" id="leveringen">Wie levert wat aan?</h2>
    ${p('Geen levering is geen 0. Dan is niet bekend of er niets was, of dat er niets is vastgelegd. Waar trajecten lopen en over dit kwartaal niets is vastgelegd, is niet bekend of ze nog lopen.', 'muted')}
    ${register && p(register)}
    ${
      rows.length === 0
        ? NOTHING
        : html`
    ${HINT}
    ${scrolled(
      'aria-label="Tabel met leveringen"',
      [['Organisatie'], ['Methode'], ['Van en tot en met'], ['In dit kwartaal'], ['Compleet verklaard']],
      rows.map(delivery),
    )}`
    }
  </section>`;

const delay = ([organisation, ...numbers]) => html`
  <tr>
    <th scope="row">${organisation}</th>
    ${numbers.length === 0 ? '<td class="number table-none" colspan="5">niets vastgelegd</td>' : numbers.map((number) => `<td class="number">${number}</td>`)}
  </tr>`;

const delays = (rows) => html`
  <section class="section" aria-labelledby="tijdigheid">
    <h2 class="utrecht-heading-2" id="tijdigheid">Hoe snel is het vastgelegd?</h2>
    ${
      rows.length === 0
        ? NOTHING
        : html`
    ${HINT}
    ${scrolled(
      'aria-label="Tabel met tijdigheid"',
      [['Organisatie'], ['Gebeurtenissen', 1], ['Helft binnen', 1], ['90% binnen', 1], ['Binnen 7 dagen', 1], ['Binnen 30 dagen', 1]],
      rows.map(delay),
    )}
    ${p('Dagen van de gebeurtenis tot de eerste keer dat die is vastgelegd, van wat in dit kwartaal gebeurde en nu geldt. Wat nog niet is vastgelegd, telt niet mee: van een kwartaal dat kort voorbij is, lijkt alles snel.', 'muted')}`
    }
  </section>`;

const cells = ([method, ...numbers]) =>
  `<tr><th scope="row">${method}</th>${numbers.map((number) => `<td class="number">${number}</td>`).join('')}</tr>`;
const others = ([method, measure, ...numbers]) =>
  `<tr><th scope="row">${method}</th><td>${measure}</td>${numbers.map((number) => `<td class="number">${number}</td>`).join('')}</tr>`;

const table = ([since, running, more]) => html`
  <h3 class="utrecht-heading-3" id="sinds-${since}">Sinds ${words(since)}</h3>
  ${
    running.length === 0
      ? p('In geen van beide kwartalen liep er iets.')
      : html`
  ${HINT}
  ${scrolled(
    `aria-labelledby="sinds-${since}"`,
    [['Methode'], ['Toen', 1], ['Nu', 1], ['Verschil', 1], ['Vast panel', 1], ['Gestopt', 1], ['Begonnen', 1]],
    running.map(cells),
  )}
  <details class="fold">
    <summary class="fold-title">Ook de andere maten${icon('next', 'fold-arrow')}</summary>
    <div class="fold-body">
      ${scrolled(
        `aria-labelledby="sinds-${since}"`,
        [['Methode'], ['Maat'], ['Toen', 1], ['Nu', 1], ['Verschil', 1], ['Vast panel', 1]],
        more.map(others),
      )}
    </div>
  </details>`
  }`;

const panels = (tables) => html`
  <section class="section" aria-labelledby="panel">
    <h2 class="utrecht-heading-2" id="panel">Wat veranderde, en bij wie?</h2>
    ${
      tables
        ? [
            p('Naast de verandering bij alle organisaties staat die bij het vaste panel: alleen wie de methode in beide kwartalen aanleverde. De rest van het verschil komt van wie stopte of begon met aanleveren.'),
            ...tables.map(table),
          ]
        : p('Van één organisatie is er geen vast panel: haar eigen verschillen staan bij de cijfers.')
    }
    ${p('Met wat het logboek nu van die kwartalen weet. Logpositie 128.440.', 'muted')}
  </section>`;

const form = html`
  <section class="section" aria-labelledby="verklaren">
    <h2 class="utrecht-heading-2" id="verklaren">Dit kwartaal compleet verklaren</h2>
    ${p('Je verklaart voor ggz Voorbeeld dat alles van dit kwartaal is vastgelegd. Dat blijft staan, met je naam en het moment, en hoort bij elke publicatie erna.')}
    <form class="form" method="post" action="/cijfers/volledigheid">
      ${csrfField}
      <input type="hidden" name="kwartaal" value="2025Q3">
      ${tick({ name: 'methode', value: 'ips', label: 'IPS' }).replace(' value="ips"', ' value="ips" checked')}
      ${tick({ name: 'methode', value: 'jobcoaching', label: 'Jobcoaching: er liep niets' })}
      ${tick({ name: 'methode', value: 'wabz', label: 'WABZ: er is over dit kwartaal niets vastgelegd' })}
      ${tick({ name: 'zeker', value: 'ja', label: 'Ik bevestig dat alles van dit kwartaal is vastgelegd' })}
      <div class="actions">
        ${button('primary-action', 'Compleet verklaren')}
      </div>
    </form>
  </section>`;

const whole = ({ role, quarter = '2025Q3', scope, provisional = false, said = '', body }) =>
  page({
    title: `Volledigheid ${words(quarter)} · ${scope}`,
    role,
    at: '/cijfers',
    body: html`
    ${back(`/cijfers?kwartaal=${quarter}`, 'Terug naar de cijfers')}
    <h1 class="utrecht-heading-1">Volledigheid <span class="nowrap">${words(quarter)}</span></h1>
    <p class="utrecht-paragraph lead">${scope}${provisional && ` · ${tag('warn', 'voorlopig: het kwartaal loopt nog')}`}</p>
    ${said}
    <form class="filter" method="get" action="/cijfers/volledigheid">
      <div class="field">
        <label class="utrecht-form-label" for="kwartaal">Kwartaal</label>
        <select class="utrecht-select utrecht-select--html-select" id="kwartaal" name="kwartaal">
          ${['2025Q4', '2025Q3'].map((one) => `<option value="${one}"${one === quarter ? ' selected' : ''}>${words(one)}</option>`)}
        </select>
      </div>
      ${button('secondary-action', 'Toon')}
    </form>
    ${body}`,
  });

const AT = '9 oktober 2025, 11.20 uur';
const YES = (who) => ['good', 'ja', `${who}, ${AT}`];
const DELAYS = ['ggz Voorbeeld', '1.204', '1 dag', '9 dagen', '88,2%', '99,5%'];

export const completeness = () =>
  whole({
    role: 'analyst',
    scope: 'Nederland',
    body: html`
    ${deliveries([
      ['ggz Duinrand', 'IPS', ['2024Q1', '2025Q3'], [], SILENT, ['warn', 'nee', '']],
      ['ggz Noorderlicht', 'IPS', ['2022Q1', '2025Q3'], [], true, YES('Karim Bakker')],
      ['ggz Noorderlicht', 'Jobcoaching', ['2023Q1', '2025Q1'], ['2024Q2', '2024Q3'], false, ['plain', NONE, '']],
      ['ggz Voorbeeld', 'IPS', ['2022Q4', '2025Q3'], [], true, ['warn', 'ja, daarna is nog vastgelegd', `Rachid Amrani, ${AT}`]],
      ['ggz Voorbeeld', 'WABZ', ['2024Q1', '2025Q3'], [], true, ['warn', 'nee', '']],
      ['ggz Voorbeeld', 'Werkfit', null, [], false, YES('Rachid Amrani')],
    ])}
    ${delays([['ggz Noorderlicht'], DELAYS])}
    ${panels([
      ['2025Q2', [], []],
      [
        '2024Q3',
        [
          ['Alle methoden', '4.984', '4.844', '−140', '+40', '−284 (3 organisaties)', '+104 (1 organisatie)'],
          ['Jobcoaching', '257', '124', '−133', '−6', '−127 (3 organisaties)', ''],
        ],
        [['Jobcoaching', 'Beëindigd', '31', '17', '−14', '−3']],
      ],
    ])}`,
  });

const OWN = [
  ['ggz Voorbeeld', 'IPS', ['2022Q4', '2025Q3'], [], true, ['warn', 'nee', '']],
  ['ggz Voorbeeld', 'Jobcoaching', ['2023Q1', '2024Q4'], [], false, ['plain', NONE, '']],
];

const own = (said, register) =>
  whole({
    role: 'manager',
    scope: 'ggz Voorbeeld',
    said,
    body: html`
    ${deliveries(OWN, register)}
    ${form}
    ${delays([DELAYS])}
    ${panels(null)}`,
  });

export const completenessManager = () => own('', '');

export const completenessRefused = () =>
  own(
    alert('error', 'Er is niets verklaard', p('Zet eerst een vinkje bij de bevestiging.'), 'role="alert" tabindex="-1"'),
    'Meer processen delen dit logboek. Verklaringen staan alleen in de datamap van dit proces: verklaar en publiceer vanaf één plek.',
  );

export const completenessEmpty = () =>
  whole({
    role: 'manager',
    quarter: '2025Q4',
    scope: 'ggz Voorbeeld',
    provisional: true,
    body: html`
    ${deliveries(
      [],
      'Dit proces kan het register van publicaties niet lezen. Wat compleet is verklaard, is hier niet te zien en niet vast te leggen: doe dat op de plek waar gepubliceerd wordt.',
    )}
    ${delays([])}
    ${panels(null)}`,
  });
