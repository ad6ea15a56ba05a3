// A manager's view: who has how much, who stands in for whom, how complete and timely the log is, and what has to be looked at.

import { back, button, csrfField, h1, hidden, html, link, p, page, uuid } from './lib.mjs';
import { date, errorSummary, select } from './fields.mjs';

const COACHES = [
  ['Marieke de Boer', '', 61, 11, '1'],
  ['Joost Verhagen', 'afwezig tot en met 1 december', 48, 19, '6'],
  ['Lina Bakkali', '', 55, 6, '0'],
  ['Pim Scholten', '', 32, 3, '2'],
];

const REASONS = [
  ['Contract afgelopen, einde nog niet vastgelegd', '3 trajecten'],
  ['Lang geen contact', '36 trajecten'],
];

const NOTHING = 'niets vastgelegd';
const total = (n, coaches = COACHES) => coaches.reduce((sum, row) => sum + row[n], 0);

/** The last row is of nobody when `coaches` has more of them than there are. */
const perCoach = (coaches, reasons) => html`
  <section class="section" aria-labelledby="coaches">
    <h2 class="utrecht-heading-2" id="coaches">Trajecten per coach</h2>
    <div class="table-scroll">
      <table class="table table-close">
        <thead>
          <tr><th scope="col">Coach</th><th scope="col" class="number">Lopend</th><th scope="col" class="number">Let op</th><th scope="col" class="number">Dagen tot vast­leggen</th></tr>
        </thead>
        <tbody>
          ${coaches.map(
            ([name, more, running, attention, late], n) => html`
            <tr>
              <th scope="row">${n < COACHES.length ? `<a href="/?coach=coach-${n + 1}">${name}</a>` : name}${more && `<span class="table-more">${more}</span>`}</th>
              <td class="number">${running}</td>
              <td class="number">${attention}</td>
              <td class="number${late === NOTHING ? ' table-none' : ''}">${late}</td>
            </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr><th scope="row">Samen</th><td class="number">${total(2, coaches)}</td><td class="number">${total(3, coaches)}</td><td class="number">1</td></tr>
        </tfoot>
      </table>
    </div>
    ${p('Dagen tot vastleggen: van wat in de laatste drie maanden is vastgelegd, stond de helft binnen zoveel dagen nadat het gebeurde in het logboek. Bij 0 was dat dezelfde dag.', 'muted')}
    <h3 class="utrecht-heading-3">Waarom let op?</h3>
    <dl class="facts facts-wide">
      ${reasons.map(([words, many]) => `<div class="fact"><dt>${words}</dt><dd>${many}</dd></div>`)}
    </dl>
  </section>`;

const people = [['', 'Kies een coach'], ...COACHES.map(([name], n) => [`coach-${n + 1}`, name])];

const covered = (id, by, absent, days) => html`
    <div class="panel panel-row">
      <p><strong>${by}</strong> neemt waar voor <strong>${absent}</strong> ${days}.</p>
      <form method="post" action="/organisatie/waarneming/${id}/stoppen">${csrfField}${button('subtle', `Stoppen${hidden(`: waarneming van ${absent} door ${by}`)}`)}</form>
    </div>`;

const cover = ({ more = '', absent = '', value = ['', '', ''], wrongCover = '', wrongDay = '' } = {}) => html`
  <section class="section" aria-labelledby="waarneming">
    <h2 class="utrecht-heading-2" id="waarneming">Waarneming</h2>
    ${p('Is een coach afwezig? Dan kan een collega tijdelijk bij de trajecten. De trajecten blijven van de coach.', 'muted')}
    ${covered(1, 'Lina Bakkali', 'Joost Verhagen', 'tot en met 1 december 2025')}
    ${more}
    <form class="form" method="post" action="/organisatie/waarneming">
      ${csrfField}
      <div class="form-row">
        ${select({ id: 'afwezig', name: 'absent', label: 'Wie is afwezig?', options: people, value: absent })}
        ${select({ id: 'waarnemer', name: 'cover', label: 'Wie neemt waar?', options: people, error: wrongCover })}
      </div>
      ${date({ name: 'until', legend: 'Tot en met welke dag?', value, error: wrongDay })}
      <div class="actions">
        ${button('secondary-action', 'Waarneming vastleggen')}
      </div>
    </form>
  </section>`;

const SHARES = ['dezelfde dag', '1 tot en met 3 dagen later', '4 tot en met 14 dagen later', 'meer dan 14 dagen later'];

function shares(of) {
  let from = 0;
  const parts = of.map((share, n) => {
    const part = `<rect class="share-${n + 1}" x="${from}%" y="0" width="${Math.max(share - 0.4, 0).toFixed(1)}%" height="20"/>`;
    from += share;
    return part;
  });
  return html`
    <svg class="share" width="100%" height="20" aria-hidden="true" focusable="false">
      ${parts}
    </svg>
    <ul class="legend">
      ${SHARES.map((words, n) => `<li class="legend-item"><svg class="legend-mark" width="12" height="12" aria-hidden="true" focusable="false"><rect class="share-${n + 1}" width="12" height="12"/></svg>${of[n]}% ${words}</li>`)}
    </ul>`;
}

const number = ([value, part, other = ''], words) => `<p><span class="figure-number">${value}</span><span class="figure-words">${other || words}</span>${part && `<span class="figure-of">${part}</span>`}</p>`;

const completeness = (numbers, parts) => html`
  <section class="section" aria-labelledby="volledig">
    <h2 class="utrecht-heading-2" id="volledig">Volledig en op tijd</h2>
    ${p('Van wat in de laatste drie maanden is vastgelegd in lopende trajecten.', 'muted')}
    <div class="figures-row">
      ${number(numbers[0], 'binnen 3 dagen vastgelegd')}
      ${number(numbers[1], 'van het lopende werk is volledig ingevuld')}
      ${number(numbers[2], 'vastleggingen kwamen na het einde van het kwartaal')}
    </div>
    ${shares(parts)}
  </section>`;

const row = (name, why, meta, to) => html`
  <li class="row">
    <div class="row-text">
      <a class="row-link" href="${to}">${name}</a>
      <p class="row-why">${why}</p>
      <p class="row-meta">${meta}</p>
    </div>
  </li>`;

const ranOut = html`
  <section class="section" aria-labelledby="afgelopen">
    <h2 class="utrecht-heading-2" id="afgelopen">Contract afgelopen, werk niet gestopt <span class="count">3</span></h2>
    <ul class="rows">
      ${row('Wouter', 'Autobedrijf Smit, liep af op 31 oktober', 'Marieke de Boer', `/trajecten/${uuid(5)}`)}
      ${row('Ilona', 'Bloemist Roos, liep af op 15 oktober', 'Joost Verhagen', `/trajecten/${uuid(61)}`)}
      ${row('Kenneth', 'Sportschool Vitaal, liep af op 30 september', 'Joost Verhagen', `/trajecten/${uuid(62)}`)}
    </ul>
  </section>`;

const questions = html`
  <section class="section" aria-labelledby="vragen">
    <h2 class="utrecht-heading-2" id="vragen">Open vragen over gegevens <span class="count">21</span></h2>
    <ul class="rows">
      ${row('Loon niet bekend', 'Zonder loon is niet te zeggen of het werk duurzaam is', '12 banen', '/organisatie/vragen/loon')}
      ${row('Duur van het contract niet bekend', 'Oproep- en uitzendwerk', '6 banen', '/organisatie/vragen/contract')}
      ${row('Twee keer hetzelfde werk', 'Zelfde werkgever, zelfde dagen', '2 trajecten', '/organisatie/vragen/dubbel')}
      ${row('Variant van IPS niet bekend', 'Telt mee bij onbekend', '1 traject', '/organisatie/vragen/variant')}
    </ul>
  </section>`;

const opened = (more = '') => html`
  <section class="section" aria-labelledby="geopend">
    <h2 class="utrecht-heading-2" id="geopend">Verzegelde teksten die zijn geopend</h2>
    ${p('Een auditor mag de teksten van een traject een uur lang lezen, met een reden.', 'muted')}
    <ul class="rows">
      ${row('Wouter', 'Klacht 2025-14, onderzoek naar de werkplek', 'Tjeerd Hoekstra, 12 november 2025 om 10.05 uur tot 11.05 uur', `/trajecten/${uuid(5)}`)}
    </ul>
    ${more}
  </section>`;

export const organisation = () =>
  page({
    title: 'Organisatie',
    role: 'manager',
    at: '/organisatie',
    body: html`
    ${h1('ggz Voorbeeld')}
    ${p(`${total(2)} lopende trajecten bij ${COACHES.length} coaches. Laatste registratie: 20 november 2025.`, 'lead')}
    ${perCoach(COACHES, REASONS)}
    ${cover()}
    ${completeness([['86%', '860 van 1.000 gebeurtenissen'], ['91%', '91 van 100 banen'], ['7', '7 van 1.000 gebeurtenissen']], [54, 32, 10, 4])}
    ${ranOut}
    ${questions}
    ${opened()}`,
  });

/** A cover that was refused, one that is still to come, trajectories that nobody has, no job, and more than the page shows. */
export const organisationRefused = () => {
  const coaches = [...COACHES, ['Geen coach', 'laatste registratie 1 september', 4, 4, NOTHING]];
  const [wrongCover, wrongDay] = ['Maak een keuze.', 'Deze maand heeft 28 dagen. Controleer de dag.'];
  return page({
    title: 'Organisatie',
    role: 'manager',
    at: '/organisatie',
    body: html`
    ${h1('ggz Voorbeeld')}
    ${errorSummary(
      [
        ['waarnemer', `Wie neemt waar? – ${wrongCover}`],
        ['until-day', `Tot en met welke dag? – ${wrongDay}`],
      ],
      'De waarneming is niet vastgelegd',
    )}
    ${p(`${total(2, coaches)} lopende trajecten bij ${COACHES.length} coaches. Laatste registratie: 20 november 2025.`, 'lead')}
    ${p('Er zijn meer lopende trajecten dan deze pagina aankan. Hier staan de nieuwste 200.')}
    ${perCoach(coaches, [
      ...REASONS.slice(0, 1),
      ['Lang geen contact', '40 trajecten, waarvan 4 bij coaches die al vier weken of langer niets vastlegden'],
    ])}
    ${cover({
      more: covered(2, 'Lina Bakkali', 'Pim Scholten', 'vanaf 22 december 2025 tot en met 2 januari 2026'),
      absent: 'coach-4',
      value: ['31', '2', '2026'],
      wrongCover,
      wrongDay,
    })}
    ${completeness([['100%', '1 van 1 gebeurtenis'], ['–', '', 'er loopt nu geen werk om in te vullen'], ['0', '0 van 1 gebeurtenis']], [100, 0, 0, 0])}
    ${opened(p('Er zijn er meer. Hier staan de nieuwste 1.'))}`,
  });
};

export const organisationEmpty = () =>
  page({
    title: 'Organisatie',
    role: 'manager',
    at: '/organisatie',
    body: html`
    ${h1('ggz Voorbeeld')}
    <div class="empty">
      <h2 class="utrecht-heading-2">Er zijn nog geen trajecten</h2>
      ${p('Zodra coaches trajecten vastleggen, staan hier de aantallen per coach en wat aandacht vraagt.')}
      ${link('/hulp', 'Hoe begint een coach?')}
    </div>`,
  });

/** The trajectories of one open question. */
export const question = () =>
  page({
    title: 'Loon niet bekend',
    role: 'manager',
    at: '/organisatie',
    body: html`
    ${back('/organisatie', 'Organisatie')}
    ${h1('Loon niet bekend')}
    ${p('Zonder loon is niet te zeggen of het werk duurzaam is', 'lead')}
    <div class="section">
      <ul class="rows">
        ${[
          [71, 'Chantal', 'Zorgcentrum De Linde, sinds 1 september 2025', 'Marieke de Boer'],
          [72, 'Naam niet bekend', 'Koffiebar Luna, sinds 15 oktober 2025', 'Joost Verhagen'],
        ].map(
          ([n, name, what, coach]) => html`
          <li class="row row-slim">
            <div class="row-text">
              <a class="row-link" href="/trajecten/${uuid(n)}">${name}</a>
              <p class="row-what">${what}</p>
              <p class="row-meta">${coach}</p>
            </div>
          </li>`,
        )}
      </ul>
    </div>`,
  });
