import type { PublicStatus, Severity, Slo, SloDay } from "@treadle/contract";
import { isShareAbove } from "@treadle/metrics";
import type { SloHistory } from "./deps.ts";
import type { NoteRow, PageRow } from "./status-store.ts";

type State = PublicStatus["state"];
type Component = PublicStatus["components"][number];

/** Worst first. Without data of one component, the others decide. */
const WORST: readonly State[] = ["outage", "degraded", "operational", "unknown"];
/** A larger bad share is an outage. */
const OUTAGE_SHARE = 0.5;

/** What uptime means for an indicator. It names no threshold, score or policy. */
const MEASURES: Readonly<Record<Slo["indicator"]["kind"], string>> = {
  availability: "Share of requests without an error",
  latency: "Share of requests answered in time",
  timeToFirstToken: "Share of answers that began in time",
  score: "Share of checked answers that were good enough",
  guardBlocks: "Share of requests that were not blocked",
};

export type Facts = SloHistory & {
  readonly name: string;
  readonly incidents: readonly Severity[];
};

function worstOf(states: readonly State[]): State {
  return WORST.find((state) => states.includes(state)) ?? "unknown";
}

/** A component without its SLO's name, endpoint, filter, objective and thresholds. */
export function toComponent({ name, slo, days, incidents }: Facts, showsRequests: boolean): Component {
  const n = days.reduce((sum, day) => sum + day.n, 0);
  const bad = days.reduce((sum, day) => sum + day.bad, 0);
  return {
    name,
    state: presentState(slo, incidents),
    measure: MEASURES[slo.indicator.kind],
    uptime: n === 0 ? null : roundShare(1 - bad / n),
    days: days.map((day) => ({
      day: day.day,
      state: stateOfDay(slo, day),
      uptime: day.good === null ? null : roundShare(day.good),
      requests: showsRequests ? day.n : null,
    })),
  };
}

/** Two decimals of a percentage: more would reveal how many requests there were. Only a share of exactly 1 is 100 %. */
const roundShare = (share: number) => (share === 1 ? 1 : Math.floor(share * 10_000) / 10_000);

function presentState({ status, objective }: SloHistory["slo"], incidents: readonly Severity[]): State {
  const lastHour = status.burns.find(({ minutes }) => minutes === 60);
  const isOut = lastHour !== undefined && (lastHour.lower ?? 0) * (1 - objective) > OUTAGE_SHARE;
  if (isOut || incidents.includes("critical")) return "outage";
  const isUrgent = status.alerts.some(({ isExceeded, severity }) => isExceeded && severity === "critical");
  if (isUrgent || incidents.includes("warning")) return "degraded";
  return status.n === 0 ? "unknown" : "operational";
}

/** Only what is certain: one bad request of two is not an outage. */
function stateOfDay({ objective }: SloHistory["slo"], { n, bad }: SloDay): State {
  if (n === 0) return "unknown";
  if (isShareAbove({ successes: bad, n }, OUTAGE_SHARE)) return "outage";
  return isShareAbove({ successes: bad, n }, 1 - objective) ? "degraded" : "operational";
}

/** A component with an open note is at least degraded, until the note says that the cause is fixed. */
function asNoted(component: Component, open: readonly NoteRow[]): Component {
  const isNamed = open.some(({ components }) => components.includes(component.name));
  return isNamed ? { ...component, state: worstOf([component.state, "degraded"]) } : component;
}

type View = { readonly components: readonly Component[]; readonly notes: readonly NoteRow[]; readonly now: number };

export function toPublicStatus(page: PageRow, { components, notes, now }: View): PublicStatus {
  const open = notes.filter(({ state }) => state === "investigating" || state === "identified");
  const shown = components.map((component) => asNoted(component, open));
  const states = [...shown.map(({ state }) => state), ...open.map(() => "degraded" as const)];
  return {
    slug: page.slug,
    title: page.title,
    description: page.description,
    state: worstOf(states),
    at: new Date(now).toISOString(),
    components: shown,
    notes: notes.map((note) => ({
      title: note.title,
      components: note.components,
      state: note.state,
      updates: note.updates,
      createdAt: note.createdAt.toISOString(),
      resolvedAt: note.resolvedAt?.toISOString() ?? null,
    })),
  };
}
