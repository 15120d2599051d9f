import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openNotifications, START } from "../testing/open-notifications.ts";
import { openReceiver, type Receiver } from "../testing/receiver.ts";

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
type World = Awaited<ReturnType<typeof openNotifications>>;

let world: World;
let receiver: Receiver;
let project: Awaited<ReturnType<World["openProject"]>>;

beforeAll(async () => {
  world = await openNotifications();
});
afterAll(() => world.close());
beforeEach(async () => {
  receiver = await openReceiver();
  project = await world.openProject();
});
afterEach(() => receiver.close());

/** A channel whose messages are at a separate path. */
const channelAt = async (path: string) =>
  (await project.addChannel({ kind: "webhook", url: receiver.url.replace("/hook", path) })).channelId;
const arrived = () => receiver.received.map(({ path, body }) => `${path} ${JSON.parse(body).type}`);

/** Every day from 10:00 to 14:00 UTC, so that the tests begin in it. */
const QUIET = {
  timeZone: "UTC",
  days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as ("mon" | "tue")[],
  from: "10:00",
  to: "14:00",
  criticalPasses: true,
};

test("severity and labels decide the channel, and resolved goes where the opening went", async () => {
  const [search, rest] = [await channelAt("/search"), await channelAt("/rest")];
  await project.addRoute({ channelIds: [search], matchers: [{ label: "team", value: "search", isNot: false }] });
  await project.addRoute({ channelIds: [rest], severities: ["critical"] });
  await project.announce({ labels: { team: "search" } });
  await project.announce({ subject: { kind: "incident", id: "inc_2" }, group: "b", severity: "critical" });
  await project.announce({ subject: { kind: "incident", id: "inc_3" }, group: "c" });
  expect(arrived()).toEqual(["/search incident.opened", "/rest incident.opened"]);
  await project.pass(MINUTE);
  // The labels and the severity have changed since.
  await project.announce({ event: "resolved", severity: "critical" });
  expect(arrived().slice(2)).toEqual(["/search incident.resolved"]);
});

test("an escalated notice reaches the channels of the new severity and those of the opening", async () => {
  const [low, high] = [await channelAt("/low"), await channelAt("/high")];
  await project.addRoute({ channelIds: [low], severities: ["warning"] });
  await project.addRoute({ channelIds: [high], severities: ["critical"] });
  await project.announce();
  await project.pass(MINUTE);
  await project.announce({ event: "escalated", severity: "critical" });
  expect(arrived().toSorted()).toEqual(["/high incident.escalated", "/low incident.escalated", "/low incident.opened"]);
});

test("in a quiet time messages wait, critical ones pass, and the rest is one message at the end", async () => {
  const channel = await channelAt("/hook");
  await project.addRoute({ channelIds: [channel], quiet: QUIET });
  await project.announce();
  await project.announce({ subject: { kind: "incident", id: "inc_2" }, group: "b" });
  await project.announce({ subject: { kind: "incident", id: "inc_3" }, group: "c", severity: "critical" });
  expect(arrived()).toEqual(["/hook incident.opened"]);
  await project.pass(2 * HOUR - SECOND);
  expect(receiver.received).toHaveLength(1);
  await project.pass(SECOND);
  expect(arrived()).toEqual(["/hook incident.opened", "/hook notices.combined"]);
  expect(JSON.parse(receiver.received[1]?.body ?? "").data.preface).toContain("quiet time");
});

test("a critical notice takes the held notices of its subject with it, so that the order is right", async () => {
  const channel = await channelAt("/hook");
  await project.addRoute({ channelIds: [channel], quiet: QUIET });
  await project.announce();
  await project.announce({ event: "escalated", severity: "critical" });
  const { data } = JSON.parse(receiver.received[0]?.body ?? "");
  expect(data.notices.map(({ event }: { event: string }) => event)).toEqual(["opened", "escalated"]);
  await project.pass(3 * HOUR);
  expect(receiver.received).toHaveLength(1);
});

test("an escalation repeats until someone acknowledges", async () => {
  const [first, second] = [await channelAt("/first"), await channelAt("/second")];
  const escalation = { afterMinutes: 10, channelIds: [second], repeatMinutes: 5 };
  await project.addRoute({ channelIds: [first], escalation });
  await project.announce();
  await project.pass(10 * MINUTE - 1);
  expect(arrived()).toEqual(["/first incident.opened"]);
  await project.pass(1);
  await project.pass(5 * MINUTE);
  expect(arrived().slice(1)).toEqual(["/second incident.opened", "/second incident.opened"]);
  expect(JSON.parse(receiver.received[1]?.body ?? "").data.preface).toBe("This has not been acknowledged yet.");
  await project.announce({ event: "acknowledged" });
  await project.pass(HOUR);
  expect(arrived().slice(3).toSorted()).toEqual(["/first incident.acknowledged", "/second incident.acknowledged"]);
});

test("an escalation without repetition is sent once, and survives a restart", async () => {
  const second = await channelAt("/second");
  await project.addRoute({
    channelIds: [],
    escalation: { afterMinutes: 10, channelIds: [second], repeatMinutes: null },
  });
  await project.announce();
  project.restart();
  await project.pass(10 * MINUTE);
  await project.pass(HOUR);
  expect(arrived()).toEqual(["/second incident.opened"]);
});

test("without a route, the inbox of each member has the notice as one item per subject", async () => {
  const { inbox } = project.api;
  await project.announce();
  expect(await inbox.countUnread(project.scope)).toEqual({ count: 1 });
  const other = { ...project.scope, userId: "user_ben" };
  const blind = { ...other, permissions: new Set<never>() };
  expect(await inbox.countUnread(other)).toEqual({ count: 1 });
  expect(await inbox.countUnread(blind)).toEqual({ count: 0 });
  await project.pass(SECOND);
  await inbox.markAllRead(project.scope);
  await project.announce({ event: "resolved" });
  const { items } = await inbox.list(project.scope, { limit: 10, unread: false });
  expect(items).toMatchObject([{ kind: "notice", event: "resolved", isRead: true, path: "/incidents/inc_1" }]);
  await project.pass(SECOND);
  await project.announce({ event: "reopened" });
  expect(await inbox.countUnread(project.scope)).toEqual({ count: 1 });
  const [item] = (await inbox.list(project.scope, { limit: 10, unread: true })).items;
  await inbox.markRead(project.scope, item?.itemId ?? "");
  expect(await inbox.countUnread(project.scope)).toEqual({ count: 0 });
  expect(await inbox.countUnread(other)).toEqual({ count: 1 });
  await expect(inbox.markRead(blind, item?.itemId ?? "")).rejects.toMatchObject({ code: "not_found" });
  expect(new Date(item?.at ?? 0).getTime()).toBe(START + 2 * SECOND);
});

test("a deleted channel leaves its routes", async () => {
  const [first, second] = [await channelAt("/first"), await channelAt("/second")];
  await project.addRoute({
    channelIds: [first, second],
    escalation: { afterMinutes: 1, channelIds: [second], repeatMinutes: null },
  });
  await project.api.channels.delete(project.scope, second);
  expect(await project.api.routes.list(project.scope)).toMatchObject([{ channelIds: [first], escalation: null }]);
});
