// The views that are made of the log, for an administrator: how each is, and what can be done about it.

import { alert, button, csrfField, h1, hidden, html, p, page, tag } from './lib.mjs';

const frame = (role, body) =>
  page({
    title: 'Weergaven',
    role,
    at: '/beheer/weergaven',
    body: html`
    ${h1('Weergaven')}
    ${body}`,
  });

const LEAD = p(
  'Weergaven worden gemaakt van het logboek. Ze kunnen altijd opnieuw gemaakt worden: tot dat klaar is blijft de oude antwoord geven.',
  'lead',
);

/** A view: what it is doing as [colour, words], how far it is, why, and what can be done: [end of the address, words]. */
const view = (name, title, doing, place, cause, can) => html`
  <section class="panel panel-row" aria-labelledby="${name}">
    <div>
      <h2 class="utrecht-heading-3" id="${name}">${title}</h2>
      <p class="row-what">${tag(...doing)}</p>
      <p class="row-meta">${place}</p>
      ${cause && `<p class="row-meta" lang="en">${cause}</p>`}
    </div>
    ${
      can &&
      html`
      <div class="actions">
        ${can.map(([what, words]) => `<form method="post" action="/beheer/weergaven/${name}/${what}">${csrfField}${button('subtle', `${words}${hidden(`: ${title}`)}`)}</form>`)}
      </div>`
    }
  </section>`;

const FIGURES = ['werkmonitor', 'Cijfers van de Werkmonitor'];
const STATES = ['sustainable-work', 'Stand van elk traject'];
const ANEW = ['opnieuw', 'Opnieuw maken'];
const STOP = ['stoppen', 'Niet meer opnieuw maken'];

const calm = (may) => html`
  ${LEAD}
  ${view(...FIGURES, ['good', 'Volgt het logboek'], 'positie 128440, helemaal bij', '', may && [ANEW])}
  ${view(...STATES, ['info', 'Wordt opnieuw gemaakt, is bij positie 90112'], 'positie 128437, loopt 3 achter', '', may && [STOP])}`;

export const views = () => frame('administrator', calm(true));

export const viewsAuditor = () => frame('auditor', calm(false));

export const viewsTrouble = () =>
  frame(
    'administrator',
    html`
  ${alert('warning', 'Dat kan nu niet', p('De weergave is intussen met iets anders bezig. Hieronder staat hoe het nu is.'), 'role="alert" tabindex="-1"')}
  ${LEAD}
  ${view(...FIGURES, ['bad', 'Staat stil'], 'positie 128390, loopt 50 achter', 'position 128391 cannot be read: unknown schema 7', [['nogmaals', 'Nog eens proberen'], ANEW])}
  ${view(...STATES, ['warn', 'Wacht op ruimte'], 'positie 128428, loopt 12 achter', 'no space left on device', [ANEW])}
  ${view('other', 'other', ['info', 'Wordt opnieuw gemaakt'], 'positie 128440, helemaal bij', '', [STOP])}`,
  );
