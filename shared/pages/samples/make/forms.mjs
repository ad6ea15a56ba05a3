// A form for every kind of event. Each asks what matters; the rest is folded away.

import { alert, back, button, buttonLink, h1, html, p, page } from "./lib.mjs";
import { area, choice, date, decimal, errorSummary, field, integer, more, select } from "./fields.mjs";
import { AT, NOOR } from "./trajectory.mjs";

const TODAY = ["20", "11", "2025"];

/** The frame of a form that records an event. `attributes` are further data- of the form. */
export function logForm({ kind, title, who = "Noor", lead = "", body, save = "Vastleggen", before = null, attributes = "", at = AT, trajectory = NOOR, revision = 24, outbox, backTo = null, danger = false }) {
  return page({
    title: who ? `${title}: ${who}` : title, width: "narrow", outbox,
    body: html`
      ${back(backTo?.[0] ?? at, backTo?.[1] ?? who)}
      ${before}
      ${h1(title)}
      ${lead && p(lead, "lead")}
      <form class="form log" method="post" data-event-type="${kind}" data-trajectory="${trajectory}" data-organisation="ggz-voorbeeld" data-revision="${revision}"${attributes && ` ${attributes}`} novalidate>
        ${body}
        <div class="actions">
          ${button(danger ? "primary-action utrecht-button--danger" : "primary-action", save)}
          ${buttonLink(backTo?.[0] ?? at, "subtle", "Annuleren")}
        </div>
      </form>`,
  });
}

// ---- Contact -------------------------------------------------------------------------------------------------------------------

const WITH = [["client", "Cliënt"], ["employer", "Werkgever"], ["care_team", "Zorgteam"], ["uwv", "UWV"], ["municipality", "Gemeente"], ["family", "Familie"]];
const CHANNEL = [["in_person", "Op locatie"], ["phone", "Telefoon"], ["video", "Videobellen"], ["message", "Bericht"]];

const contactBody = ({ channelError = "", channel = null, dateError = "", day = TODAY, note = "", minutes = "", minutesError = "" } = {}) => html`
  ${choice({ id: "met-wie", name: "with", legend: "Met wie?", choices: WITH, checked: "client" })}
  ${choice({ id: "hoe", name: "channel", legend: "Hoe?", choices: CHANNEL, checked: channel, error: channelError })}
  ${date({ name: "occurred_on", legend: "Wanneer?", value: day, today: true, error: dateError })}
  ${area({ id: "notitie", name: "note", label: "Notitie", optional: true, value: note, rows: 3 })}
  ${more("Duur vastleggen", integer({ id: "minuten", name: "minutes", label: "Hoe lang duurde het?", optional: true, unit: "minuten", value: minutes, error: minutesError }), minutes !== "")}`;

export const contact = () => logForm({ kind: "contact", title: "Contact vastleggen", body: contactBody() });

export const contactErrors = () => logForm({
  kind: "contact", title: "Contact vastleggen",
  before: errorSummary([["hoe", "Kies hoe het contact was"], ["occurred-on-day", "De datum ligt in de toekomst"]]),
  body: contactBody({ channelError: "Kies hoe het contact was.", day: ["21", "11", "2025"], dateError: "De datum ligt in de toekomst. Vandaag is het 20 november 2025.", note: "Gaat goed op het werk." }),
});
