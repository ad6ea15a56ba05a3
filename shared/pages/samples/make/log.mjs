// The log for auditors: what was recorded, the newest first.

import { h1, html, icon, link, p, page, uuid } from './lib.mjs';

const EVENTS = [
  [5012, 'Contact', 1, 'ggz Voorbeeld', 'Marieke de Boer', '20 november 2025, 11.20 uur'],
  [5011, 'Werk gestart, aangepast', 2, 'ggz Noorderlicht', 'import', '19 november 2025, 9.05 uur'],
  [5010, 'Ingetrokken', 1, 'ggz Voorbeeld', 'Marieke de Boer', '19 november 2025, 9.00 uur'],
];

export const log = () =>
  page({
    title: 'Logboek',
    role: 'auditor',
    at: '/logboek',
    body: html`
    ${h1('Logboek')}
    ${p('5013 gebeurtenissen. De nieuwste staat bovenaan. Teksten zijn verzegeld.', 'lead')}
    ${p(link('/logboek?van=5013', 'Nieuwere gebeurtenissen'))}
    <div class="section">
      <ul class="rows">
        ${EVENTS.map(
          ([position, what, trajectory, organisation, actor, recorded]) => html`
          <li class="row row-slim">
            <div class="row-text">
              <a class="row-link" href="/trajecten/${uuid(trajectory)}">${position} · ${what}</a>
              <p class="row-what">${organisation} · ${actor}</p>
              <p class="row-meta">vastgelegd op ${recorded}</p>
            </div>
            ${icon('next', 'row-next')}
          </li>`,
        )}
      </ul>
    </div>
    ${p(link('/logboek?van=5009', 'Oudere gebeurtenissen'))}`,
  });
