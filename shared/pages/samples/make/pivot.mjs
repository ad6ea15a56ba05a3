// The figures as a pivot table: methods by measures as one comes to it, funding by quarters, and one of which there are no figures.

import { back, button, html, p, page, tag } from './lib.mjs';

const QUARTERS = [
  ['2025Q1', '1e kwartaal 2025'],
  ['2024Q4', '4e kwartaal 2024'],
];
const NATION = [
  ['national', 'Nederland'],
  ['region:AM18', 'Groot Amsterdam'],
];
const OWN = [['organisation:ggz-voorbeeld', 'ggz Voorbeeld']];
const ROWS = [
  ['maat', 'Maat'],
  ['methode', 'Methode'],
  ['financiering', 'Financiering'],
  ['variant', 'Variant'],
  ['regio', 'Arbeidsmarktregio'],
  ['organisatie', 'Organisatie'],
  ['kwartaal', 'Kwartaal'],
];
const COLUMNS = ROWS.filter(([code]) => ['maat', 'methode', 'kwartaal'].includes(code));

const select = ([key, label, chosen, options]) => html`
  <div class="field">
    <label class="utrecht-form-label" for="${key}">${label}</label>
    <select class="utrecht-select utrecht-select--html-select" id="${key}" name="${key}">
      ${options.map(([value, words]) => `<option value="${value}"${value === chosen ? ' selected' : ''}>${words}</option>`)}
    </select>
  </div>`;

/** Cells are [words, what stands below them]; null where the figures have no line. */
const cell = (of) => {
  const [words, more] = of ?? ['–'];
  return `<td class="number">${words}${more ? `<span class="table-more">${more}</span>` : ''}</td>`;
};

const table = (caption, heads, rows) => html`
  ${p('Schuif de tabel opzij om alle kolommen te zien.', 'muted scroll-hint')}
  <div class="table-scroll" tabindex="0" role="group" aria-label="Tabel: ${caption}">
    <table class="table">
      <caption>${caption}</caption>
      <thead>
        <tr>${heads.map((head, n) => `<th scope="col"${n > 0 ? ' class="number"' : ''}>${head}</th>`).join('')}</tr>
      </thead>
      <tbody>
        ${rows.map(([head, ...cells]) => `<tr><th scope="row">${head}</th>${cells.map(cell).join('')}</tr>`)}
      </tbody>
    </table>
  </div>`;

const files = (query) => {
  const link = ([ending, words]) =>
    `<a class="utrecht-link utrecht-link--html-a" href="/cijfers/draaitabel.${ending}?${query}" download>${words}</a>`;
  const all = [
    ['csv', 'CSV'],
    ['xlsx', 'Excel (XLSX)'],
    ['parquet', 'Parquet'],
  ];
  return p(`De regels achter deze tabel om mee te nemen, een getal per rij: ${all.map(link).join(', ')}.`);
};

const whole = ({ role = 'analyst', scopes = NATION, selects, provisional = false, positions = 'Logpositie 128.440', body }) => {
  const [[scope, name]] = scopes;
  return page({
    title: `Draaitabel 1e kwartaal 2025 · ${name}`,
    role,
    at: '/cijfers',
    body: html`
    ${back(`/cijfers?kwartaal=2025Q1&amp;gebied=${scope}`, 'Terug naar de cijfers')}
    <h1 class="utrecht-heading-1">Draaitabel <span class="nowrap">1e kwartaal 2025</span></h1>
    <p class="utrecht-paragraph lead">${name}${provisional && ` · ${tag('warn', 'voorlopig: het kwartaal loopt nog')}`}</p>
    <form class="filter" method="get" action="/cijfers/draaitabel">
      ${[['kwartaal', 'Kwartaal', '2025Q1', QUARTERS], ['gebied', 'Gebied of organisatie', scope, scopes], ...selects].map(select)}
      ${button('secondary-action', 'Toon')}
    </form>
    ${body}
    ${p(`${positions}, definities werkmonitor-2025.1.`, 'muted')}`,
  });
};

export const pivot = () =>
  whole({
    selects: [
      ['rijen', 'Rijen', 'methode', ROWS],
      ['kolommen', 'Kolommen', 'maat', COLUMNS],
    ],
    body: html`
    ${table(
      'Methode naar maat',
      ['Methode', 'Lopend', 'Duurzaam betaald werk'],
      [
        ['IPS', ['4.156'], ['1.320', '31,8% van 4.156']],
        ['Werkfit', ['199'], ['14']],
      ],
    )}
    ${files('kwartaal=2025Q1&amp;gebied=national&amp;rijen=methode&amp;kolommen=maat')}`,
  });

export const quarters = () =>
  whole({
    role: 'manager',
    scopes: OWN,
    provisional: true,
    positions: 'Logposities 128.440 tot en met 128.442',
    selects: [
      ['rijen', 'Rijen', 'financiering', ROWS.filter(([code]) => code !== 'organisatie')],
      ['kolommen', 'Kolommen', 'kwartaal', COLUMNS],
      [
        'maat',
        'Maat',
        'sustainable_work',
        [
          ['running', 'Lopend'],
          ['sustainable_work', 'Duurzaam betaald werk'],
        ],
      ],
      [
        'methode',
        'Methode',
        'all',
        [
          ['all', 'Alle methoden'],
          ['ips', 'IPS'],
        ],
      ],
    ],
    body: html`
    ${table(
      'Financiering naar kwartaal: Duurzaam betaald werk, Alle methoden',
      ['Financiering', '4e kwartaal 2024', '1e kwartaal 2025'],
      [
        ['Gemeente', null, ['12', '30,0% van 40']],
        ['UWV', ['30', '29,2% (28 van 96)'], ['0', '0,0% van 3']],
      ],
    )}
    ${p('Een streepje (–): hiervan hebben de cijfers geen regel. Het is geen 0.', 'muted')}
    ${p('Alle methoden samen: de aantallen van de methoden zijn opgeteld, en het percentage is dat van de som.', 'muted')}
    ${files(
      'kwartaal=2025Q1&amp;gebied=organisation:ggz-voorbeeld&amp;rijen=financiering&amp;kolommen=kwartaal&amp;maat=sustainable_work&amp;methode=all',
    )}`,
  });

export const empty = () =>
  whole({
    selects: [
      ['rijen', 'Rijen', 'variant', ROWS],
      ['kolommen', 'Kolommen', 'maat', COLUMNS],
      ['methode', 'Methode', 'wabz', [['wabz', 'WABZ']]],
    ],
    body: p('Hierover zijn er geen cijfers: zulke trajecten liepen niet, of worden zo niet uitgesplitst.'),
  });
