// Writes the sample pages: node shared/pages/samples/make/make.mjs

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as caseload from "./caseload.mjs";
import * as forms from "./forms.mjs";
import * as signIn from "./sign_in.mjs";
import * as trajectory from "./trajectory.mjs";

const PAGES = {
  "sign-in": signIn.signIn,
  "sign-in-wrong": signIn.signInWrong,
  "sign-in-provider": signIn.signInProvider,
  "sign-in-again": signIn.sessionOver,
  caseload: caseload.caseload,
  "caseload-waiting": () => caseload.caseload({ outbox: ["waiting", 2] }),
  "caseload-calm": caseload.caseloadCalm,
  "caseload-empty": caseload.caseloadEmpty,
  "caseload-nothing-found": caseload.caseloadNothingFound,
  trajectory: trajectory.trajectory,
  "trajectory-waiting": () => trajectory.trajectory({ waiting: true, saved: true }),
  "trajectory-new": trajectory.trajectoryNew,
  "trajectory-ended": trajectory.trajectoryUnknown,
  "form-contact": forms.contact,
  "form-contact-errors": forms.contactErrors,
};

const out = join(dirname(fileURLToPath(import.meta.url)), "..");
for (const [name, make] of Object.entries(PAGES)) writeFileSync(join(out, `${name}.html`), make());
console.log(`${Object.keys(PAGES).length} samples`);
