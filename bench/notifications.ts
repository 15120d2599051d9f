// How long after its commit a notice arrives at a webhook on this machine, and what a storm of notices becomes.
// Usage: node bench/notifications.ts [--notices 300] [--projects 10] [--per-second 5] [--postgres URL]
// With --postgres it needs an empty PostgreSQL database. The storm takes two minutes, because its summary waits for one.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { PERMISSIONS, RouteInput } from "../packages/contract/src/index.ts";
import { systemClock as clock } from "../packages/server/src/kernel/clock.ts";
import { newId } from "../packages/server/src/kernel/ids.ts";
import type { Scope } from "../packages/server/src/kernel/scope.ts";
import { createAudit } from "../packages/server/src/modules/system/audit/index.ts";
import { createNotifications } from "../packages/server/src/modules/system/notifications/service.ts";
import { openReceiver } from "../packages/server/src/modules/system/notifications/testing/receiver.ts";
import { createOutbound } from "../packages/server/src/platform/outbound/open.ts";
import { openPostgres } from "../packages/server/src/platform/postgres/open.ts";
import { openTestSecrets } from "../packages/server/src/platform/secrets/testing/open-test-secrets.ts";
import { percentile } from "./gateway/gateway-load.ts";

const { values } = parseArgs({
  options: {
    notices: { type: "string", default: "300" },
    projects: { type: "string", default: "10" },
    "per-second": { type: "string", default: "5" },
    postgres: { type: "string" },
  },
});
const [count, projectCount] = [Number(values.notices), Number(values.projects)];
const gapMs = 1_000 / Number(values["per-second"]);
const GOAL_MS = 5_000;
const STORM = 200;
const PER_MINUTE = 10;
/** A channel sends at most 60 messages a minute, so that each of these notices is a message of its own. */
const MOST_PER_CHANNEL = 60;
if (count > MOST_PER_CHANNEL * projectCount)
  throw new Error(`Use at least ${Math.ceil(count / MOST_PER_CHANNEL)} projects for ${count} notices.`);

const folder = await mkdtemp(join(tmpdir(), "treadle-bench-notifications-"));
const postgres = await openPostgres({ folder: null, ...(values.postgres !== undefined && { url: values.postgres }) });
const outbound = createOutbound({ allow: ["127.0.0.1"] });
const receiver = await openReceiver();
const { db } = postgres;
const notifications = createNotifications({
  db,
  audit: createAudit({ db, clock }),
  secrets: await openTestSecrets({ folder }),
  outbound,
  clock,
  log: { debug() {}, info() {}, warn() {}, error: console.error },
  publicUrl: "https://treadle.test",
  projectNameOf: async () => "Shop",
  acknowledge: async () => "acknowledged",
});
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A project whose notices all go to the receiver. */
async function openProject(perMinute: number): Promise<Scope> {
  const projectId = newId("proj");
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Shop', now())`);
  const scope: Scope = { projectId, actor: "user_ada", userId: "user_ada", permissions: new Set(PERMISSIONS) };
  const target = { kind: "webhook", url: receiver.url } as const;
  const { channelId } = await notifications.channels.create(scope, {
    name: "On-call",
    target,
    perMinute,
    isEnabled: true,
  });
  await notifications.routes.create(scope, RouteInput.parse({ name: "All", channelIds: [channelId] }));
  return scope;
}

/** Commits one notice, and returns the time of the commit. */
async function commit(scope: Scope, { id, group }: { readonly id: string; readonly group: string }): Promise<number> {
  const notice = { key: id, title: "Error rate above 5 %", text: "12 of 100 calls failed.", facts: [], labels: {} };
  const links = [{ label: "Incident", path: `/incidents/${id}` }];
  const about = { subject: { kind: "incident", id }, event: "opened", severity: "warning" } as const;
  await db.transaction((tx) =>
    notifications.announce(tx, scope, { ...notice, ...about, group, links, at: new Date(clock.now()) }),
  );
  return performance.now();
}

async function measureArrival() {
  const scopes = await Promise.all(Array.from({ length: projectCount }, () => openProject(MOST_PER_CHANNEL)));
  const [committed, arrived] = [new Map<string, number>(), new Map<string, number>()];
  receiver.answer(({ body }) => {
    const { data } = JSON.parse(body);
    arrived.set(data.subject.id, performance.now());
    return { status: 200 };
  });
  for (let place = 0; place < count; place++) {
    const scope = scopes[place % projectCount];
    const id = `inc_${place}`;
    if (scope) committed.set(id, await commit(scope, { id, group: id }));
    // Uneven gaps, so that commits do not fall on the same places of the dispatcher's polls.
    await sleep((((place * 37) % 80) / 40) * gapMs);
  }
  for (let waits = 0; arrived.size < count && waits < 600; waits++) await sleep(100);
  const times = [...committed].map(([id, at]) => (arrived.get(id) ?? Number.POSITIVE_INFINITY) - at);
  return Float64Array.from(times).sort();
}

async function measureStorm() {
  const scope = await openProject(PER_MINUTE);
  const told = new Set<string>();
  let [requests, largest, omitted] = [0, 0, 0];
  receiver.answer(({ body }) => {
    const { data } = JSON.parse(body);
    requests += 1;
    largest = Math.max(largest, Buffer.byteLength(body));
    omitted += data.omitted ?? 0;
    for (const { subject } of data.notices ?? [data]) told.add(subject.id);
    return { status: 200 };
  });
  const startedAt = performance.now();
  for (let place = 0; place < STORM; place++) {
    // Twenty monitors with ten series each.
    await commit(scope, { id: `storm_${place}`, group: `mon_${place % 20}` });
    await sleep(Math.max(0, (place * 60_000) / STORM - (performance.now() - startedAt)));
  }
  while (told.size + omitted < STORM && performance.now() - startedAt < 180_000) await sleep(100);
  return { requests, largest, omitted, told: told.size, seconds: (performance.now() - startedAt) / 1_000 };
}

try {
  notifications.dispatcher.start();
  const times = await measureArrival();
  const [p50, p95, p99, worst] = [0.5, 0.95, 0.99, 1].map((share) => percentile(times, share));
  const format = (ms = 0) => `${ms.toFixed(0)} ms`;
  console.log(
    `${count} notices, ${values["per-second"]} per second, commit to arrival: p50 ${format(p50)}, p95 ${format(p95)}, p99 ${format(p99)}, longest ${format(worst)}; goal p99 <= ${GOAL_MS} ms ${(p99 ?? 0) <= GOAL_MS ? "met" : "MISSED"}`,
  );
  const { requests, largest, omitted, told, seconds } = await measureStorm();
  const isComplete = told + omitted === STORM;
  console.log(
    `${STORM} notices in a minute to a channel with ${PER_MINUTE} messages per minute: ${requests} requests with ${told} notices and ${omitted} counted as omitted, the largest with ${largest} bytes, the last after ${seconds.toFixed(0)} s; nothing lost: ${isComplete ? "yes" : "NO"}`,
  );
  process.exitCode = (p99 ?? 0) <= GOAL_MS && isComplete ? 0 : 1;
} finally {
  await notifications.dispatcher.close();
  await Promise.all([receiver.close(), outbound.close(), postgres.close()]);
  await rm(folder, { recursive: true, force: true });
}
