import type { AuditEntry, IncidentEvidence, IncidentSegment, ProviderStatus } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { scoresOf } from "../../traces/index.ts";
import type { IncidentsDeps } from "../deps.ts";
import type { Case, Subject } from "./case.ts";
import { compareAll, type Wheres } from "./compare-all.ts";
import { CHANGE_WORDS, describeEntries, listAppeared } from "./list-changes.ts";
import { describeChange, findWorst } from "./name-worst.ts";
import type { Asked, Where } from "./span-source-store.ts";
import { createSpanStore, type SpanStore, type ValueSums } from "./span-store.ts";
import { suggest } from "./suggest.ts";

type Deps = Pick<IncidentsDeps, "columnar" | "audit" | "namesOf" | "evidence">;

const HALF_OF_TRACES = 25;
const MOST_CHANGES = 100;
/** Changes this long before the start are listed: twice the time range, within these limits. */
const LEAST_LEAD_MS = 2 * 3_600_000;

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
