import type { LiveRule } from "@treadle/contract";
import { LiveAgreementInput } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { JobHandler } from "../../../platform/jobs/port.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import type { IncidentOpening } from "../../observe/incidents/index.ts";
import { createAudit } from "../../system/audit/index.ts";
import { openLiveScoring } from "../live-scoring/index.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { createLiveAgreement } from "./service.ts";

vi.setConfig({ testTimeout: 240_000 });
const START = Date.parse("2026-03-01T12:00:00Z");
const SIGNAL = new AbortController().signal;
type Calibrated = Awaited<ReturnType<LiveAgreementDeps["newestCalibration"]>>;

let postgres: PostgresStore;
let columnar: Columnar;
let scope: Scope;
let time = START;
let opened: IncidentOpening[];
let recovered: string[];
let calibration: Calibrated;
let handler: JobHandler<{ agreementId: string | null }, null>;
let agreements: ReturnType<typeof createLiveAgreement>;
let fails = false;
const clock = { now: () => time, elapsed: () => performance.now() };

beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
beforeEach(async () => {
  [time, opened, recovered, calibration, fails] = [START, [], [], null, false];
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  await postgres.db.execute(sql`INSERT INTO live_rules (id, project_id, name, filter, target, sampling_rate, scorers, score_names,
    budget, is_enabled, place_ms, place_trace_id, place_span_id, scored, undefined_scores, failed, skipped, spent_day,
    spent_usd, spent_tokens, last_error, created_by, created_at, updated_at)
    VALUES (${`rule_${projectId}`}, ${projectId}, 'Helpful', '', 'generations', 1, '[]', '["helpful"]', '{}', true, 0, '', '',
    0, 0, 0, 0, '', 0, 0, '', 'user_1', now(), now())`);
  scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set(["traces:read", "scorers:write"]) };
  agreements = open();
});

/** A second one is a server after a restart. */
const open = () =>
  createLiveAgreement({
    db: postgres.db,
    columnar,
    jobs: {
      register: (_kind, given) => {
        handler = given as never;
      },
      send: async () => "job_1",
    },
    rules: { get: async () => ({ name: "Helpful", scorers: [], scoreNames: ["helpful"] }) as unknown as LiveRule },
    scorers: { bind: async () => [{ key: "helpful", output: { type: "number" } }] as never },
    newestCalibration: async () => calibration,
    ask: async () =>
      ({ kappa: { value: 0.8, interval: [0.6, 0.9], reason: null }, alpha: { value: null, reason: "" } }) as never,
    incidents: {
      open: async (_tx, _scope, opening) => {
        if (fails) throw new Error("the incident could not be opened");
        opened.push(opening);
        return "inc_1";
      },
      recover: async (_tx, _scope, { text }) => void recovered.push(text),
    },
    audit: createAudit({ db: postgres.db, clock }),
    clock,
    namesOf: async () => new Map([["user_1", "Ada"]]),
  });

const ruleId = () => `rule_${scope.projectId}`;
const create = (more: Partial<LiveAgreementInput> = {}) =>
  agreements.create(
    scope,
    ruleId(),
    LiveAgreementInput.parse({ score: "helpful", label: "thumbs", passAt: 0.5, ...more }),
  );
const run = () => handler.run({ scope, payload: { agreementId: null }, signal: SIGNAL } as never);
const get = async () => (await agreements.list(scope, ruleId())).items[0];
const days = async (agreementId: string) =>
  (await agreements.listDays(scope, { ruleId: ruleId(), agreementId }, { limit: 100 })).items;

let spans = 0;
type Sent = {
  readonly judge: number;
  readonly human: number;
  readonly isWhole?: boolean;
  readonly at?: number;
  readonly humanAt?: number;
};
/** Scores of a judge and of people at a time. */
async function send(at: number, pairs: readonly Sent[]) {
  const rows = pairs.flatMap(({ judge, human, isWhole = false, at: judgeAt = at, humanAt = judgeAt }) => {
    spans += 1;
    const traceId = `${spans}`.padStart(32, "0");
    const row = (name: string, value: number, more: { span_id: string; source: string; ms: number }) => ({
      project_id: scope.projectId,
      time: (more.ms / 1_000).toFixed(6),
      trace_id: traceId,
      span_id: more.span_id,
      name,
      value,
      label: "",
      comment: "",
      source: more.source,
    });
    return [
      row("helpful", judge, { span_id: "a".repeat(16), source: "scorer", ms: judgeAt }),
      row("thumbs", human, { span_id: isWhole ? "" : "a".repeat(16), source: "api", ms: humanAt }),
    ];
  });
  await columnar.insert("scores", rows);
}
const agreeing = (count: number): Sent[] => Array.from({ length: count }, () => ({ judge: 0.9, human: 1 }));
const opposing = (count: number): Sent[] => Array.from({ length: count }, () => ({ judge: 0.9, human: 0 }));

test("too few pairs are an answer, and each pair counts once on the day on which it became complete", async () => {
  await send(START - 3 * DAY_MS, [...agreeing(4), ...opposing(1)]);
  await send(START - 3 * DAY_MS, [{ judge: 0.9, human: 0, humanAt: START - DAY_MS }]);
  await send(START - 2 * DAY_MS, [{ judge: 0.2, human: 1, isWhole: true }]);
  await send(START, agreeing(3));
  const { agreementId, state, scale } = await create();
  expect([state, scale]).toEqual(["collecting", "pass"]);
  await run();
  await run();
  expect((await days(agreementId)).filter(({ pairs }) => pairs > 0)).toMatchObject([
    { day: "2026-02-28", pairs: 1, disagreements: 1 },
    { day: "2026-02-27", pairs: 1, disagreements: 1 },
    { day: "2026-02-26", pairs: 5, disagreements: 1 },
  ]);
  expect(await get()).toMatchObject({
    state: "collecting",
    note: "Not enough pairs: 7 pairs of the 50 that the reference needs.",
    recent: { pairs: 7, disagreements: 3, kappa: { value: null, reason: "Not enough pairs: 7 pairs of 30." } },
    lastDay: "2026-02-28",
  });
});

test("late pairs count on the day on which they are found, also after a restart, and none counts twice", async () => {
  const { agreementId } = await create();
  await run();
  await send(START - DAY_MS, agreeing(2));
  time += DAY_MS;
  await run();
  agreements = open();
  await run();
  time += 3 * DAY_MS;
  await send(START + 2 * DAY_MS, opposing(3));
  agreements = open();
  await Promise.all([run(), run()]);
  const counted = (await days(agreementId)).filter(({ pairs }) => pairs > 0).map(({ day, pairs }) => [day, pairs]);
  expect(counted).toEqual([
    ["2026-03-03", 3],
    ["2026-03-01", 2],
  ]);
  expect((await days(agreementId)).map(({ day }) => day)[0]).toBe("2026-03-04");
});

test("a judge that gets worse opens one incident, and an accepted rate resolves it", async () => {
  const { agreementId } = await create();
  const random = createRandom(5);
  /** Days that are evaluated together, in order, as after a time without the server. */
  const live = async (count: number, rate: number) => {
    const pairs = Array.from({ length: 15 * count }, (_, place) => {
      const at = time + Math.floor(place / 15) * DAY_MS;
      return { judge: 0.9, human: random.next() < rate ? 0 : 1, at };
    });
    await send(time, pairs);
    time += count * DAY_MS;
    await run();
  };
  await live(30, 0.1);
  expect(opened).toEqual([]);
  expect(await get()).toMatchObject({ state: "watching", note: "", recent: { kappa: { value: 0.8 } } });
  await live(12, 0.5);
  expect(opened).toHaveLength(1);
  expect(opened[0]).toMatchObject({
    source: { kind: "live-rule", id: ruleId(), name: "Helpful", series: "helpful" },
    severity: "warning",
    title: 'The judge "helpful" disagrees with people more often',
  });
  expect(await get()).toMatchObject({ state: "worse", reference: { kind: "first-pairs" } });
  const accepted = await agreements.accept(scope, { ruleId: ruleId(), agreementId });
  expect(accepted).toMatchObject({ state: "watching", evidence: 0, reference: { kind: "accepted" } });
  expect(accepted.reference?.rate.value).toBeGreaterThan(0.35);
  expect(recovered).toEqual(["A person accepted the new rate as the reference."]);
  await live(10, 0.5);
  expect(opened).toHaveLength(1);
});

test("a day whose incident cannot be opened is not stored, and is evaluated again", async () => {
  calibration = { calibrationId: "cal_1", createdAt: new Date(START), distances: Array(100).fill(0) };
  const { agreementId } = await create();
  await send(START + DAY_MS, opposing(20));
  time = START + 2 * DAY_MS;
  fails = true;
  await expect(run()).rejects.toThrow("could not be opened");
  expect((await days(agreementId))[0]?.day).toBe("2026-03-01");
  fails = false;
  await run();
  expect(opened).toHaveLength(1);
  expect((await days(agreementId))[0]).toMatchObject({ day: "2026-03-02", pairs: 20, disagreements: 20 });
});

test("a newer calibration is the reference and resolves the incident", async () => {
  calibration = { calibrationId: "cal_1", createdAt: new Date(START), distances: Array(100).fill(0) };
  await create();
  await send(START + DAY_MS, opposing(20));
  time = START + 2 * DAY_MS;
  await run();
  expect(await get()).toMatchObject({ state: "worse", reference: { kind: "calibration", calibrationId: "cal_1" } });
  calibration = {
    calibrationId: "cal_2",
    createdAt: new Date(time),
    distances: [...Array(20).fill(0), ...Array(20).fill(1)],
  };
  await run();
  expect(recovered).toEqual(["The judge was calibrated again. Its new calibration is the reference."]);
  expect(await get()).toMatchObject({
    state: "watching",
    evidence: 0,
    reference: { calibrationId: "cal_2", pairs: 40, disagreements: 20 },
  });
  calibration = { calibrationId: "cal_3", createdAt: new Date(time + HOUR_MS), distances: [0] };
  await run();
  expect((await get())?.reference?.calibrationId).toBe("cal_2");
});

test("a deleted rule resolves the incident of its judge", async () => {
  calibration = { calibrationId: "cal_1", createdAt: new Date(START), distances: Array(100).fill(0) };
  await create();
  await send(START + DAY_MS, opposing(20));
  time = START + 2 * DAY_MS;
  await run();
  expect(opened).toHaveLength(1);
  const { api: rules } = openLiveScoring({
    db: postgres.db,
    columnar,
    jobs: { register() {}, send: async () => "job_1" },
    traces: {} as never,
    scorers: { bind: async () => [] },
    audit: createAudit({ db: postgres.db, clock }),
    clock,
    namesOf: async () => new Map(),
    endChecks: agreements.endRule,
  });
  await rules.delete(scope, ruleId());
  expect(recovered).toEqual(["The live rule was deleted, so the agreement of its judge is no longer watched."]);
  expect(await get()).toBeUndefined();
  await run();
  expect(opened).toHaveLength(1);
});

test("numbers disagree when they are further apart than the tolerance", async () => {
  await send(START - DAY_MS, [
    { judge: 0.5, human: 0.7 },
    { judge: 0.5, human: 0.8 },
  ]);
  const { agreementId, scale } = await create({ passAt: null });
  expect(scale).toBe("number");
  await run();
  expect((await days(agreementId))[0]).toMatchObject({ pairs: 2, disagreements: 1 });
});

test("a score that the rule does not have, a second watch and another project are refused", async () => {
  await expect(create({ score: "other" })).rejects.toMatchObject({ code: "unprocessable" });
  const { agreementId } = await create();
  await expect(create()).rejects.toMatchObject({ code: "conflict" });
  const other = { ...scope, projectId: newId("proj") };
  await expect(agreements.accept(other, { ruleId: ruleId(), agreementId })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(agreements.delete(other, { ruleId: ruleId(), agreementId })).rejects.toMatchObject({
    code: "not_found",
  });
  await agreements.delete(scope, { ruleId: ruleId(), agreementId });
  expect(await get()).toBeUndefined();
});

test("the errors of a judge on live traffic come from the newest 20,000 pairs", async () => {
  const { agreementId } = await create();
  const add = (day: string, count: number, judge: number) =>
    postgres.db.execute(sql`INSERT INTO live_agreement_pairs (agreement_id, trace_id, span_id, day, human, judge, human_value,
      judge_value, disagrees) SELECT ${agreementId}, ${day} || place, 'a', ${day}, '1', '1', 1, ${judge}::int, false
      FROM generate_series(1, ${count}::int) AS place`);
  await add("2026-02-01", 50, 1);
  await add("2026-02-20", 500, 0);
  await add("2026-02-21", 19_900, 1);
  const errors = await agreements.liveErrors(scope.projectId, { score: "helpful", least: 0.5 });
  expect(errors).toMatchObject({ ruleId: ruleId(), counts: { truePositives: 19_900, falseNegatives: 100 } });
  expect(errors?.measuredAt.toISOString()).toBe("2026-02-21T00:00:00.000Z");
});
