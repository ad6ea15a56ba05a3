// The questions that a count on one day leaves open: all of them, a page with curves, a page with bars.

import { back, button, h1, html, p, page } from './lib.mjs';

const frame = (title, body) => page({ title, role: 'analyst', at: '/cijfers', body });

const ASKED = 'kwartaal=2025Q1&amp;gebied=national';

const QUESTIONS = [
  [
    'onbetaald-werk',
    'Staat onbetaald werk betaald werk in de weg?',
    'De tijd tot de eerste betaalde baan: zonder onbetaald werk, met onbetaald werk van voor de start, en met onbetaald werk dat tijdens het traject begon.',
  ],
  [
    'recent-gestart',
    'Vindt wie kort geleden begon nog werk?',
    'Hoeveel na zoveel maanden een eerste betaalde baan vonden, naar het kwartaal van de start en naar wie betaalt.',
  ],
  [
    'vervolg',
    'Waar bleven de trajecten: wat volgde op wat?',
    'Welk traject dezelfde cliënt daarna begon, en wat er werd van wie een jaar eerder een lopend traject had.',
  ],
  ['daarnaast', 'Hoeveel cliënten met onbetaald werk hebben daarnaast een baan of opleiding?', 'Elk traject één keer, op zijn peildag.'],
  [
    'duur',
    'Hoe lang duren banen, en hoe lang blijft werk duurzaam?',
    'Van banen die tijdens het traject begonnen, gevolgd tot de uitstroom.',
  ],
];

const select = (key, label, options) => html`
  <div class="field">
    <label class="utrecht-form-label" for="${key}">${label}</label>
    <select class="utrecht-select utrecht-select--html-select" id="${key}" name="${key}">
      ${options.map(([value, words], n) => `<option value="${value}"${n === 0 ? ' selected' : ''}>${words}</option>`)}
    </select>
  </div>`;

const choice = (action, ...further) => html`
  <form class="filter" method="get" action="${action}">
    ${select('kwartaal', 'Kwartaal', [
      ['2025Q1', '1e kwartaal 2025'],
      ['2024Q4', '4e kwartaal 2024'],
    ])}
    ${select('gebied', 'Gebied of organisatie', [
      ['national', 'Nederland'],
      ['region:AM18', 'Groot Amsterdam'],
    ])}
    ${further}
    ${button('secondary-action', 'Toon')}
  </form>`;

export const questions = () =>
  frame(
    'Vragen over het verloop',
    html`
    ${back(`/cijfers?${ASKED}`, 'Terug naar de cijfers')}
    ${h1('Vragen over het verloop')}
    ${p('Een telling op één dag laat deze vragen open. Elke pagina zegt wat er wel en niet uit volgt.', 'lead')}
    ${choice('/cijfers/vragen')}
    <ul class="rows rows-questions">
      ${QUESTIONS.map(
        ([slug, title, told]) =>
          `<li class="row"><div><a class="row-link" href="/cijfers/vragen/${slug}?${ASKED}">${title}</a><p class="row-what">${told}</p></div></li>`,
      )}
    </ul>`,
  );

/** A table: [words, what stands below them] in the cells. */
const table = (title, heads, rows, caption = '') => html`
  <div class="table-scroll" tabindex="0" role="group" aria-label="Tabel: ${title}">
    <table class="table">
      ${caption && `<caption>${caption}</caption>`}
      <thead>
        <tr>${heads.map((head, n) => `<th scope="col"${n > 0 ? ' class="number"' : ''}>${head}</th>`).join('')}</tr>
      </thead>
      <tbody>
        ${rows.map(
          ([head, ...cells]) =>
            `<tr><th scope="row">${head}</th>${cells
              .map((cell) => [cell].flat())
              .map(([words, more]) => `<td class="number">${words}${more ? `<span class="table-more">${more}</span>` : ''}</td>`)
              .join('')}</tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const words = (x, y, text, anchor) => `<text class="chart-words" x="${x}" y="${y}"${anchor ? ` text-anchor="${anchor}"` : ''}>${text}</text>`;

const drawing = (id, title, desc, height, content) => html`
  <div class="table-scroll" tabindex="0" role="group" aria-label="${title}">
    <svg class="chart" viewBox="0 0 680 ${height}" role="img" aria-labelledby="${id}-titel" aria-describedby="${id}-uitleg" focusable="false">
      <title id="${id}-titel">${title}</title>
      <desc id="${id}-uitleg">${desc}</desc>
      ${content}
    </svg>
  </div>`;

const section = (id, title, content) => html`
  <section class="section" aria-labelledby="${id}">
    <h2 class="utrecht-heading-2" id="${id}">${title}</h2>
    ${content}
  </section>`;

const question = (n, can, cannot, further, content) => {
  const [slug, title] = QUESTIONS[n];
  return frame(
    title,
    html`
    ${back(`/cijfers/vragen?${ASKED}`, 'Terug naar alle vragen')}
    ${h1(title)}
    ${p('Nederland, waargenomen tot en met 31 maart 2025', 'lead')}
    ${choice(`/cijfers/vragen/${slug}`, ...further)}
    <dl class="terms conclusions">
      <div><dt>Wat hieruit volgt</dt><dd>${can}</dd></div>
      <div><dt>Wat hier niet uit volgt</dt><dd>${cannot}</dd></div>
    </dl>
    ${p('Schuif figuren en tabellen opzij om alles te zien.', 'muted scroll-hint')}
    ${content}
    ${p('Logpositie 128440.', 'muted')}`,
  );
};

const FIRST_JOB = 'Percentage met een eerste betaalde baan, naar maanden na de start';
const WITHOUT = 'Zonder onbetaald werk';
const DURING = 'Onbetaald werk tijdens het traject begonnen';

// The top is at 40 %, 260 high; 183 days are 616 wide. Of 61 and 152 days: 48 + 205 and 48 + 512.
const line = (early, late) => `M48 272H253V${early}H560V${late}H664`;
const band = (early, late) => `M48 272H253V${early[1]}H560V${late[1]}H664V${late[0]}H560V${early[0]}H253V272H48Z`;

const curves = html`
  <p class="chart-title">${FIRST_JOB}</p>
  <ul class="legend">
    ${[WITHOUT, DURING].map(
      (name, n) =>
        `<li class="legend-item"><svg width="34" height="12" aria-hidden="true" focusable="false"><path class="curve curve-${n}" d="M1 6H33"/></svg>${name}</li>`,
    )}
  </ul>
  ${drawing(
    'figuur-eerste-baan',
    FIRST_JOB,
    `${WITHOUT}: korter dan een jaar gevolgd. ${DURING}: korter dan een jaar gevolgd.`,
    316,
    html`
    ${[272, 207, 142, 77, 12].map((y, n) => `<line class="bars-grid" x1="48" x2="664" y1="${y}" y2="${y}"/>${words(40, y + 5, `${n * 10}%`, 'end')}`)}
    ${[
      [354, 3],
      [664, 6],
    ].map(([x, month]) => `<line class="chart-tick" x1="${x}" x2="${x}" y1="272" y2="277"/>${words(x, 292, month, 'middle')}`)}
    ${words(664, 310, 'maanden', 'end')}
    <path class="curve-band curve-band-0" d="${band([213, 200], [116, 89])}"/>
    <path class="curve-band curve-band-1" d="${band([246, 217], [174, 132])}"/>
    <path class="curve curve-0" d="${line(207, 103)}"/>
    <path class="curve curve-1" d="${line(233, 155)}"/>`,
  )}`;

export const unpaidWork = () =>
  question(
    0,
    'Of de ene groep sneller een baan vindt dan de andere. Wie onderweg met onbetaald werk begint, telt tot die dag bij ‘zonder’ en daarna bij ‘tijdens’. Liggen de banden om de lijnen over elkaar, dan kan het verschil toeval zijn.',
    'Dat het onbetaalde werk de oorzaak is: wie verder van werk af staat, begint er eerder aan.',
    [
      select('methode', 'Methode', [
        ['ips', 'IPS'],
        ['wabz', 'WABZ'],
      ]),
    ],
    html`
    ${section(
      'eerste-baan',
      'Tot de eerste betaalde baan',
      html`
      ${curves}
      ${table(
        FIRST_JOB,
        ['Na', 'Iedereen', WITHOUT, DURING],
        [
          ['3 maanden', ['9% (8–10%)', '1.772 gevolgd'], ['10% (9–11%)', '1.460 gevolgd'], ['6% (4–9%)', '272 gevolgd']],
          ['6 maanden', ['24% (22–26%)', '1.722 gevolgd'], ['26% (24–28%)', '1.410 gevolgd'], ['18% (15–22%)', '222 gevolgd']],
        ],
      )}
      ${table(
        'Hoeveel er gevolgd zijn',
        ['Groep', 'Gevolgd', 'Daarvan gebeurde het bij', 'De helft na (dagen)'],
        [
          ['Iedereen', '1.812', '540', 'niet bereikt'],
          [WITHOUT, '1.500', '460', 'niet bereikt'],
          [DURING, '312', '80', 'niet bereikt'],
        ],
        'Hoeveel er gevolgd zijn',
      )}`,
    )}
    ${p('Al een betaalde baan op de eerste dag, en daarom niet gevolgd: 61.', 'muted')}
    ${p('Een percentage is een schatting van Kaplan en Meier: bij wie het nog niet zover was of wie vertrok, telt mee zolang die gevolgd is. Tussen haakjes het 95%-interval, in de figuur de band; daaronder hoeveel er na die maand nog gevolgd zijn.', 'muted')}`,
  );

const bars = (id, title, rows) =>
  drawing(
    id,
    title,
    rows.map(([name, , part]) => `${name}: ${part}.`).join(' '),
    rows.length * 48,
    rows.map(
      ([name, long, part], n) =>
        `<text class="chart-name" x="0" y="${n * 48 + 16}">${name}</text><rect class="chart-bar" x="0" y="${n * 48 + 24}" width="${long}" height="16"/>${words(long + 8, n * 48 + 37, part)}`,
    ),
  );

const SEQUELS = 'Wat volgde op trajecten die eindigden';
const YEAR_LATER = 'Wat er werd van trajecten die een jaar eerder liepen';

export const sequels = () =>
  question(
    2,
    'Hoeveel trajecten als ander traject zijn voortgezet, van cliënten die in dit logboek staan.',
    'Hoeveel aanvragen vanaf het begin als een andere methode zijn gedaan. Een vervolg bij een aanbieder die niets aanlevert, is niet te zien.',
    [],
    html`
    ${section(
      'vervolg',
      SEQUELS,
      html`
      ${bars('figuur-vervolg', SEQUELS, [
        ['Werkfit, niets tot nu toe', 360, '75,0% van 40'],
        ['Werkfit, daarna Naar Werk', 120, '25,0% van 40'],
      ])}
      ${table(
        SEQUELS,
        ['Traject', 'Aantal', 'Deel', 'Dagen ertussen (midden)'],
        [
          ['Werkfit, niets tot nu toe', '30', '75,0% van 40', '–'],
          ['Werkfit, daarna Naar Werk', '10', '25,0% van 40', '14'],
        ],
      )}`,
    )}
    ${section(
      'jaar-eerder',
      YEAR_LATER,
      html`
      ${bars('figuur-jaar-eerder', YEAR_LATER, [['Werkfit, loopt nog', 480, '100,0% van 44']])}
      ${table(YEAR_LATER, ['Traject', 'Aantal', 'Deel'], [['Werkfit, loopt nog', '44', '100,0% van 44']])}`,
    )}`,
  );
