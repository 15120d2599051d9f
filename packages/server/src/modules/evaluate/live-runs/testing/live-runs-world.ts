import { LiveRuleInput, LiveScheduleInput, type ScorerSample, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobOrder } from "../../../../platform/jobs/port.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import { openEvals, scorerOf, scope as shared } from "../../experiments/testing/open-evals.ts";
import { createLiveScoring } from "../../live-scoring/service.ts";
import { createLiveRuns } from "../service.ts";

export const scope: Scope = {
  ...shared,
  permissions: new Set([...shared.permissions, "traces:read", "scorers:read", "scorers:write"]),
};
export const START = Date.parse("2026-03-02T12:00:00Z");
/** Ten minutes after the end of the first daily period. */
export const DUE = Date.parse("2026-03-03T03:10:00Z");
const SIGNAL = new AbortController().signal;

/** What a test sees and changes. */
type Live = {
  world: Awaited<ReturnType<typeof openEvals>>;
  rules: ReturnType<typeof createLiveScoring>;
  runs: ReturnType<typeof createLiveRuns>;
  handlers: Map<string, JobHandler<object, null>>;
  ruleId: string;
  time: number;
  spans: readonly Span[];
  /** Reads of spans that succeed before the server stops. */
  readsLeft: number;
  /** Called before a read of spans. */
  onRead: () => Promise<void>;
  /** Scoring waits for it. */
  held: Promise<void>;
  /** What the scorer saw. */
  samples: ScorerSample[];
  /** The jobs that were queued. */
  orders: JobOrder<unknown>[];
  isScorerGone: boolean;
};
const FRESH = () => ({
  time: START,
  spans: [],
  readsLeft: Number.POSITIVE_INFINITY,
  onRead: async () => undefined,
  held: Promise.resolve(),
  samples: [],
  orders: [],
  isScorerGone: false,
});
export const live = { ruleId: "", handlers: new Map(), ...FRESH() } as unknown as Live;

const clock = { now: () => live.time, elapsed: () => performance.now() };
const verdict = scorerOf("helpful", ({ output }) => ({ value: output.includes("good") ? 1 : 0, tokens: 7 }));
const helpful: typeof verdict = {
  ...verdict,
  async score(sample, options) {
    await live.held;
    live.samples.push(sample);
    return verdict.score(sample, options);
  },
};
const bind = (refs: Parameters<typeof live.world.bind>[0]) => {
  if (live.isScorerGone) throw notFound("scorer", "helpful");
  return live.world.bind(refs);
};

/** Runs of live rules over traces in memory, real runs, and one rule for each test. */
export function useLiveRuns(): void {
  beforeAll(async () => {
    live.world = await openEvals({});
    live.world.say(() => "", helpful);
  });
  afterAll(() => live.world?.close());
  beforeEach(async () => {
    Object.assign(live, FRESH());
    await live.world.db.execute(sql`DELETE FROM live_rules`);
    await live.world.db.execute(sql`DELETE FROM eval_runs`);
    open();
    live.ruleId = await createRule();
  });
}

/** A second call is a server after a restart. */
export function open(): void {
  const common = { db: live.world.db, audit: { record: async () => undefined }, clock };
  live.rules = createLiveScoring({
    ...common,
    columnar: { insert: async () => undefined } as never,
    jobs: { register: () => undefined, send: async () => "job_1" },
    scorers: { bind: async (_scope, refs) => bind(refs) },
    namesOf: async () => new Map(),
    endChecks: (...rule) => live.runs.endRule(...rule),
    traces: { listReceived: async () => ({ spans: [], end: null }), steps: {} as never, picked: picked as never },
  });
  live.handlers = new Map();
  live.runs = createLiveRuns({
    ...common,
    jobs: {
      register: ({ name }, given) => {
        live.handlers.set(name, given as never);
      },
      send: async (_tx, _scope, order) => `job_${live.orders.push(order)}`,
    },
    rules: live.rules,
    runs: live.world.evals.runs,
  });
}

/** Traces as the columnar store gives them: those of the period in the order of the seed. */
const picked = {
  async pick(_projectId: string, { from, to }: { from: string; to: string }, { seed }: { seed: number }) {
    const within = live.spans.filter(({ startTime }) => startTime >= from && startTime < to);
    const orderOf = ({ traceId }: Span) => (Number.parseInt(traceId.slice(-8), 16) * (seed | 1)) % 9_973;
    return within.toSorted((left, right) => orderOf(left) - orderOf(right));
  },
  async *read(_projectId: string, keys: readonly Span[]) {
    if (live.readsLeft-- <= 0) throw new Error("the server stopped");
    await live.onRead();
    for (const span of keys) yield { span, scores: [] };
  },
};

export const createRule = async (more: Partial<LiveRuleInput> = {}) => {
  const input = LiveRuleInput.parse({ name: `Rule ${Math.random()}`, scorers: [{ kind: "helpful" }], ...more });
  return (await live.rules.create(scope, input)).ruleId;
};
/** Answers at a time, each in its own trace. */
export const arrive = (count: number, startTime = "2026-03-02T18:00:00.000Z") => {
  const made = Array.from({ length: count }, (_, at) =>
    makeSpan({ startTime, input: "Where?", output: at % 2 ? "good" : "bad" }),
  );
  live.spans = [...live.spans, ...made];
  return made;
};
export const set = (more: Partial<LiveScheduleInput> = {}, of = live.ruleId) =>
  live.runs.set(scope, of, LiveScheduleInput.parse({ sampleSize: 20, ...more }));
export const check = () => live.handlers.get("live-runs")?.run({ scope, payload: {}, signal: SIGNAL } as never);

/** Deletes the rule, and runs the job that its deletion queued. */
export async function deleteRule(): Promise<void> {
  await live.rules.delete(scope, live.ruleId);
  const order = live.orders.findLast(({ kind }) => kind.name === "live-runs-end");
  await live.handlers.get("live-runs-end")?.run({ scope, payload: order?.payload, signal: SIGNAL } as never);
}
/** Scoring waits until the result is called. */
export function hold(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  live.held = promise;
  return resolve;
}

export const periods = async () => (await live.runs.listPeriods(scope, live.ruleId, { limit: 50 })).items;
export const ended = () =>
  vi.waitFor(async () => {
    const items = await periods();
    expect(items.every(({ state }) => state !== "scoring" && state !== "preparing")).toBe(true);
    return items;
  }, 20_000);
export const runsOfRule = async () =>
  (await live.world.evals.runs.list(scope, { ruleId: live.ruleId, search: "", limit: 50 })).items;
