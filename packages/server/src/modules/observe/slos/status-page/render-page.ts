import type { PublicStatus } from "@treadle/contract";
import { escapeHtml } from "../../../../kernel/escape-html.ts";
import { utcMinute } from "../../../../kernel/readable-time.ts";
import { STYLE } from "./page-style.ts";

type State = PublicStatus["state"];
type Component = PublicStatus["components"][number];
type Note = PublicStatus["notes"][number];

const STATE_WORDS: Readonly<Record<State, string>> = {
  operational: "Operational",
  degraded: "Degraded",
  outage: "Outage",
  unknown: "No data",
};
const OVERALL_WORDS: Readonly<Record<State, string>> = {
  operational: "All components are operational",
  degraded: "There is a problem",
  outage: "There is an outage",
  unknown: "No recent data",
};
/** A shape for each state, so that colour is not the only sign. */
const SIGNS: Readonly<Record<State, string>> = { operational: "●", degraded: "▲", outage: "■", unknown: "○" };
const NOTE_WORDS: Readonly<Record<Note["state"], string>> = {
  investigating: "Investigating",
  identified: "Identified",
  monitoring: "Monitoring",
  resolved: "Resolved",
};
const percent = (share: number | null) => (share === null ? "no data" : `${(share * 100).toFixed(2)}%`);
const timeOf = (iso: string) => `<time datetime="${escapeHtml(iso)}">${escapeHtml(utcMinute(iso))}</time>`;

/** The page as HTML: without scripts, and with all text escaped. */
export function renderPage(status: PublicStatus): string {
  const { title, description, state, at, components, notes } = status;
  const open = notes.filter(({ resolvedAt }) => resolvedAt === null);
  const past = notes.filter(({ resolvedAt }) => resolvedAt !== null);
  const about = description === "" ? "" : `<p class="muted">${escapeHtml(description)}</p>`;
  return documentOf(
    title,
    `<h1>${escapeHtml(title)}</h1>${about}
<p class="card overall ${state}">${SIGNS[state]} ${OVERALL_WORDS[state]}</p>
${open.map(renderNote).join("\n")}
<h2>Components</h2>
${components.length === 0 ? '<p class="muted">No components are shown.</p>' : components.map(renderComponent).join("\n")}
<h2>Past incidents</h2>
${past.length === 0 ? '<p class="muted">No incidents were reported in the last 90 days.</p>' : past.map(renderNote).join("\n")}
<p class="foot muted">Uptime is the share of good requests, as each component states, and not a share of time. A day is marked only if its requests show for certain that the target was missed. Days are days of UTC. Updated ${timeOf(at)}.</p>`,
  );
}

export const renderMissing = () =>
  documentOf("Not found", "<h1>Not found</h1>\n<p>There is no status page at this address.</p>");

function documentOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const BAR_WIDTH = 8;
const BAR_STEP = 10;
const BAR_HEIGHT = 36;

function renderComponent({ name, state, measure, uptime, days }: Component): string {
  const bars = days.map(({ day, state: of, uptime: share }, place) => {
    const height = of === "unknown" ? BAR_HEIGHT / 2 : BAR_HEIGHT;
    const tip = `${day}: ${STATE_WORDS[of]}, ${percent(share)}`;
    return `<rect class="${of}" x="${place * BAR_STEP}" y="${BAR_HEIGHT - height}" width="${BAR_WIDTH}" height="${height}" rx="2"><title>${escapeHtml(tip)}</title></rect>`;
  });
  const label = `Uptime of ${name}, ${days.length} days: ${percent(uptime)}`;
  return `<section class="card">
<div class="head"><h3>${escapeHtml(name)}</h3><span class="state ${state}">${SIGNS[state]} ${STATE_WORDS[state]}</span></div>
<svg viewBox="0 0 ${Math.max(days.length, 1) * BAR_STEP} ${BAR_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(label)}">${bars.join("")}</svg>
<div class="ends muted"><span>${days.length} days ago</span><span>${percent(uptime)}</span><span>Today</span></div>
<p class="muted">${escapeHtml(measure)}</p>
${renderDays(days)}
</section>`;
}

/** The days that are not operational, as text. */
function renderDays(days: Component["days"]): string {
  const hasRequests = days.some(({ requests }) => requests !== null);
  const shown = days.filter(({ state }) => hasRequests || state === "degraded" || state === "outage").toReversed();
  if (shown.length === 0) return "";
  const rows = shown.map(
    ({ day, state, uptime, requests }) =>
      `<tr><td>${day}</td><td>${STATE_WORDS[state]}</td><td>${percent(uptime)}</td>${hasRequests ? `<td>${requests ?? 0}</td>` : ""}</tr>`,
  );
  const head = `<tr><th>Day</th><th>State</th><th>Uptime</th>${hasRequests ? "<th>Requests</th>" : ""}</tr>`;
  return `<details><summary>${hasRequests ? "All days" : "Days with problems"}</summary><table>${head}${rows.join("")}</table></details>`;
}

function renderNote({ title, components, state, updates }: Note): string {
  const of = components.length === 0 ? "" : `<p class="muted">${components.map(escapeHtml).join(", ")}</p>`;
  const list = updates.map(
    (update) =>
      `<li class="update"><strong>${NOTE_WORDS[update.state]}</strong> <span class="muted">${timeOf(update.at)}</span><p>${escapeHtml(update.text)}</p></li>`,
  );
  return `<article class="card"><div class="head"><h3>${escapeHtml(title)}</h3><span class="state">${NOTE_WORDS[state]}</span></div>${of}<ul>${list.join("")}</ul></article>`;
}
