import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChannelTarget, RouteInput } from "@treadle/contract";
import { PERMISSIONS, RouteInput as RouteShape } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import type { Postgres, PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { openTestSecrets } from "../../../../platform/secrets/testing/open-test-secrets.ts";
import { createAudit } from "../../audit/index.ts";
import { createNotifications, type Notifications } from "../service.ts";
import type { Acknowledge } from "../stores/deps.ts";
import type { Notice } from "../stores/notice.ts";

export const START = Date.parse("2026-12-01T12:00:00.000Z");
const NOTICE = {
  subject: { kind: "incident", id: "inc_1" },
  event: "opened",
  severity: "warning",
  labels: {},
  group: "mon_1",
  title: "Error rate above 5 %",
  text: "12 of 100 calls failed.",
  facts: [{ label: "Value", value: "12 % (7 to 20)" }],
  links: [{ label: "Incident", path: "/incidents/inc_1" }],
} as const;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The module over a test database, with a clock that the test moves and real outbound requests to this machine. */
export async function openNotifications(open: () => Promise<PostgresStore> = openTestPostgres) {
  const postgres = await open();
  const { db } = postgres;
  const folder = await mkdtemp(join(tmpdir(), "treadle-notifications-"));
  const secrets = await openTestSecrets({ folder });
  const outbound = createOutbound({ allow: ["127.0.0.1"] });
  let now = START;
  const clock = { now: () => now, elapsed: () => now };
  const acknowledged: Parameters<Acknowledge>[] = [];
  const create = () =>
    createNotifications({
      db,
      audit: createAudit({ db, clock }),
      secrets,
      outbound,
      clock,
      log: silent,
      publicUrl: "https://treadle.test",
      projectNameOf: async () => "Shop",
      random: () => 0,
      async acknowledge(...given) {
        acknowledged.push(given);
        return "acknowledged";
      },
    });

  /** A fresh project, so that tests do not see the messages of others. */
  async function openProject() {
    await db.execute(sql`DELETE FROM notices`);
    await db.execute(sql`DELETE FROM notification_channels`);
    now = START;
    const projectId = newId("proj");
    await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Shop', now())`);
    const move = (ms: number) => {
      now += ms;
    };
    return createProject({ db, create, move, projectId, now: () => now });
  }
  return {
    db,
    acknowledged,
    openProject,
    async close() {
      await outbound.close();
      await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type World = {
  readonly db: Postgres;
  readonly create: () => Notifications;
  readonly move: (ms: number) => void;
  readonly projectId: string;
  readonly now: () => number;
};

/** What tests do in a project. Announcing and passing time also do what is due. */
function createProject({ db, create, move, projectId, now }: World) {
  const scope: Scope = { projectId, actor: "user_ada", userId: "user_ada", permissions: new Set(PERMISSIONS) };
  let notifications = create();
  let count = 0;
  async function store(changes: Partial<Notice> = {}) {
    count++;
    const notice = { ...NOTICE, key: `key-${count}`, at: new Date(now()), ...changes };
    await db.transaction((tx) => notifications.announce(tx, scope, notice));
  }
  return {
    scope,
    get api() {
      return notifications;
    },
    /** Another process continues with what is in the database. */
    restart() {
      notifications = create();
    },
    addChannel: (target: ChannelTarget, perMinute = 10) =>
      notifications.channels.create(scope, { name: "On-call", target, perMinute, isEnabled: true }),
    addRoute: (route: Partial<RouteInput> & Pick<RouteInput, "channelIds">) =>
      notifications.routes.create(scope, RouteShape.parse({ name: "Route", ...route })),
    /** Stores a notice, and does nothing with it. */
    store,
    async announce(changes: Partial<Notice> = {}) {
      await store(changes);
      await notifications.dispatcher.settle();
    },
    async pass(ms: number) {
      move(ms);
      await notifications.dispatcher.settle();
    },
    messages: async () => (await notifications.messages.list(scope, { limit: 200 })).items,
  };
}
