// A manager's view: who has how much, who stands in for whom, how complete and timely the log is, and what has to be looked at.

import { back, button, csrfField, h1, hidden, html, link, p, page, uuid } from './lib.mjs';
import { date, select } from './fields.mjs';

const COACHES = [
  ['Marieke de Boer', '', 61, 11, '1'],
  ['Joost Verhagen', 'afwezig tot en met 1 december', 48, 19, '6'],
  ['Lina Bakkali', '', 55, 6, '0'],
  ['Pim Scholten', '', 32, 3, '2'],
];

const total = (n) => COACHES.reduce((sum, row) => sum + row[n], 0);

const perCoach = html`
  <section class="section" aria-labelledby="coaches">
    <h2 class="utrecht-heading-2" id="coaches">Trajecten per coach</h2>
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr><th scope="col">Coach</th><th scope="col" class="number">Lopend</th><th scope="col" class="number">Let op</th><th scope="col" class="number">Dagen te laat</th></tr>
        </thead>
        <tbody>
          ${COACHES.map(
            ([name, more, running, attention, late], n) => html`
            <tr>
              <th scope="row"><a href="/?coach=coach-${n + 1}">${name}</a>${more && `<span class="table-more">${more}</span>`}</th>
              <td class="number">${running}</td>
              <td class="number">${attention}</td>
              <td class="number">${late}</td>
            </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr><th scope="row">Samen</th><td class="number">${total(2)}</td><td class="number">${total(3)}</td><td class="number">1</td></tr>
        </tfoot>
      </table>
    </div>
    ${p('Dagen te laat: de middelste waarde van de laatste drie maanden.', 'muted')}
  </section>`;

const people = [['', 'Kies een coach'], ...COACHES.map(([name], n) => [`coach-${n + 1}`, name])];

const cover = (problem = null) => html`
  <section class="section" aria-labelledby="waarneming">
    <h2 class="utrecht-heading-2" id="waarneming">Waarneming</h2>
    ${p('Is een coach afwezig? Dan kan een collega tijdelijk bij de trajecten. De trajecten blijven van de coach.', 'muted')}
    <div class="panel panel-row">
      <p><strong>Lina Bakkali</strong> neemt waar voor <strong>Joost Verhagen</strong> tot en met 1 december 2025.</p>
      <form method="post" action="/organisatie/waarneming/1/stoppen">${csrfField}${button('subtle', `Stoppen${hidden(': waarneming van Joost Verhagen door Lina Bakkali')}`)}</form>
    </div>
    <form class="form" method="post" action="/organisatie/waarneming">
      ${csrfField}
      ${problem}
      <div class="form-row">
        ${select({ id: 'afwezig', name: 'absent', label: 'Wie is afwezig?', options: people })}
        ${select({ id: 'waarnemer', name: 'cover', label: 'Wie neemt waar?', options: people })}
      </div>
      ${date({ name: 'until', legend: 'Tot en met welke dag?' })}
      <div class="actions">
        ${button('secondary-action', 'Waarneming vastleggen')}
      </div>
    </form>
  </section>`;

const SHARES = [
  ['dezelfde dag', 54],
  ['1 tot en met 3 dagen later', 32],
  ['4 tot en met 14 dagen later', 10],
  ['meer dan 14 dagen later', 4],
];

function shares() {
  let from = 0;
  const parts = SHARES.map(([, share], n) => {
    const part = `<rect class="share-${n + 1}" x="${from}%" y="0" width="${share - 0.4}%" height="20"/>`;
    from += share;
    return part;
  });
  return html`
    <svg class="share" width="100%" height="20" aria-hidden="true" focusable="false">
      ${parts}
    </svg>
    <ul class="legend">
      ${SHARES.map(([words, share], n) => `<li class="legend-item"><svg class="legend-mark" width="12" height="12" aria-hidden="true" focusable="false"><rect class="share-${n + 1}" width="12" height="12"/></svg>${share}% ${words}</li>`)}
    </ul>`;
}

const number = (value, words) => `<p><span class="figure-number">${value}</span><span class="figure-words">${words}</span></p>`;

const completeness = html`
  <section class="section" aria-labelledby="volledig">
    <h2 class="utrecht-heading-2" id="volledig">Volledig en op tijd</h2>
    <div class="figures-row">
      ${number('86%', 'binnen 3 dagen vastgelegd')}
      ${number('91%', 'van het lopende werk is volledig ingevuld')}
      ${number('7', 'vastleggingen kwamen na het einde van het kwartaal')}
    </div>
    ${shares()}
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

export const organisation = () =>
  page({
    title: 'Organisatie',
    role: 'manager',
    at: '/organisatie',
    body: html`
    ${h1('ggz Voorbeeld')}
    ${p(`${total(2)} lopende trajecten bij ${COACHES.length} coaches`, 'lead')}
    ${perCoach}
    ${cover()}
    ${completeness}
    ${ranOut}
    ${questions}`,
  });

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
