import { GUARD_DETECTORS, GuardDetector, guardDetectorsApi, LATE_GUARD_DETECTORS, type Span } from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { guardRegistry as registry } from "../../../areas/guard-detectors.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import { notFound } from "../../../kernel/errors.ts";
import { newId, newSpanId, newTraceId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { makeSpan } from "../../observe/traces/testing/make-span.ts";
import { openTestTraces } from "../../observe/traces/testing/open-test-traces.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createGuardDetectors } from "./index.ts";

const BODY = guardDetectorsApi["PUT /api/v1/guard-labels"].body;
const FIGURE = {
  set: "one",
  about: "attacks",
  measure: "recall" as const,
  at: 0.01,
  texts: 10,
  value: 0.5,
  low: 0.2,
  high: 0.8,
};
/** Detectors that answer later. */
const late = {
  names: new Set(LATE_GUARD_DETECTORS),
  of: () => new Map(LATE_GUARD_DETECTORS.map((name) => [name, { name, version: 7, find: async () => [] }])),
};
const now = Date.now();
let time = now;
const clock = { now: () => time, elapsed: () => time };
let postgres: PostgresStore;
let traces: Awaited<ReturnType<typeof openTestTraces>>;
let scope: Scope;
let detectors: ReturnType<typeof createGuardDetectors>;
const span = { traceId: newTraceId(), spanId: newSpanId() };

beforeAll(async () => {
  [postgres, traces] = await Promise.all([openTestPostgres(), openTestTraces(now)]);
});
afterAll(() => Promise.all([postgres?.close(), traces?.close()]));
beforeEach(async () => {
  const projectId = newId("proj");
  const { db } = postgres;
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set() };
  const versions: Readonly<Record<string, readonly string[]>> = {
    "gpol_1 1": ["secrets"],
    "gpol_1 2": ["secrets", "injection"],
  };
  detectors = createGuardDetectors({
    db,
    columnar: traces.columnar,
    guards: {
      registry: { ...registry, late },
      async getVersion(_scope, policyId, version) {
        const names = versions[`${policyId} ${version}`];
        if (!names) throw notFound("guard policy", policyId);
        return { rules: names.map((detector) => ({ detector })) } as never;
      },
    },
    figuresOf: (name) => (name === "injection" ? [FIGURE] : []),
    audit: createAudit({ db, clock }),
    clock,
  });
  await traces.keep(scope, [makeSpan({ ...span, startTime: new Date(now - 20 * DAY_MS).toISOString() })]);
});

const label = (more: object = {}) =>
  BODY.parse({
    ...span,
    detector: "secrets",
    kind: "github-token",
    path: "input",
    start: 0,
    end: 40,
    isRight: true,
    ...more,
  });
const as = (actor: string): Scope => ({ ...scope, actor });
const numbersOf = async (name: string): Promise<GuardDetector> => {
  const { items } = await detectors.list(scope, { limit: 200 });
  return items.find((one) => one.name === name) ?? expect.unreachable(`no detector ${name}`);
};
type Guarded = { readonly version: number; readonly found?: readonly string[] };
const guarded = ({ version, found = [] }: Guarded, more: Partial<Span> = {}) =>
  makeSpan({
    endpoint: "support",
    startTime: new Date(now - DAY_MS).toISOString(),
    attributes: {
      "treadle.guard.policy": "gpol_1",
      "treadle.guard.version": version,
      ...(found.length > 0 && {
        "treadle.guard.findings": found.map((detector) => ({ detector, kind: "k", count: 2 })),
      }),
    },
    ...more,
  });

test("every detector is listed with its version and what it finds", async () => {
  const { items, nextCursor } = await detectors.list(scope, { limit: 200 });
  expect(nextCursor).toBeNull();
  expect(items.map(({ name }) => name)).toEqual(GUARD_DETECTORS.toSorted());
  for (const one of items) {
    expect(GuardDetector.parse(one)).toEqual(one);
    expect(one.description).toMatch(/\.$/);
  }
  expect(await numbersOf("secrets")).toMatchObject({
    isDeterministic: true,
    figures: [],
    precision: { count: 0, of: 0, share: null, low: null },
    fired: { of: 0, share: null },
    byEndpoint: [],
    byDay: [],
  });
  expect(await numbersOf("injection")).toMatchObject({ isDeterministic: false, figures: [FIGURE] });
  expect(await numbersOf("tool-policy")).toMatchObject({ isDeterministic: true, version: 1 });
  expect(await numbersOf("judge")).toMatchObject({ isDeterministic: false, version: 7 });
  const first = await detectors.list(scope, { limit: 5 });
  const second = await detectors.list(scope, { limit: 5, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(items.slice(0, 10).map(({ name }) => name));
});

test("the newest label of a person counts, and each finding counts once by the majority of people", async () => {
  await detectors.setLabel(scope, label({ isRight: false }));
  time += 1_000;
  const changed = await detectors.setLabel(scope, label());
  expect(changed).toMatchObject({ isRight: true, actor: "user_1" });
  expect(Date.parse(changed.updatedAt) - Date.parse(changed.createdAt)).toBe(1_000);
  await detectors.setLabel(as("user_2"), label());
  await detectors.setLabel(as("user_3"), label({ isRight: false }));
  // A false alarm, a finding without a majority, and one of another detector.
  await detectors.setLabel(scope, label({ start: 50, end: 60, isRight: false }));
  await detectors.setLabel(scope, label({ path: "output" }));
  await detectors.setLabel(as("user_2"), label({ path: "output", isRight: false }));
  await detectors.setLabel(scope, label({ detector: "injection", kind: "injection" }));
  const { precision, disputed } = await numbersOf("secrets");
  const [low, high] = wilsonInterval({ successes: 1, n: 2 }) ?? [];
  expect({ precision, disputed }).toEqual({ precision: { count: 1, of: 2, share: 0.5, low, high }, disputed: 1 });
  expect((await numbersOf("injection")).precision).toMatchObject({ count: 1, of: 1, share: 1 });
  // A finding of a detector that answers later can be labeled too.
  await detectors.setLabel(scope, label({ detector: "judge", kind: "judged" }));
  expect((await numbersOf("judge")).precision).toMatchObject({ count: 1, of: 1 });
});

test("labels are listed newest first, by detector or trace, and can be deleted", async () => {
  const stored = [];
  for (const start of [0, 1, 2]) {
    time += 1_000;
    stored.push(await detectors.setLabel(scope, label({ start })));
  }
  const page = await detectors.listLabels(scope, { limit: 2 });
  expect(page.items).toEqual([stored[2], stored[1]]);
  const rest = await detectors.listLabels(scope, { limit: 2, cursor: page.nextCursor ?? "" });
  expect(rest).toEqual({ items: [stored[0]], nextCursor: null });
  expect((await detectors.listLabels(scope, { limit: 9, detector: "injection" })).items).toEqual([]);
  expect((await detectors.listLabels(scope, { limit: 9, traceId: span.traceId })).items).toHaveLength(3);
  await detectors.setLabel(scope, label({ start: 1, isRight: false }));
  const wrong = await detectors.listLabels(scope, { limit: 9, isRight: false });
  expect(wrong.items.map(({ guardLabelId }) => guardLabelId)).toEqual([stored[1]?.guardLabelId]);
  await detectors.deleteLabel(scope, stored[0]?.guardLabelId ?? "");
  expect((await numbersOf("secrets")).precision.of).toBe(2);
  await expect(detectors.deleteLabel(scope, stored[0]?.guardLabelId ?? "")).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a label of an unknown detector or span is rejected", async () => {
  await expect(detectors.setLabel(scope, label({ detector: "magic" }))).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining('no detector "magic"'),
  });
  await expect(detectors.setLabel(scope, label({ spanId: newSpanId() }))).rejects.toMatchObject({ code: "not_found" });
  expect(BODY.safeParse({ ...label(), end: 0 }).success).toBe(false);
});

test("another project sees no label and cannot delete it", async () => {
  const { guardLabelId } = await detectors.setLabel(scope, label());
  const other = { ...scope, projectId: "proj_other" };
  await expect(detectors.setLabel(other, label())).rejects.toMatchObject({ code: "not_found" });
  await expect(detectors.deleteLabel(other, guardLabelId)).rejects.toMatchObject({ code: "not_found" });
  expect((await detectors.listLabels(other, { limit: 9 })).items).toEqual([]);
});

test("a detector fired in a share of the calls whose policy had it", async () => {
  await traces.keep(scope, [
    guarded({ version: 2, found: ["secrets", "secrets", "injection"] }),
    guarded({ version: 2 }),
    guarded({ version: 1, found: ["secrets"] }),
    guarded({ version: 1 }, { endpoint: "" }),
    // Of a policy that was deleted, and too old.
    guarded({ version: 2 }, { attributes: { "treadle.guard.policy": "gpol_9", "treadle.guard.version": 1 } }),
    guarded({ version: 1, found: ["secrets"] }, { startTime: new Date(now - 9 * DAY_MS).toISOString() }),
    makeSpan({ endpoint: "support", startTime: new Date(now - DAY_MS).toISOString() }),
  ]);
  const secrets = await numbersOf("secrets");
  const [low, high] = wilsonInterval({ successes: 2, n: 4 }) ?? [];
  expect(secrets.fired).toEqual({ count: 2, of: 4, share: 0.5, low, high });
  expect(secrets.byEndpoint.map(({ endpoint, calls }) => [endpoint, calls.count, calls.of])).toEqual([
    ["support", 2, 3],
    ["", 0, 1],
  ]);
  expect(secrets.byDay.map(({ day, calls }) => [day, calls.count, calls.of])).toEqual([
    [new Date(now - DAY_MS).toISOString().slice(0, 10), 2, 4],
  ]);
  expect((await numbersOf("injection")).fired).toMatchObject({ count: 1, of: 2 });
  expect((await numbersOf("words")).fired).toMatchObject({ count: 0, of: 0, share: null });
});
