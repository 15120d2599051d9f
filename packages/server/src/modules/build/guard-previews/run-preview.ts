import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import { type CallStore, type CallWhere, createCallStore } from "./call-store.ts";
import type { PreviewDeps } from "./deps.ts";
import type { PreviewPlan } from "./preview-plan.ts";
import { createPreviewStore } from "./store.ts";
import type { CallPlace } from "./stored-call.ts";
import { addCall, emptyTally, type TallyState } from "./tally.ts";
import { toResult } from "./to-result.ts";

const Payload = z.object({ previewId: z.string() });
type Payload = z.output<typeof Payload>;
const State = z.object({
  matching: z.number(),
  /** The limit of the sample; null if all calls are read. */
  threshold: z.string().nullable(),
  /** The last call that was counted. */
  after: z.custom<CallPlace>().nullable(),
  tally: z.custom<TallyState>(),
});
type State = z.output<typeof State>;
type Run = JobRun<Payload, State>;

export const previewJob: JobKind<Payload, State> = { name: "guard-preview", payload: Payload, state: State };

/** A page of places is read at once, and its calls in batches of at most this number and size. */
const PAGE = 500;
const BATCH_CALLS = 100;
const BATCH_BYTES = 4_000_000;
const SAVE_MS = 5_000;

/** Judges stored calls, newest first. After a restart it continues behind the last call that it counted and saved. */
export const createRunPreview = (deps: PreviewDeps): JobHandler<Payload, State> => ({
  async run(run) {
    const { scope, payload, signal } = run;
    const store = createPreviewStore(deps.db);
    const row = await store.find(scope.projectId, payload.previewId, new Date(deps.clock.now()));
    if (!row) throw new AppError("not_found", { message: "The preview was deleted." });
    const where = whereOf(deps, scope.projectId, row.plan);
    const calls = createCallStore(deps.columnar);
    const state = run.state ?? (await begin(calls, where, row.plan));
    await countAll(deps, run, { calls, where, plan: row.plan, state });
    signal.throwIfAborted();
    const { tally, matching, threshold } = state;
    const result = toResult({ rules: row.plan.rules, tally, matching, isSample: threshold !== null });
    await store.saveResult(scope.projectId, row.id, result);
    return { previewId: row.id, read: result.read };
  },
});

/** The calls that a preview reads. Calls that were stored after its start are left out, so that the sample stays the same. */
function whereOf({ whereSpans }: PreviewDeps, projectId: string, plan: PreviewPlan): CallWhere {
  const { filter, from, to, endpoint, appliesTo } = plan;
  const spans = whereSpans(projectId, { filter, from, to });
  const conditions: (readonly [sql: string, name: string, value: string | null])[] = [
    ["endpoint = {ofEndpoint:String}", "ofEndpoint", endpoint],
    ["variant = {ofVariant:String}", "ofVariant", appliesTo.variant],
    ["attributes['treadle.actor'] = {ofKey:String}", "ofKey", appliesTo.keyId],
    ["received_at <= fromUnixTimestamp64Milli({storedMs:Int64}, 'UTC')", "storedMs", String(Date.parse(to))],
  ];
  const own = conditions.filter(([, , value]) => value !== null);
  return {
    sql: [spans.sql, ...own.map(([sql]) => sql)].join(" AND "),
    params: { ...spans.params, ...Object.fromEntries(own.map(([, name, value]) => [name, value])) },
  };
}

async function begin(calls: CallStore, where: CallWhere, { sampleSize, rules }: PreviewPlan): Promise<State> {
  const matching = await calls.count(where);
  const threshold = matching > sampleSize ? await calls.findThreshold(where, sampleSize) : null;
  return { matching, threshold, after: null, tally: emptyTally(rules) };
}

type Reading = {
  readonly calls: CallStore;
  readonly where: CallWhere;
  readonly plan: PreviewPlan;
  readonly state: State;
};

async function countAll(deps: PreviewDeps, run: Run, { calls, where, plan, state }: Reading): Promise<void> {
  const { scope, signal, report, save } = run;
  const total = Math.min(state.matching, plan.sampleSize);
  let savedAt = deps.clock.elapsed();
  while (true) {
    report({ done: state.tally.read, total, unit: "calls", message: "Reading the stored calls" });
    const sampled = { ...where, threshold: state.threshold };
    const places = await calls.listPlaces(sampled, { after: state.after, limit: PAGE });
    if (places.length === 0) return;
    for (const batch of toBatches(places)) {
      signal.throwIfAborted();
      await countBatch(deps, scope.projectId, { calls, plan, state, batch });
      report({ done: state.tally.read });
      if (deps.clock.elapsed() - savedAt < SAVE_MS) continue;
      await save(state);
      savedAt = deps.clock.elapsed();
    }
  }
}

type Batch = Omit<Reading, "where"> & { readonly batch: readonly CallPlace[] };

async function countBatch(deps: PreviewDeps, projectId: string, { calls, plan, state, batch }: Batch): Promise<void> {
  const stored = await calls.read(projectId, batch);
  const verdicts = await deps.judge({ rules: plan.rules, calls: stored });
  for (const [place, call] of stored.entries()) {
    const verdict = verdicts[place];
    if (verdict) addCall(state.tally, plan.rules, { call, verdict });
  }
  const last = batch.at(-1);
  if (last) state.after = { micros: last.micros, traceId: last.traceId, spanId: last.spanId };
}

/** Batches by number and size. A call that is larger than a batch is alone. */
function toBatches(places: readonly (CallPlace & { readonly bytes: number })[]): CallPlace[][] {
  const batches: CallPlace[][] = [];
  let bytes = 0;
  for (const place of places) {
    const current = batches.at(-1);
    if (current && current.length < BATCH_CALLS && bytes + place.bytes <= BATCH_BYTES) {
      current.push(place);
      bytes += place.bytes;
    } else {
      batches.push([place]);
      bytes = place.bytes;
    }
  }
  return batches;
}
