import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createDelivery } from "./deliver-scores.ts";
import { createLiveScoreStore, type LiveScoreRow } from "./live-score-store.ts";
import { createRuleStore, type RuleRow } from "./rule-store.ts";
import { keepScores } from "./score-spans.ts";

const projectId = "proj_live";
const at = new Date("2026-11-26T12:00:00Z");
let postgres: PostgresStore;
let rule: RuleRow;

beforeAll(async () => {
  postgres = await openTestPostgres();
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Live', now())`);
  rule = {
    id: "rule_1",
    projectId,
    name: "all",
    filter: "",
    target: "generations",
    samplingRate: 1,
    scorers: [],
    scoreNames: [],
    budget: { usd: null, tokens: null },
    isEnabled: true,
    placeMs: 0,
    placeTraceId: "",
    placeSpanId: "",
    scored: 0,
    undefinedScores: 0,
    failed: 0,
    skipped: 0,
    spentDay: "",
    spentUsd: 0,
    spentTokens: 0,
    lastScoredAt: null,
    lastError: "",
    createdBy: "user_a",
    createdAt: at,
    updatedAt: at,
  };
  await createRuleStore(postgres.db).create(rule);
});
afterAll(() => postgres?.close());

const scoreOf = (spanId: string, more: Partial<LiveScoreRow> = {}): LiveScoreRow => ({
  ruleId: "rule_1",
  projectId,
  traceId: "t".repeat(32),
  spanId,
  name: "helpful",
  madeBy: "v1",
  state: "scored",
  value: 1,
  label: null,
  reason: "It is.",
  costUsd: 0.5,
  tokens: 10,
  scoredAt: at,
  batchId: "batch_1",
  ...more,
});
const progress = {
  scored: 1,
  undefined: 0,
  failed: 0,
  skipped: 0,
  day: "2026-11-26",
  usd: 0.5,
  tokens: 10,
  scoredAt: at,
};

/** A store that accepts a batch with a token once, like the engine. */
function openStore() {
  const batches = new Map<string, readonly unknown[]>();
  let isDying = false;
  return {
    batches,
    dieOnce: () => (isDying = true),
    async insert(_table: string, rows: readonly Readonly<Record<string, unknown>>[], { token = "" } = {}) {
      if (!batches.has(token)) batches.set(token, rows);
      if (!isDying) return;
      isDying = false;
      throw new Error("the process died after the insert");
    },
  };
}

test("a score that was inserted before the process died is not there twice", async () => {
  const store = openStore();
  const deliver = createDelivery({ db: postgres.db, columnar: store });
  await keepScores(postgres.db, rule, { rows: [scoreOf("a"), scoreOf("b")], progress });
  store.dieOnce();
  const signal = AbortSignal.timeout(10_000);
  await expect(deliver(projectId, signal)).rejects.toThrow("died");
  await deliver(projectId, signal);
  await deliver(projectId, signal);
  expect([...store.batches.keys()]).toEqual(["live-scores:batch_1"]);
  expect([...store.batches.values()].flat()).toMatchObject([
    { span_id: "a", name: "helpful", value: 1, source: "scorer", comment: "It is." },
    { span_id: "b" },
  ]);
});

test("what is scored stays as it is; what failed is replaced, and what has no score is brought nowhere", async () => {
  const store = openStore();
  const deliver = createDelivery({ db: postgres.db, columnar: store });
  const failed = scoreOf("c", { state: "failed", value: null, batchId: null });
  await keepScores(postgres.db, rule, { rows: [failed], progress });
  await deliver(projectId, AbortSignal.timeout(10_000));
  expect(store.batches.size).toBe(0);
  const again = [scoreOf("a", { value: 0, batchId: "batch_2" }), scoreOf("c", { batchId: "batch_2" })];
  await keepScores(postgres.db, rule, { rows: again, progress });
  await deliver(projectId, AbortSignal.timeout(10_000));
  expect([...store.batches.values()].flat()).toMatchObject([{ span_id: "c", value: 1 }]);
  const states = await createLiveScoreStore(postgres.db).listStates("rule_1", ["t".repeat(32)]);
  expect([...states.values()]).toEqual(["scored", "scored", "scored"]);
});

test("counts and costs add up over a day, and a price that is not known makes the day's cost unknown", async () => {
  const rules = createRuleStore(postgres.db);
  const day = "2026-11-27";
  expect(await rules.add(projectId, "rule_1", { ...progress, day })).toMatchObject({ spentUsd: 0.5, spentTokens: 10 });
  expect(await rules.add(projectId, "rule_1", { ...progress, day })).toMatchObject({ spentUsd: 1, spentTokens: 20 });
  const unknown = await rules.add(projectId, "rule_1", { ...progress, day, usd: null });
  expect(unknown).toMatchObject({ spentUsd: null, spentTokens: 30 });
  expect(await rules.add(projectId, "rule_1", { ...progress, day })).toMatchObject({ spentUsd: null });
});
