import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PERMISSIONS, RouteInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Scope } from "../kernel/scope.ts";
import { createIncidents } from "../modules/observe/incidents/service.ts";
import { NO_MEANS } from "../modules/observe/incidents/testing/incident-world.ts";
import { createWorld, minuteOf } from "../modules/observe/monitors/testing/monitor-world.ts";
import { createAudit } from "../modules/system/audit/index.ts";
import { createComments } from "../modules/system/comments/index.ts";
import { createNotifications } from "../modules/system/notifications/service.ts";
import { openReceiver, type Receiver } from "../modules/system/notifications/testing/receiver.ts";
import type { Columnar } from "../platform/columnar/port.ts";
import { openTestColumnar } from "../platform/columnar/testing/open-test-columnar.ts";
import { createOutbound } from "../platform/outbound/open.ts";
import type { Postgres, PostgresStore } from "../platform/postgres/port.ts";
import { openTestPostgres } from "../platform/postgres/testing/open-test-postgres.ts";
import { openTestSecrets } from "../platform/secrets/testing/open-test-secrets.ts";

vi.setConfig({ testTimeout: 480_000 });
const MINUTE = 60_000;
const ONCE = ["ok to firing", "firing to recovering", "recovering to ok"];
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const outbound = createOutbound({ allow: ["127.0.0.1"] });

let postgres: PostgresStore;
let columnar: Columnar;
let folder: string;
let secrets: Awaited<ReturnType<typeof openTestSecrets>>;
let receiver: Receiver;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-alerts-"));
  [postgres, columnar, secrets] = await Promise.all([
    openTestPostgres(),
    openTestColumnar(),
    openTestSecrets({ folder }),
  ]);
});
afterAll(async () => {
  await Promise.all([postgres?.close(), columnar?.close(), outbound.close()]);
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

const CHANGES = new Set<PropertyKey>(["transaction", "insert", "update", "delete", "execute"]);

/** A database that allows so many changes. Then its process is dead: every later use fails, and the change is not stored. */
function mortal(db: Postgres, changes: number) {
  let left = changes;
  const life = { isDead: false };
  const guarded = new Proxy(db, {
    get(target, name, owner) {
      const value = Reflect.get(target, name, owner);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        if (CHANGES.has(name) && left-- <= 0) life.isDead = true;
        if (life.isDead) throw new Error("crash");
        return Reflect.apply(value, target, given);
      };
    },
  });
  return { db: guarded, life };
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** A process with monitors, incidents and notifications that dies after so many changes. */
function startProcess({ clock, open, scope }: World, changes: number) {
  const { db, life } = mortal(postgres.db, changes);
  const audit = createAudit({ db, clock });
  const notifications = createNotifications({
    db,
    audit,
    secrets,
    outbound,
    clock,
    log: silent,
    publicUrl: "https://treadle.test",
    projectNameOf: async () => "Shop",
    random: () => 0,
    acknowledge: async () => "not-found",
  });
  const namesOf = async () => new Map([["user_ada", "Ada"]]);
  const incidents = createIncidents({
    db,
    columnar,
    audit,
    clock,
    log: silent,
    jobs: { register() {}, send: async () => "job_1" },
    comments: createComments({ db, audit, clock, namesOf, membersOf: async () => [], async mention() {} }),
    announce: notifications.announce,
    namesOf,
    isMember: async () => true,
    evidence: NO_MEANS,
  });
  const monitors = open({ db, incidents: incidents.sink, announce: notifications.announce });
  return {
    life,
    notifications,
    incidents,
    /** Evaluates what is due and sends what is to be sent. */
    async run(): Promise<void> {
      const signal = new AbortController().signal;
      await monitors.evaluateDue(scope.projectId, signal).catch((error: Error) => expect(error.message).toBe("crash"));
      await notifications.dispatcher.settle();
    },
  };
}

const LIVES_ON = Number.POSITIVE_INFINITY;

/** A minute of failures and two good ones, with a process that dies after so many changes and is started again. */
async function liveThrough(changes: number) {
  await postgres.db.execute(sql`DELETE FROM notices`);
  await postgres.db.execute(sql`DELETE FROM notification_channels`);
  const world = await createWorld({ db: postgres.db, columnar });
  const scope: Scope = { ...world.scope, permissions: new Set(PERMISSIONS) };
  const { channels, routes } = startProcess(world, LIVES_ON).notifications;
  const target = { kind: "webhook" as const, url: receiver.url };
  const { channelId } = await channels.create(scope, { name: "On-call", target, perMinute: 10, isEnabled: true });
  await routes.create(scope, RouteInput.parse({ name: "All", channelIds: [channelId] }));
  const { monitorId } = await world.create({ windowSeconds: 60 });
  let current = startProcess(world, changes);
  const { life } = current;
  for (const failed of [150, 0, 0]) {
    await world.send(minuteOf(200, failed));
    world.move(MINUTE);
    await current.run();
    if (!current.life.isDead) continue;
    current = startProcess(world, LIVES_ON);
    await current.run();
  }
  const { items } = await current.incidents.list(scope, { limit: 10 });
  return { hasDied: life.isDead, history: await world.history(monitorId), incidents: items.map(({ state }) => state) };
}

const sent = () => receiver.received.map(({ headers, body }) => `${headers["webhook-id"]} ${JSON.parse(body).type}`);

test("a crash before any change loses no alert, and a message is repeated only under its id", async () => {
  let crashes = 0;
  for (let changes = 0; ; changes++) {
    receiver.received.length = 0;
    const { hasDied, history, incidents } = await liveThrough(changes);
    const messages = [...new Set(sent())];
    expect({ changes, history, incidents }).toEqual({ changes, history: ONCE, incidents: ["resolved"] });
    expect(messages.map((message) => message.split(" ")[1])).toEqual(["incident.opened", "incident.resolved"]);
    // Only the attempt whose outcome was not stored is repeated.
    expect(sent().length).toBeLessThanOrEqual(messages.length + 1);
    if (!hasDied) break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThanOrEqual(8);
});
