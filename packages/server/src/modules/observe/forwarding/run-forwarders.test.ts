import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "../../../kernel/ids.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { makeTestSpan } from "./make-test-span.ts";
import { createForwarderJob } from "./run-forwarders.ts";
import { createForwarderStore } from "./store.ts";

const START = Date.parse("2026-11-30T12:00:00.000Z");
const HOUR = 3_600_000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const span = makeTestSpan(START);

let postgres: PostgresStore;
let projectId: string;
let now = START;
let status = 200;
let requests = 0;

beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(async () => {
  await postgres.close();
});
beforeEach(async () => {
  [now, status, requests] = [START, 200, 0];
  await postgres.db.execute(sql`DELETE FROM forwarders`);
  projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
});

const store = () => createForwarderStore(postgres.db);
const find = async () => {
  const [row] = await store().list(projectId);
  if (!row) throw new Error("the forwarder is missing");
  return row;
};

/** The job of a project with one forwarder and one span that waits for it. */
async function openJob() {
  const at = new Date(START);
  await store().create({
    id: newId("fwd", START),
    projectId,
    name: "collector",
    url: "https://collector.test/v1/traces",
    headerNames: [],
    sealedHeaders: "",
    filter: "",
    includesContent: true,
    isEnabled: true,
    afterMs: START,
    afterTraceId: "",
    afterSpanId: "",
    sentSpans: 0,
    refusedSpans: 0,
    lastSentAt: null,
    lastError: "",
    failures: 0,
    nextTryAt: null,
    createdAt: at,
    updatedAt: at,
  });
  return createForwarderJob({
    db: postgres.db,
    traces: {
      async listReceived(_projectId, { after }) {
        const isSent = after.spanId === span.spanId;
        const end = { receivedMs: START + 1, traceId: span.traceId, spanId: span.spanId };
        return isSent ? { spans: [], end: null } : { spans: [span], end };
      },
    },
    outbound: {
      async checkUrl() {},
      dispatch: () => ({ abort() {}, resume() {} }),
      async request() {
        requests += 1;
        return { status, headers: {}, body: Buffer.from("{}") };
      },
      async close() {},
    },
    jobs: { register() {}, send: async () => "job_1" },
    headersOf: () => ({}),
    clock: { now: () => now, elapsed: () => now },
    log: silent,
  });
}

async function attempt(job: Awaited<ReturnType<typeof openJob>>, times: number) {
  for (let index = 0; index < times; index += 1) {
    await job.forwardDue({ projectId }, new AbortController().signal);
    now += HOUR;
  }
}

test.each([403, 404, 302])("a receiver that responds with %i is not asked after 20 rejections", async (code) => {
  const job = await openJob();
  status = code;
  await attempt(job, 30);
  expect(requests).toBe(20);
  expect(await find()).toMatchObject({
    isEnabled: false,
    sentSpans: 0,
    nextTryAt: null,
    lastError: expect.stringContaining(
      "Paused after 20 rejected attempts. Correct the address or the headers, then start the forwarder again.",
    ),
  });
});

test("a paused forwarder sends the waiting span after it is started again", async () => {
  const job = await openJob();
  status = 403;
  await attempt(job, 20);
  status = 200;
  const { id } = await find();
  await store().update(projectId, id, { isEnabled: true, updatedAt: new Date(now) });
  await attempt(job, 1);
  expect(await find()).toMatchObject({ isEnabled: true, sentSpans: 1, lastError: "" });
});

test("a receiver that is unavailable is retried without a limit", async () => {
  const job = await openJob();
  status = 503;
  await attempt(job, 30);
  expect(requests).toBe(30);
  expect(await find()).toMatchObject({ isEnabled: true, failures: 30 });
});

test("an unavailable receiver in between starts the count of rejections again", async () => {
  const job = await openJob();
  status = 403;
  await attempt(job, 19);
  status = 503;
  await attempt(job, 1);
  status = 403;
  await attempt(job, 19);
  expect(await find()).toMatchObject({ isEnabled: true, failures: 39 });
});
