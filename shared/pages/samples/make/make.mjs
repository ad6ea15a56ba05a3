// Writes the sample pages: node shared/pages/samples/make/make.mjs

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as accounts from './accounts.mjs';
import * as caseload from './caseload.mjs';
import * as completeness from './completeness.mjs';
import * as errors from './errors.mjs';
import * as forms from './forms.mjs';
import * as log from './log.mjs';
import * as organisation from './organisation.mjs';
import * as outbox from './outbox.mjs';
import * as pivot from './pivot.mjs';
import * as publications from './publications.mjs';
import * as questions from './questions.mjs';
import * as signIn from './sign_in.mjs';
import * as trajectory from './trajectory.mjs';
import * as views from './views.mjs';

const PAGES = {
  'sign-in': signIn.signIn,
  'sign-in-wrong': signIn.signInWrong,
  'sign-in-provider': signIn.signInProvider,
  'sign-in-no-account': signIn.signInNoAccount,
  'sign-in-onward': signIn.signInOnward,
  'sign-in-again': signIn.sessionOver,
  caseload: caseload.caseload,
  'caseload-waiting': () => caseload.caseload({ outbox: ['waiting', 2] }),
  'caseload-silent': caseload.caseloadSilent,
  'caseload-calm': caseload.caseloadCalm,
  'caseload-cover': caseload.caseloadCover,
  'caseload-manager': caseload.caseloadManager,
  'caseload-empty': caseload.caseloadEmpty,
  'caseload-ended': caseload.caseloadEnded,
  'caseload-nothing-found': caseload.caseloadNothingFound,
  trajectory: trajectory.trajectory,
  'trajectory-waiting': () => trajectory.trajectory({ waiting: true }),
  'trajectory-new': trajectory.trajectoryNew,
  'trajectory-ended': trajectory.trajectoryUnknown,
  'form-contact': forms.contact,
  'form-contact-draft': forms.contactDraft,
  'form-contact-errors': forms.contactErrors,
  'form-contact-ended': forms.contactEnded,
  'form-engagement': forms.engagement,
  'form-assessment': forms.assessment,
  'form-placement-started': forms.placementStarted,
  'form-placement-stopped': forms.placementStopped,
  'form-paid-work-started': forms.paidWorkStarted,
  'form-paid-work-started-filled': forms.paidWorkStartedFilled,
  'form-paid-work-changed': forms.paidWorkChanged,
  'form-paid-work-stopped': forms.paidWorkStopped,
  'form-paid-work-stopped-refused': forms.paidWorkStoppedRefused,
  'form-education-started': forms.educationStarted,
  'form-education-stopped': forms.educationStopped,
  'form-trajectory-changed': forms.trajectoryChanged,
  'form-transfer': forms.transfer,
  'form-outflow': forms.outflow,
  'form-intake': forms.intake,
  'form-correction': forms.correction,
  'form-retraction': forms.retraction,
  'form-retraction-whole': forms.retractionWhole,
  'form-nothing-to-stop': forms.nothingToStop,
  outbox: outbox.outbox,
  'outbox-empty': outbox.outboxEmpty,
  'outbox-others': outbox.outboxOthers,
  'outbox-signed-out': outbox.outboxSignedOut,
  organisation: organisation.organisation,
  'organisation-refused': organisation.organisationRefused,
  'organisation-empty': organisation.organisationEmpty,
  'organisation-question': organisation.question,
  questions: questions.questions,
  'questions-unpaid-work': questions.unpaidWork,
  'questions-sequels': questions.sequels,
  pivot: pivot.pivot,
  'pivot-quarters': pivot.quarters,
  'pivot-empty': pivot.empty,
  publications: publications.publications,
  'publications-manager': publications.manager,
  'publications-same': publications.same,
  'publications-one': publications.one,
  'publications-none': publications.none,
  'publications-elsewhere': publications.elsewhere,
  views: views.views,
  'views-trouble': views.viewsTrouble,
  'views-auditor': views.viewsAuditor,
  accounts: accounts.accounts,
  account: accounts.account,
  'account-changed': () => accounts.account({ changed: true }),
  'account-no-manager': () => accounts.account({ locked: false, manager: false, devices: 0 }),
  'account-of-oneself': accounts.accountOfOneself,
  'account-new': accounts.accountNew,
  'account-made': accounts.accountMade,
  'account-own': accounts.own,
  'account-own-first': () => accounts.own({ first: true }),
  'account-own-token': () => accounts.own({ made: 'tl_3f9c0d5e7a81b2c4' }),
  'error-not-found': errors.notFound,
  'error-retracted': errors.retracted,
  'error-forbidden': errors.forbidden,
  'error-gone': errors.gone,
  'error-stale': errors.stale,
  'error-not-understood': errors.notUnderstood,
  'error-too-much': errors.tooMuch,
  'error-no-figures': errors.noFigures,
  'error-broken': errors.broken,
  'error-offline': errors.offline,
  'sealed-open': errors.sealed,
  help: () => errors.help('coach'),
  'help-manager': () => errors.help('manager'),
  'help-analyst': () => errors.help('analyst'),
  'help-auditor': () => errors.help('auditor'),
  'help-administrator': () => errors.help('administrator'),
  completeness: completeness.completeness,
  'completeness-manager': completeness.completenessManager,
  'completeness-refused': completeness.completenessRefused,
  'completeness-empty': completeness.completenessEmpty,
  log: log.log,
  'log-filtered': log.logFiltered,
  'log-wrong': log.logWrong,
};

const out = join(dirname(fileURLToPath(import.meta.url)), '..');
for (const [name, make] of Object.entries(PAGES)) writeFileSync(join(out, `${name}.html`), make());
console.log(`${Object.keys(PAGES).length} samples`);
