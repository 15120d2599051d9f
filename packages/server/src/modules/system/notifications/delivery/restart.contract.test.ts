import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPostgres } from "../../../../platform/postgres/open.ts";
import { startPostgresServer } from "../../../../platform/postgres/testing/start-postgres-server.ts";
import { routeNotice } from "../routing/route-notice.ts";
import { createMessageStore } from "../stores/message-store.ts";
import { createNoticeStore } from "../stores/notice-store.ts";
import { openNotifications, START } from "../testing/open-notifications.ts";
import { openReceiver, type Receiver } from "../testing/receiver.ts";

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
type World = Awaited<ReturnType<typeof openNotifications>>;
type Database = readonly [name: string, open: Parameters<typeof openNotifications>[0]];

const server = await startPostgresServer();
const databases: readonly Database[] = [
  ["PGlite", undefined],
  ...(server
    ? [["PostgreSQL", async () => openPostgres({ url: await server.createDatabase(), folder: null })] as const]
    : []),
];
afterAll(() => server?.stop());

describe.each(databases)("on %s", (_, open) => {
  let world: World;
  let receiver: Receiver;
  let project: Awaited<ReturnType<World["openProject"]>>;
  let channelId: string;

  beforeAll(async () => {
    world = await openNotifications(open);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    receiver = await openReceiver();
    project = await world.openProject();
    ({ channelId } = await project.addChannel({ kind: "webhook", url: receiver.url }));
  });
  afterEach(() => receiver.close());

  const ids = () => receiver.received.map(({ headers }) => headers["webhook-id"]);
  const types = () => receiver.received.map(({ body }) => JSON.parse(body).type);
  /** A new process continues, does what is due, and then has nothing more to do. */
  async function restart(passMs = 0) {
    project.restart();
    await project.pass(passMs);
    project.restart();
    await project.pass(0);
  }

  test("a notice that was stored and not routed is routed once", async () => {
    await project.addRoute({ channelIds: [channelId] });
    await project.store();
    await restart();
    expect(types()).toEqual(["incident.opened"]);
    const { items } = await project.api.inbox.list(project.scope, { limit: 10, unread: false });
    expect(items).toHaveLength(1);
  });

  test("a routing that was not committed leaves nothing, and is done again", async () => {
    await project.addRoute({ channelIds: [channelId] });
    await project.store();
    const [notice] = await createNoticeStore(world.db).listUnrouted(1);
    const killed = world.db.transaction(async (tx) => {
      if (notice) await routeNotice(tx, notice, START);
      throw new Error("killed");
    });
    await expect(killed).rejects.toThrow("killed");
    expect(await project.messages()).toEqual([]);
    await restart();
    expect(types()).toEqual(["incident.opened"]);
  });

  test("a message that was routed and not sent is sent once", async () => {
    await project.addRoute({ channelIds: [channelId] });
    await project.store();
    const [notice] = await createNoticeStore(world.db).listUnrouted(1);
    await world.db.transaction(async (tx) => notice && routeNotice(tx, notice, START));
    expect(await project.messages()).toMatchObject([{ state: "waiting", attempts: 0 }]);
    await restart();
    expect(types()).toEqual(["incident.opened"]);
  });

  test("a message whose outcome was not stored is sent again with the same id", async () => {
    await project.addRoute({ channelIds: [channelId] });
    await project.announce();
    const [message] = await project.messages();
    const sent = { state: "waiting", attempts: 0, deliveredAt: null } as const;
    await createMessageStore(world.db).update(project.scope.projectId, message?.messageId ?? "", sent);
    await restart();
    expect(ids()).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
    expect(await project.messages()).toMatchObject([{ state: "delivered", attempts: 1 }]);
  });

  test("a retry waits as long as it would have without the restart", async () => {
    await project.addRoute({ channelIds: [channelId] });
    receiver.answer({ status: 500 });
    await project.announce();
    await restart(5 * SECOND);
    expect(ids()).toHaveLength(2);
    receiver.answer({ status: 200 });
    await restart(5 * MINUTE - 1);
    expect(ids()).toHaveLength(2);
    await restart(1);
    expect(ids()).toHaveLength(3);
    expect(new Set(ids()).size).toBe(1);
  });

  test("a group, a quiet time and an escalation end at their time", async () => {
    const other = await openReceiver();
    const lead = await project.addChannel({ kind: "webhook", url: other.url });
    const quiet = { timeZone: "UTC", days: ["tue" as const], from: "11:00", to: "13:00", criticalPasses: true };
    const escalation = { afterMinutes: 10, channelIds: [lead.channelId], repeatMinutes: null };
    await project.addRoute({ channelIds: [channelId], quiet, escalation });
    await project.announce({ severity: "critical" });
    await project.announce({ severity: "critical", subject: { kind: "incident", id: "inc_2" } });
    await project.announce({ subject: { kind: "incident", id: "inc_3" }, group: "mon_2" });
    expect(types()).toEqual(["incident.opened"]);
    await restart(30 * SECOND);
    expect(types()).toEqual(["incident.opened", "incident.opened"]);
    await restart(10 * MINUTE - 30 * SECOND);
    expect(other.received.length).toBeGreaterThan(0);
    await restart(HOUR - 10 * MINUTE);
    expect(receiver.received.at(-1)?.body).toContain("inc_3");
    expect(types()).toHaveLength(3);
    await other.close();
  });

  test("a replay continues after a restart", async () => {
    await project.addRoute({ channelIds: [channelId] });
    receiver.answer({ status: 410 });
    await project.announce();
    receiver.answer({ status: 200 });
    await project.api.channels.update(project.scope, channelId, { isEnabled: true });
    const [message] = await project.messages();
    await project.api.messages.replay(project.scope, message?.messageId ?? "");
    await restart();
    expect(await project.messages()).toMatchObject([{ state: "delivered", attempts: 1 }]);
    expect(ids()).toHaveLength(2);
  });
});
