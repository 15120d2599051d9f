import { guardPreviewsApi, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { guardRegistry as registry } from "../../../areas/guard-detectors.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import { notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../platform/jobs/open.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { whereSpans } from "../../observe/traces/index.ts";
import { makeSpan } from "../../observe/traces/testing/make-span.ts";
import { openTestTraces } from "../../observe/traces/testing/open-test-traces.ts";
import { createAudit } from "../../system/audit/index.ts";
import type { PreviewDeps } from "./deps.ts";
import { createGuardPreviews, judgeCalls } from "./index.ts";
import { createRunPreview } from "./run-preview.ts";

const BODY = guardPreviewsApi["POST /api/v1/guard-previews"].body;
const SECRET_RULE = { detector: "secrets", action: "block" };
const SECRET = ["gh", "p_", "pLaNtEd1b2C3d4E5f6G7h8I9j0KlMnOpQrSt"].join("");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const now = Date.now();

let time = now;
const clock = { now: () => time, elapsed: () => performance.now() };
let postgres: PostgresStore;
let traces: Awaited<ReturnType<typeof openTestTraces>>;
let jobs: JobsAdapter;
let scope: Scope;
let deps: PreviewDeps;
let previews: ReturnType<typeof createGuardPreviews>;

beforeAll(async () => {
  [postgres, traces] = await Promise.all([openTestPostgres(), openTestTraces(now)]);
});
afterAll(async () => {
  await jobs?.close();
  await Promise.all([postgres?.close(), traces?.close()]);
});
beforeEach(async () => {
  // Later than the stores receive anything.
  time = now + 3_600_000;
  const projectId = newId("proj");
  const { db } = postgres;
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set(["traces:read"]) };
  await jobs?.close();
  jobs = openJobs({ db, log: silent, isAlone: true, timing: { pollMs: 20 } });
  const policy = { rules: [rule()], appliesTo: { endpointId: "end_1", variant: null, keyId: null }, version: 2 };
  deps = {
    db,
    columnar: traces.columnar,
    jobs,
    guards: {
      registry,
      get: async (_scope, policyId) => {
        if (policyId !== "gpol_1") throw notFound("guard policy", policyId);
        return policy as never;
      },
      getVersion: async () => ({ ...policy, rules: [rule({ action: "flag" })] }) as never,
    },
    endpointNameOf: async (_scope, endpointId) => (endpointId === "end_1" ? "support" : undefined),
    judge: (order) => judgeCalls(order, { registry, languageOf: async () => "en" }),
    whereSpans,
    audit: createAudit({ db, clock }),
    clock,
    log: silent,
  };
  previews = createGuardPreviews(deps);
});

/** Previews whose jobs wait. */
const waiting = () =>
  createGuardPreviews({
    ...deps,
    jobs: {
      ...jobs,
      register() {},
      send: (tx, caller, order) => jobs.send(tx, caller, { ...order, runAt: new Date(Date.now() + DAY_MS) }),
    },
  });

const rule = (more: object = {}) => BODY.parse({ rules: [{ ...SECRET_RULE, ...more }] }).rules?.[0] ?? fail();
const fail = (): never => {
  throw new Error("no rule");
};
const input = (more: object = {}) => BODY.parse({ rules: [SECRET_RULE], ...more });
const at = (days: number, seconds = 0) => new Date(now - days * DAY_MS - seconds * 1_000).toISOString();
const textOf = (content: string) => [{ role: "user", parts: [{ type: "text", content }] }];
/** A call of the gateway. */
const call = (content: string, { attributes, ...more }: Partial<Span> = {}) =>
  makeSpan({
    startTime: at(1),
    input: textOf(content),
    attributes: { "treadle.wire": "chat", ...attributes },
    ...more,
  });
async function preview(more: object = {}) {
  const { previewId } = await previews.create(scope, input(more));
  return finish(previewId);
}
const finish = (previewId: string) =>
  vi.waitFor(
    async () => {
      const found = await previews.get(scope, previewId);
      expect(found.state).not.toBe("running");
      return found;
    },
    { timeout: 20_000, interval: 20 },
  );

test("stored calls of the gateway are judged under rules that are not stored", async () => {
  jobs.start();
  await traces.keep(scope, [
    call(`My key is ${SECRET}`, { endpoint: "support", traceId: "a".repeat(32) }),
    call("Hello", { endpoint: "support", startTime: at(2) }),
    call("Hello", { attributes: { "treadle.guard.action": "mask" } }),
    call("Hello", { kind: "embedding", input: "Hello" }),
    // No calls of the gateway, and too old.
    makeSpan({ startTime: at(1), input: textOf(SECRET) }),
    call(SECRET, { kind: "tool" }),
    call(SECRET, { startTime: at(8) }),
  ]);
  const { state, result, error, ...rest } = await preview();
  expect({ state, error }).toEqual({ state: "done", error: null });
  expect(rest).toMatchObject({ policyId: null, version: null, sampleSize: 20_000, createdBy: "user_1" });
  expect(Date.parse(rest.to) - Date.parse(rest.from)).toBe(7 * DAY_MS);
  expect(Date.parse(rest.expiresAt) - time).toBe(30 * DAY_MS);
  expect(result).toMatchObject({ matching: 4, read: 4, isSample: false, alreadyChanged: 1, texts: 4 });
  expect(result?.affected).toEqual({ count: 1, of: 4, share: 0.25, low: null, high: null });
  expect(result?.byEndpoint.map(({ name, read }) => [name, read])).toEqual([
    ["", 2],
    ["support", 2],
  ]);
  expect(result?.byDay).toHaveLength(2);
  expect(result?.examples).toMatchObject([
    { traceId: "a".repeat(32), kind: "github-token", source: "user", path: "input.0.parts.0.content", start: 10 },
  ]);
  expect(JSON.stringify(result)).not.toContain(SECRET);
});

test("a policy, its version, its calls and a filter decide what is read", async () => {
  jobs.start();
  await traces.keep(scope, [
    call(SECRET, { endpoint: "support", userId: "ada" }),
    call(SECRET, { endpoint: "support", variant: "new", attributes: { "treadle.actor": "key_1" } }),
    call(SECRET, { endpoint: "other" }),
    call(SECRET, { endpoint: "support", startTime: at(20) }),
  ]);
  const ofPolicy = { rules: undefined, policyId: "gpol_1" };
  const current = await preview(ofPolicy);
  expect(current).toMatchObject({ policyId: "gpol_1", version: 2, appliesTo: { endpointId: "end_1" } });
  expect(current.result).toMatchObject({ read: 2, actions: [{ action: "block", calls: { count: 2 } }] });
  // Unsaved rules of a policy are listed with it, and are no version of it.
  const unsaved = await preview({ policyId: "gpol_1" });
  expect(unsaved).toMatchObject({ policyId: "gpol_1", version: null, appliesTo: { endpointId: "end_1" } });
  const listed = await previews.list(scope, { limit: 9, policyId: "gpol_1" });
  expect(listed.items.map(({ previewId }) => previewId).toSorted()).toEqual(
    [current.previewId, unsaved.previewId].toSorted(),
  );
  expect(listed.items.map(({ affected }) => affected?.of)).toEqual([2, 2]);
  const earlier = await preview({ ...ofPolicy, version: 1 });
  expect(earlier).toMatchObject({ version: 1, result: { actions: [{ action: "flag" }], affected: { count: 0 } } });
  expect((await previews.list(scope, { limit: 9, policyId: "gpol_9" })).items).toEqual([]);
  const readOf = async (more: object) => (await preview(more)).result?.read;
  expect(await readOf({})).toBe(3);
  expect(await readOf({ days: 30 })).toBe(4);
  expect(await readOf({ filter: "user:ada" })).toBe(1);
  expect(await readOf({ ...ofPolicy, appliesTo: {} })).toBe(3);
  expect(await readOf({ appliesTo: { endpointId: "end_1", variant: "new" } })).toBe(1);
  expect(await readOf({ appliesTo: { keyId: "key_1" } })).toBe(1);
});

test("of more calls than the sample has, a random sample is read, and it says so", async () => {
  jobs.start();
  const spans = Array.from({ length: 60 }, (_, place) =>
    call(place % 2 ? SECRET : "Hello", { startTime: at(1, place) }),
  );
  await traces.keep(scope, spans);
  const { result } = await preview({ sampleSize: 20 });
  expect(result).toMatchObject({ matching: 60, read: 20, isSample: true });
  const { count = 0, low, high } = result?.affected ?? {};
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(20);
  expect(low).toBeLessThan(count / 20);
  expect(high).toBeGreaterThan(count / 20);
  // The same calls are drawn again.
  expect((await preview({ sampleSize: 20 })).result).toEqual(result);
});

test("a project without calls has a result without shares", async () => {
  jobs.start();
  expect((await preview()).result).toMatchObject({ matching: 0, read: 0, affected: { share: null, low: null } });
});

test("a job that stops continues behind the last call that it saved", async () => {
  const spans = Array.from({ length: 250 }, (_, place) =>
    call(place < 3 ? SECRET : "Hello", { startTime: at(1, place) }),
  );
  await traces.keep(scope, spans);
  time = Date.now();
  const { previewId } = await waiting().create(scope, input());
  const stop = new AbortController();
  let saved: unknown = null;
  let asked = 0;
  const sizes: number[] = [];
  const handler = createRunPreview({
    ...deps,
    // Time enough passes between two batches that each is saved.
    clock: { ...clock, elapsed: () => ++asked * 10_000 },
    judge: async (order) => {
      sizes.push(order.calls.length);
      if (sizes.length === 2) stop.abort(new Error("stopped"));
      return deps.judge(order);
    },
  });
  const run = (state: unknown, signal: AbortSignal) =>
    handler.run({
      jobId: "job_1",
      scope,
      payload: { previewId },
      state: state as never,
      signal,
      report() {},
      save: async (now: unknown) => {
        saved = JSON.parse(JSON.stringify(now));
      },
    });
  await expect(run(null, stop.signal)).rejects.toThrow("stopped");
  expect(saved).toMatchObject({ matching: 250, tally: { read: 200 } });
  // A call that is stored later is not read.
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(time));
  await traces.keep(scope, [call(SECRET, { startTime: at(1, 240.5) })]);
  await run(saved, new AbortController().signal);
  expect(sizes).toEqual([100, 100, 50]);
  expect((await previews.get(scope, previewId)).result).toMatchObject({
    read: 250,
    affected: { count: 3 },
    isSample: false,
  });
});

test("large calls are read a few at a time", async () => {
  await traces.keep(
    scope,
    Array.from({ length: 4 }, (_, place) => call("a ".repeat(900_000), { startTime: at(1, place) })),
  );
  const { previewId } = await waiting().create(scope, input());
  const sizes: number[] = [];
  const handler = createRunPreview({
    ...deps,
    judge: (order) => {
      sizes.push(order.calls.length);
      return deps.judge(order);
    },
  });
  const signal = new AbortController().signal;
  await handler.run({ jobId: "j", scope, payload: { previewId }, state: null, signal, report() {}, async save() {} });
  expect(sizes.every((size) => size <= 2)).toBe(true);
  expect((await previews.get(scope, previewId)).result).toMatchObject({
    read: 4,
    notScanned: [{ reason: "too-long", texts: 4, calls: 4 }],
    actions: [{ action: "block", calls: { count: 4 } }],
  });
});

test("previews are listed newest first without results, until they expire", async () => {
  jobs.start();
  const first = await preview();
  time += 1_000;
  const second = await preview({ days: 1 });
  const page = await previews.list(scope, { limit: 1 });
  expect(page.items).toEqual([{ ...second, result: null }]);
  const rest = await previews.list(scope, { limit: 5, cursor: page.nextCursor ?? "" });
  expect(rest.items.map(({ previewId }) => previewId)).toEqual([first.previewId]);
  time += 30 * DAY_MS;
  expect((await previews.list(scope, { limit: 5 })).items).toEqual([]);
  await expect(previews.get(scope, first.previewId)).rejects.toMatchObject({ code: "not_found" });
  // The next preview removes them from the store.
  await previews.create(scope, input());
  await vi.waitFor(async () => {
    const { rows } = await postgres.db.execute(
      sql`SELECT id FROM guard_previews WHERE project_id = ${scope.projectId}`,
    );
    expect(rows).toHaveLength(1);
  });
});

test("a failed preview says why, and its job can be repeated", async () => {
  let isBroken = true;
  await jobs.close();
  jobs = openJobs({
    db: postgres.db,
    log: silent,
    isAlone: true,
    timing: { pollMs: 20, firstWaitMs: 1, longestWaitMs: 2 },
  });
  previews = createGuardPreviews({
    ...deps,
    jobs,
    judge: async (order) => {
      if (isBroken) throw new Error("the detectors are away");
      return deps.judge(order);
    },
  });
  jobs.start();
  await traces.keep(scope, [call(SECRET)]);
  const failed = await preview();
  expect(failed).toMatchObject({ state: "failed", result: null });
  expect(failed.error).not.toBeNull();
  isBroken = false;
  await jobs.retry(scope, failed.jobId);
  await vi.waitFor(async () => expect((await previews.get(scope, failed.previewId)).state).toBe("done"), 20_000);
});

test("a deleted preview is gone, and its job is cancelled", async () => {
  previews = waiting();
  const { previewId, jobId, state } = await previews.create(scope, input());
  expect(state).toBe("running");
  await previews.delete(scope, previewId);
  expect((await jobs.get(scope, jobId)).status).toBe("cancelled");
  await expect(previews.get(scope, previewId)).rejects.toMatchObject({ code: "not_found" });
  await expect(previews.delete(scope, previewId)).rejects.toMatchObject({ code: "not_found" });
});

test("a cancelled job shows in its preview", async () => {
  previews = waiting();
  const { previewId, jobId } = await previews.create(scope, input());
  await jobs.cancel(scope, jobId);
  expect(await previews.get(scope, previewId)).toMatchObject({ state: "cancelled", error: null, result: null });
});

test.each([
  { why: "neither rules nor a policy", more: { rules: undefined }, code: "invalid_request", message: "Send `rules`" },
  {
    why: "rules with a version of a policy",
    more: { policyId: "gpol_1", version: 1 },
    code: "invalid_request",
    message: "Rules have no version",
  },
  { why: "a version without its policy", more: { version: 1 }, code: "invalid_request", message: "Send `rules`" },
  { why: "an unknown policy", more: { rules: undefined, policyId: "gpol_9" }, code: "not_found", message: "gpol_9" },
  {
    why: "an unknown detector",
    more: { rules: [{ detector: "magic" }] },
    code: "unprocessable",
    message: 'no detector "magic"',
  },
  {
    why: "wrong options",
    more: { rules: [{ detector: "words" }] },
    code: "unprocessable",
    message: "cannot use these",
  },
  {
    why: "an unknown endpoint",
    more: { appliesTo: { endpointId: "end_9" } },
    code: "unprocessable",
    message: 'no endpoint "end_9"',
  },
  {
    why: "a variant without its endpoint",
    more: { appliesTo: { variant: "new" } },
    code: "unprocessable",
    message: "Set `endpointId` too",
  },
])("$why is rejected with a reason", async ({ more, code, message }) => {
  await expect(previews.create(scope, input(more))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
  expect((await previews.list(scope, { limit: 5 })).items).toEqual([]);
});

test("a preview needs the right to read traces", async () => {
  const caller = { ...scope, permissions: new Set(["guards:write"] as const) };
  await expect(previews.create(caller, input())).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("traces:read"),
  });
});

test("another project has neither the preview nor its calls", async () => {
  jobs.start();
  await traces.keep(scope, [call(SECRET)]);
  const { previewId } = await preview();
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Other', now())`);
  scope = { ...scope, projectId };
  await expect(previews.get(scope, previewId)).rejects.toMatchObject({ code: "not_found" });
  await expect(previews.delete(scope, previewId)).rejects.toMatchObject({ code: "not_found" });
  expect((await preview()).result?.read).toBe(0);
});
