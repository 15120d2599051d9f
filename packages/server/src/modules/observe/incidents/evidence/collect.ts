import type {
  AuditEntry,
  IncidentComparison,
  IncidentEvidence,
  IncidentSegment,
  ProviderStatus,
} from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { scoresOf, whereSpans } from "../../traces/index.ts";
import type { IncidentsDeps } from "../deps.ts";
import { choosePairs, testPairs, testValues, toComparison, wholeOf } from "./compare-windows.ts";
import { CHANGE_WORDS, describeEntries, listAppeared } from "./list-changes.ts";
import { type MeasurePlan, planOf } from "./measure-plan.ts";
import { describeChange, findWorst } from "./name-worst.ts";
import { createSpanStore, type SpanStore, type ValueSums, type Where } from "./span-store.ts";
import { suggest } from "./suggest.ts";

/** The incident, as the evidence needs it. */
export type Case = {
  readonly incidentId: string;
  readonly filter: string | null;
  readonly measure: string | null;
  readonly from: Date;
  readonly to: Date;
};
type Deps = Pick<IncidentsDeps, "columnar" | "audit" | "namesOf" | "evidence">;
type Subject = { readonly scope: Scope; readonly subject: Case; readonly signal: AbortSignal };

const HALF_OF_TRACES = 25;
const MOST_CHANGES = 100;
/** Changes this long before the start are listed: twice the time range, within these limits. */
const LEAST_LEAD_MS = 2 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** Collects everything that is known about an incident. It reads texts of no trace. */
export function createCollector(deps: Deps) {
  const store = createSpanStore(deps.columnar, scoresOf);
  return async function collect({ scope, subject, signal }: Subject): Promise<IncidentEvidence> {
    const found = await compareAll(store, { scope, subject, signal });
    const { measure, plan, asked, wheres, comparisons, main, now, before, week } = found;
    const worst = main === null ? null : findWorst(plan, main);
    const events = plan.events(asked.limit === null ? "the limit" : Math.round(asked.limit).toLocaleString("en"));
    const entries = await readEntries(deps, scope, subject);
    return {
      measure,
      unit: plan.unit,
      events,
      sentence: describeChange({ plan, events, comparison: main, worst }),
      worst,
      comparisons,
      affected: await readAffected(store, { scope, subject, asked, where: wheres.now }),
      changes: await readChanges(deps, { scope, entries, worst, now, earlier: [before, week] }),
      providers: await readProviders(deps, store, { scope, wheres, signal }),
      drift: [...((await deps.evidence.listDrift?.(scope, subject)) ?? [])],
      suggestions: await suggest(deps.evidence, { scope, from: subject.from, worst, entries, now, before }),
    };
  };
}

/** The measure over all dimensions, now and in both earlier time ranges. The main comparison is the first with spans. */
async function compareAll(store: SpanStore, { scope, subject, signal }: Subject) {
  const measure = subject.measure ?? "errorRate";
  const plan = planOf(measure);
  const ranges = rangesOf(subject);
  const wheres = {
    now: whereOf(scope, subject, ranges.now),
    before: whereOf(scope, subject, ranges.before),
    week: whereOf(scope, subject, ranges.week),
  };
  const asked = { plan, limit: await readLimit(store, { scope, plan, wheres, signal }), signal };
  const now = await store.sumValues(scope.projectId, asked, wheres.now);
  const before = await store.sumValues(scope.projectId, asked, wheres.before);
  const week = await store.sumValues(scope.projectId, asked, wheres.week);
  const compare = createComparer(store, { scope, asked, now, where: wheres.now });
  const comparisons = [
    await compare({ against: "before", ...ranges.before, rows: before, where: wheres.before }),
    await compare({ against: "week", ...ranges.week, rows: week, where: wheres.week }),
  ];
  const main = comparisons.find((one) => one.before.n > 0) ?? comparisons[0] ?? null;
  return { measure, plan, asked, wheres, comparisons, main, now, before, week };
}

type Range = { readonly from: Date; readonly to: Date };
type Ranges = Readonly<Record<"now" | "before" | "week", Range>>;

function rangesOf({ from, to }: Case): Ranges {
  const length = to.getTime() - from.getTime();
  const moved = (ms: number): Range => ({ from: new Date(from.getTime() - ms), to: new Date(to.getTime() - ms) });
  return { now: { from, to }, before: moved(length), week: moved(WEEK_MS) };
}

const whereOf = ({ projectId }: Scope, { filter }: Case, { from, to }: Range): Where =>
  whereSpans(projectId, { ...(filter ? { filter } : {}), from: from.toISOString(), to: to.toISOString() });

type Wheres = Readonly<Record<"now" | "before" | "week", Where>>;

/** From the first time range that has spans, beginning with the time before. */
async function readLimit(
  store: SpanStore,
  { scope, plan, wheres, signal }: { scope: Scope; plan: MeasurePlan; wheres: Wheres; signal: AbortSignal },
): Promise<number | null> {
  for (const where of [wheres.before, wheres.week, wheres.now]) {
    const limit = await store.readLimit(scope.projectId, { plan, signal }, where);
    if (limit !== null) return limit;
  }
  return null;
}

type Asked = { readonly plan: MeasurePlan; readonly limit: number | null; readonly signal: AbortSignal };
type Against = Range & {
  readonly against: IncidentComparison["against"];
  readonly rows: readonly ValueSums[];
  readonly where: Where;
};

function createComparer(
  store: SpanStore,
  { scope, asked, now, where }: { scope: Scope; asked: Asked; now: readonly ValueSums[]; where: Where },
) {
  const { plan } = asked;
  return async function compare({ rows, where: earlier, ...range }: Against): Promise<IncidentComparison> {
    const whole = wholeOf(now, rows);
    const singles = whole.before.n === 0 ? [] : testValues(plan, { now, before: rows });
    const pairs = choosePairs(plan, singles, whole);
    const pairsNow = await store.sumPairs(scope.projectId, asked, { where, pairs });
    const pairsBefore = await store.sumPairs(scope.projectId, asked, { where: earlier, pairs });
    const none = { n: 0, sum: 0, squares: 0 };
    const sums = pairs.map((_, place) => ({ now: pairsNow[place] ?? none, before: pairsBefore[place] ?? none }));
    const tested = [...singles, ...testPairs(plan, { pairs, sums, singles, whole })];
    return toComparison(plan, { range, whole, tested });
  };
}

type Affected = { readonly scope: Scope; readonly subject: Case; readonly asked: Asked; readonly where: Where };

async function readAffected(
  store: SpanStore,
  { scope, subject, asked, where }: Affected,
): Promise<IncidentEvidence["affected"]> {
  const { plan, limit } = asked;
  const counted = await store.countAffected(scope.projectId, asked, where);
  const order = { where, seed: subject.incidentId, half: HALF_OF_TRACES };
  const rows = await store.listAffected(scope.projectId, asked, order);
  const own = plan.filter === null ? null : plan.filter(limit ?? 0);
  const isWhole = plan.isBad === "true";
  return {
    ...counted,
    filter: isWhole ? (subject.filter ?? "") : own && (subject.filter ? `(${subject.filter}) ${own}` : own),
    items: rows.map((row) => ({
      traceId: row.trace_id,
      spanId: row.span_id,
      at: new Date(row.at).toISOString(),
      value: row.value,
      model: row.model,
      endpoint: row.endpoint,
      errorType: row.error_type,
      chosen: row.is_worst ? "worst" : "random",
    })),
  };
}

function readEntries({ audit }: Deps, { projectId }: Scope, { from, to }: Case): Promise<AuditEntry[]> {
  const length = to.getTime() - from.getTime();
  const lead = Math.min(DAY_MS, Math.max(LEAST_LEAD_MS, 2 * length));
  return audit.listBetween(projectId, {
    from: new Date(from.getTime() - lead),
    to,
    words: CHANGE_WORDS,
    limit: MOST_CHANGES,
  });
}

type Changed = {
  readonly scope: Scope;
  readonly entries: readonly AuditEntry[];
  readonly worst: IncidentSegment | null;
  readonly now: readonly ValueSums[];
  readonly earlier: readonly (readonly ValueSums[])[];
};

async function readChanges({ namesOf }: Deps, { scope, entries, worst, now, earlier }: Changed) {
  const names = await namesOf(scope.projectId, [...new Set(entries.map(({ actor }) => actor))]);
  const changes = [...describeEntries(entries, { names, worst }), ...listAppeared({ now, earlier }, worst)];
  return changes.toSorted((a, b) => b.at.localeCompare(a.at) || a.title.localeCompare(b.title)).slice(0, MOST_CHANGES);
}

async function readProviders(
  { evidence }: Deps,
  store: SpanStore,
  { scope, wheres, signal }: { scope: Scope; wheres: Wheres; signal: AbortSignal },
): Promise<ProviderStatus[]> {
  const [now, before, breakers] = [
    await store.listProviders(scope.projectId, wheres.now, signal),
    await store.listProviders(scope.projectId, wheres.before, signal),
    await evidence.listBreakers(scope),
  ];
  return now.map(({ connection, provider, model, attempts, errors }) => {
    const isSame = (one: { connection: string; model: string }) => one.connection === connection && one.model === model;
    const earlier = before.find((one) => isSame(one) && one.provider === provider);
    return {
      connection,
      provider,
      model,
      attempts,
      errorRate: errors / attempts,
      beforeAttempts: earlier?.attempts ?? 0,
      beforeErrorRate: earlier ? earlier.errors / earlier.attempts : null,
      breaker: breakers.find(isSame)?.state ?? "closed",
    };
  });
}
