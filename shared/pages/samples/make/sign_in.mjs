// Signing in, with the accounts of the demo ready to use.

import { alert, button, buttonLink, csrfField, h1, html, icon, p, page } from './lib.mjs';
import { field } from './fields.mjs';

const DEMO = [
  ['coach', 'Marieke de Boer', 'Coach', 'Eigen trajecten bijhouden'],
  ['manager', 'Rachid Amrani', 'Manager', 'Alle trajecten en cijfers van ggz Voorbeeld'],
  ['analyst', 'Saskia van Dongen', 'Analist', 'Cijfers van heel Nederland, geen trajecten'],
  ['auditor', 'Tjeerd Hoekstra', 'Auditor', 'Alles lezen, niets veranderen'],
  ['administrator', 'Ineke Postma', 'Beheerder', 'Accounts en weergaven'],
];

const demo = html`
  <section class="section" aria-labelledby="demo">
    <h2 class="utrecht-heading-3" id="demo">Demo: kies een rol</h2>
    ${p('De mensen en trajecten in deze demo zijn verzonnen.', 'muted')}
    <form method="post" action="/inloggen">
      ${csrfField}
      <ul class="rows">
        ${DEMO.map(
          ([account, name, role, what]) => html`
          <li class="row">
            <button class="row-button" name="demo" value="${account}">
              <span class="row-name">${role}</span>
              <span class="row-meta">${name} · ${what}</span>
            </button>
            ${icon('next', 'row-next')}
          </li>`,
        )}
      </ul>
    </form>
  </section>`;

function form({ problem = null, next = '' } = {}) {
  return html`
    ${problem}
    <form class="form" method="post" action="/inloggen">
      ${csrfField}
      ${next && `<input type="hidden" name="next" value="${next}">`}
      ${field({ id: 'naam', name: 'login', label: 'Gebruikersnaam', attributes: 'autocomplete="username" autocapitalize="none" spellcheck="false" required' })}
      ${field({ id: 'wachtwoord', name: 'password', type: 'password', label: 'Wachtwoord', attributes: 'autocomplete="current-password" required' })}
      <div class="actions">
        ${button('primary-action', 'Inloggen')}
      </div>
    </form>`;
}

export const signIn = () =>
  page({
    title: 'Inloggen',
    role: null,
    width: 'narrow',
    body: html`
    ${h1('Inloggen')}
    ${form()}
    ${demo}`,
  });

const ofProvider = (title, problem = null) =>
  page({
    title,
    role: null,
    width: 'narrow',
    body: html`
    ${h1('Inloggen')}
    ${problem}
    ${p('Gebruik het account van je organisatie.')}
    <form class="form" method="post" action="/inloggen/organisatie">
      ${csrfField}
      <div class="actions">
        ${button('primary-action', 'Verder met ggz Voorbeeld')}
      </div>
    </form>`,
  });

export const signInProvider = () => ofProvider('Inloggen');

export const signInNoAccount = () =>
  ofProvider(
    'Inloggen mislukt',
    alert(
      'error',
      'Inloggen is niet gelukt',
      p(
        'Je organisatie kent je, maar je hebt hier geen account dat je kunt gebruiken. Vraag de beheerder van Trajectlog bij je organisatie om een account.',
      ),
      'role="alert" tabindex="-1"',
    ),
  );

export const signInOnward = () =>
  page({
    title: 'Verder met ggz Voorbeeld',
    role: null,
    width: 'narrow',
    body: html`
    ${h1('Verder met ggz Voorbeeld')}
    ${p('Je gaat nu naar de inlogpagina van je organisatie.')}
    <div class="actions">
      ${buttonLink('https://inloggen.voorbeeld.example/auth?response_type=code&amp;client_id=trajectlog', 'primary-action', 'Naar de inlogpagina')}
    </div>`,
  });

export const signInWrong = () =>
  page({
    title: 'Inloggen mislukt',
    role: null,
    width: 'narrow',
    body: html`
    ${h1('Inloggen')}
    ${form({
      problem: alert(
        'error',
        'Inloggen is niet gelukt',
        p(
          'De gebruikersnaam of het wachtwoord klopt niet. Na een paar keer proberen moet je even wachten. Wachtwoord vergeten? Vraag je beheerder om een nieuw wachtwoord.',
        ),
        'role="alert" tabindex="-1"',
      ),
    })}
    ${demo}`,
  });

export const sessionOver = () =>
  page({
    title: 'Opnieuw inloggen',
    role: null,
    width: 'narrow',
    body: html`
    ${h1('Opnieuw inloggen')}
    ${form({
      next: '/wachtrij',
      problem: alert('info', 'Je was te lang niet actief', p('Er is niets kwijt. Wat nog niet verzonden is, gaat weg zodra je weer bent ingelogd.')),
    })}`,
  });
