import { AnnotationRuleInput, type DriftTrigger, type Span } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../../../../kernel/errors.ts";
import type { JobHandler } from "../../../../../platform/jobs/port.ts";
import type { PostgresStore } from "../../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../../platform/postgres/testing/open-test-postgres.ts";
import { makeSpan } from "../../../../observe/traces/testing/make-span.ts";
import { type AnnotationWorld, openAnnotation } from "../../testing/open-annotation.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TRIGGER = { kind: "drift", columns: [{ of: "category", by: "model" }], share: 0.1 } as const;

let store: PostgresStore;
beforeAll(async () => {
  store = await openTestPostgres();
});
afterAll(() => store.close());

let world: AnnotationWorld;
let handler: JobHandler<object, null>;
let spans: Span[];
let asked: unknown[];
/** The first tenth of the window is unlike the days before, where something drifted. */
let isDrift: boolean;
let failure: AppError | null;

beforeEach(async () => {
  [spans, asked, isDrift, failure] = [[], [], true, null];
  const picked = {
    async pick(_projectId: string, { from, to }: { from: string; to: string }) {
      if (failure) throw failure;
      return spans.filter(({ startTime }) => startTime >= from && startTime <= to);
    },
    async *read(_projectId: string, keys: readonly Span[]) {
      for (const span of keys) yield { span, scores: [] };
    },
  };
  world = await openAnnotation(store, {
    traces: { picked } as never,
    jobs: {
      register: (_kind: unknown, registered: unknown) => {
        handler = registered as typeof handler;
      },
      send: async () => "job_1",
    } as never,
    ask: (async (_name: string, order: { columns: { current: unknown[] }[] }) => {
      asked.push(order);
      return order.columns.map(({ current }) => ({
        change: 0.4,
        pValue: isDrift ? 0.001 : 0.4,
        adjustedP: isDrift ? 0.003 : 0.4,
        isDrift,
        unlike: isDrift ? current.map((_, at) => 1 - at / 1_000) : [],
      }));
    }) as never,
  });
});

/** Spans at a time before now, each in a separate conversation unless one is given. */
function record(count: number, ago: number, more: Partial<Span> = {}) {
  const startTime = new Date(world.clock.now() - ago).toISOString();
  for (let at = 0; at < count; at++)
    spans.push(
      makeSpan({ startTime, input: [{ role: "user", parts: [{ type: "text", content: `Q${at}` }] }], ...more }),
    );
}
async function makeRule(trigger: Partial<DriftTrigger> = {}, more: object = {}) {
  const { queueId } = await world.makeQueue();
  const input = AnnotationRuleInput.parse({ name: "drift", trigger: { ...TRIGGER, ...trigger }, ...more });
  const { ruleId } = await world.annotation.rules.create(world.admin, queueId, input);
  return { queueId, ruleId };
}
const run = () =>
  handler.run({ scope: world.admin, signal: AbortSignal.timeout(5_000) } as Parameters<typeof handler.run>[0]);
const ruleOf = async (queueId: string) => (await world.annotation.rules.list(world.admin, queueId)).items[0];
const itemsOf = async (queueId: string) =>
  (await world.annotation.items.list(world.admin, queueId, { limit: 50, search: "" } as never)).items;

describe("a drift rule", () => {
  test("brings the share of a drifted window that is most unlike before, with why", async () => {
    record(60, 3 * DAY);
    record(60, 2 * HOUR);
    const { queueId } = await makeRule();
    await run();
    const items = await itemsOf(queueId);
    expect(items).toHaveLength(6);
    const reason = items.find(({ source }) => source.traceId === spans[60]?.traceId)?.reason;
    expect(reason).toBe(
      "Rule: drift · drift of model (PSI above noise 0.40, p = 0.0030 by Holm): in the 2 % of the window's sample that differ most from the 7 days before",
    );
    expect((await ruleOf(queueId))?.drift).toMatchObject({ looks: 1, alarms: 1, last: { outcome: "drift", taken: 6 } });
  });

  test("looks at each window once, when it is over, and at none that passed while it was paused", async () => {
    record(60, 3 * DAY);
    record(60, 2 * HOUR);
    isDrift = false;
    const { queueId, ruleId } = await makeRule();
    await run();
    await run();
    world.pass(23 * HOUR);
    await run();
    expect(asked).toHaveLength(1);
    record(60, HOUR);
    world.pass(HOUR);
    await run();
    expect(asked).toHaveLength(2);
    const place = { queueId, ruleId };
    await world.annotation.rules.update(world.admin, place, { isEnabled: false });
    world.pass(3 * DAY);
    record(60, HOUR);
    await world.annotation.rules.update(world.admin, place, { isEnabled: true });
    await run();
    expect(asked).toHaveLength(2);
    expect((await ruleOf(queueId))?.drift).toMatchObject({ looks: 2, alarms: 0, last: { outcome: "steady" } });
  });

  test("does not test the same traffic again after a change", async () => {
    record(60, 3 * DAY);
    record(60, 2 * HOUR);
    const { queueId, ruleId } = await makeRule();
    await run();
    const trigger = AnnotationRuleInput.shape.trigger.parse({ ...TRIGGER, alpha: 0.2 });
    await world.annotation.rules.update(world.admin, { queueId, ruleId }, { trigger });
    await run();
    expect(asked).toHaveLength(1);
    expect((await ruleOf(queueId))?.drift).toMatchObject({ looks: 0, alarms: 0, last: null });
  });

  test("says how much more is needed where there is too little, and counts turns of one conversation once", async () => {
    record(60, 3 * DAY);
    record(40, 2 * HOUR);
    record(30, 2 * HOUR, { sessionId: "one" });
    const { queueId } = await makeRule();
    await run();
    expect(asked).toEqual([]);
    const drift = (await ruleOf(queueId))?.drift;
    expect(drift).toMatchObject({ looks: 0, last: { outcome: "too-little" } });
    expect(drift?.last?.findings).toMatchObject([{ window: 41, reference: 60, lacks: { window: 9, reference: 0 } }]);
  });

  test("tells what a window shows also on a day that has its fill", async () => {
    record(60, 3 * DAY);
    record(60, 2 * HOUR);
    const { queueId } = await makeRule({}, { mostPerDay: 2 });
    await run();
    expect(await itemsOf(queueId)).toHaveLength(2);
    expect((await ruleOf(queueId))?.drift).toMatchObject({ alarms: 1 });
  });

  test("that could not look says why, waits, and then looks at the same window", async () => {
    record(60, 3 * DAY);
    record(60, 2 * HOUR);
    failure = new AppError("unavailable", { message: "The embedding model is away." });
    const { queueId } = await makeRule();
    await run();
    expect(await ruleOf(queueId)).toMatchObject({ lastError: "The embedding model is away.", drift: { looks: 0 } });
    failure = null;
    await run();
    expect(asked).toHaveLength(0);
    world.pass(HOUR / 6);
    await run();
    expect(await ruleOf(queueId)).toMatchObject({ lastError: "", drift: { looks: 1 } });
  });

  test("is refused with a window that is longer than what it is held against", async () => {
    await expect(makeRule({ windowHours: 48, referenceDays: 1 })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("the window of 48 hours is longer than the 1 reference"),
    });
  });

  test("can be looked for beforehand: nothing is added", async () => {
    record(60, 3 * DAY);
    record(60, 2 * HOUR);
    const { queueId } = await world.makeQueue();
    const trigger = AnnotationRuleInput.shape.trigger.parse(TRIGGER);
    if (trigger.kind !== "drift") throw new Error("not a drift");
    const scope = { ...world.admin, permissions: new Set([...world.admin.permissions, "traces:read" as const]) };
    const preview = await world.annotation.rules.lookForDrift(scope, queueId, trigger);
    expect(preview).toMatchObject({ outcome: "drift", taken: 6, spans: { length: 6 } });
    expect(preview.spans[0]).toMatchObject({ traceId: spans[60]?.traceId, preview: "Q0" });
    expect(await itemsOf(queueId)).toEqual([]);
    await expect(world.annotation.rules.lookForDrift(world.admin, queueId, trigger)).rejects.toThrow("traces:read");
  });
});
