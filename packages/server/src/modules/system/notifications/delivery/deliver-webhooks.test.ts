import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openNotifications } from "../testing/open-notifications.ts";
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

/** A project whose notices all go to the receiver. */
async function connect(perMinute?: number) {
  const channel = await project.addChannel({ kind: "webhook", url: receiver.url }, perMinute);
  await project.addRoute({ channelIds: [channel.channelId] });
  return channel;
}
const idsReceived = () => receiver.received.map(({ headers }) => headers["webhook-id"]);
const bodies = () => receiver.received.map(({ body }) => JSON.parse(body));

test("a notice arrives signed with the secret that was shown once", async () => {
  const { secret } = await connect();
  await project.announce();
  const [one] = receiver.received;
  expect(one?.headers["content-type"]).toBe("application/json");
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = one?.headers ?? {};
  const key = Buffer.from((secret ?? "").slice(6), "base64");
  const own = createHmac("sha256", key).update(`${id}.${timestamp}.${one?.body}`).digest("base64");
  expect(signature).toBe(`v1,${own}`);
  expect(bodies()[0]).toMatchObject({
    type: "incident.opened",
    data: {
      project: "Shop",
      subject: { kind: "incident", id: "inc_1" },
      title: "Error rate above 5 %",
      links: [{ url: "https://treadle.test/incidents/inc_1" }, { label: "Acknowledge" }],
    },
  });
});

test("a secret is never returned again, and after a rotation both secrets sign", async () => {
  const { channelId, secret: first } = await connect();
  expect(JSON.stringify(await project.api.channels.list(project.scope))).not.toContain(first);
  await project.api.channels.rotateSecret(project.scope, channelId, 1);
  await project.announce();
  await project.pass(HOUR + SECOND);
  await project.announce({ subject: { kind: "incident", id: "inc_2" } });
  const signatures = receiver.received.map(({ headers }) => String(headers["webhook-signature"]).split(" ").length);
  expect(signatures).toEqual([2, 1]);
});

test("a failed message is sent again with the same id and body by the schedule, and then becomes a dead letter", async () => {
  await connect();
  receiver.answer({ status: 500, body: "broken" });
  await project.announce();
  for (const wait of [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
  ]) {
    const before = receiver.received.length;
    await project.pass(wait - 1);
    expect(receiver.received.length, `before ${wait} ms`).toBe(before);
    await project.pass(1);
    expect(receiver.received.length, `after ${wait} ms`).toBe(before + 1);
  }
  expect(receiver.received).toHaveLength(10);
  expect(new Set(idsReceived()).size).toBe(1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  const [message] = await project.messages();
  expect(message).toMatchObject({ state: "dead", attempts: 10, lastError: "The receiver answered HTTP 500: broken" });
  const { items } = await project.api.inbox.list(project.scope, { limit: 10, unread: false });
  expect(items[0]).toMatchObject({ kind: "delivery", title: "The channel On-call did not deliver a message" });

  receiver.answer({ status: 204 });
  await project.api.messages.replay(project.scope, message?.messageId ?? "");
  await project.pass(0);
  expect(await project.messages()).toMatchObject([{ state: "delivered", attempts: 1 }]);
  expect(new Set(idsReceived()).size).toBe(1);
});

test("410 disables the channel, and enabling it again works", async () => {
  const { channelId } = await connect();
  receiver.answer({ status: 410 });
  await project.announce();
  await project.announce({ subject: { kind: "incident", id: "inc_2" }, group: "mon_2" });
  expect(receiver.received).toHaveLength(1);
  expect((await project.messages()).map(({ state }) => state)).toEqual(["skipped", "dead"]);
  expect(await project.api.channels.list(project.scope)).toMatchObject([
    { isEnabled: false, disabledReason: "The receiver answered HTTP 410." },
  ]);
  receiver.answer({ status: 200 });
  await project.api.channels.update(project.scope, channelId, { isEnabled: true });
  await project.announce({ subject: { kind: "incident", id: "inc_3" }, group: "mon_3" });
  expect(receiver.received).toHaveLength(2);
});

test("a redirect is not followed", async () => {
  await connect();
  receiver.answer(({ path }) =>
    path === "/hook" ? { status: 302, headers: { location: "/elsewhere" } } : { status: 200 },
  );
  await project.announce();
  expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  expect((await project.messages())[0]).toMatchObject({
    state: "waiting",
    lastError: expect.stringContaining("Redirects are not followed"),
  });
});

test.each([429, 502, 503, 504])("Retry-After of %i pauses the whole channel", async (status) => {
  await connect();
  receiver.answer({ status, headers: { "retry-after": "90" } });
  await project.announce();
  receiver.answer({ status: 200 });
  await project.announce({ subject: { kind: "incident", id: "inc_2" }, group: "mon_2" });
  await project.pass(89 * SECOND);
  expect(receiver.received).toHaveLength(1);
  await project.pass(SECOND);
  expect(receiver.received).toHaveLength(3);
});

test("a receiver that hangs does not delay other channels, and times out after 15 seconds", async () => {
  const other = await openReceiver();
  const hanging = await project.addChannel({ kind: "webhook", url: receiver.url });
  const fast = await project.addChannel({ kind: "webhook", url: other.url });
  await project.addRoute({ channelIds: [hanging.channelId, fast.channelId] });
  receiver.answer(null);
  const began = performance.now();
  let arrivedMs = 0;
  other.answer(() => {
    arrivedMs = performance.now() - began;
    return { status: 200 };
  });
  await project.announce();
  expect(arrivedMs).toBeLessThan(14_000);
  expect(performance.now() - began).toBeGreaterThan(14_000);
  const states = (await project.messages()).map(({ state, lastError }) => ({ state, lastError }));
  expect(states).toContainEqual({ state: "delivered", lastError: "" });
  expect(states).toContainEqual({ state: "waiting", lastError: expect.stringContaining("took too long") });
  await other.close();
}, 60_000);

test("messages about one subject arrive in order, and other subjects do not wait", async () => {
  await connect();
  receiver.answer({ status: 500 });
  await project.announce();
  receiver.answer({ status: 200 });
  await project.announce({ event: "resolved", group: "mon_9" });
  await project.announce({ subject: { kind: "incident", id: "inc_2" }, group: "mon_2" });
  expect(bodies().map(({ type, data }) => `${type} ${data.subject.id}`)).toEqual([
    "incident.opened inc_1",
    "incident.opened inc_2",
  ]);
  await project.pass(5 * SECOND);
  expect(
    bodies()
      .map(({ type, data }) => `${type} ${data.subject.id}`)
      .slice(2),
  ).toEqual(["incident.opened inc_1", "incident.resolved inc_1"]);
});

test("the first notice of a group is sent immediately, and the rest of 30 seconds is one message", async () => {
  await connect();
  for (const id of ["inc_1", "inc_2", "inc_3", "inc_4"]) await project.announce({ subject: { kind: "incident", id } });
  expect(receiver.received).toHaveLength(1);
  await project.pass(29_999);
  expect(receiver.received).toHaveLength(1);
  await project.pass(1);
  expect(receiver.received).toHaveLength(2);
  expect(bodies()[1]).toMatchObject({ type: "notices.combined" });
  expect(bodies()[1].data.notices.map(({ subject }: { subject: { id: string } }) => subject.id)).toEqual([
    "inc_2",
    "inc_3",
    "inc_4",
  ]);
});

test("in a storm the rest becomes one summary per minute, and nothing is lost", async () => {
  await connect(3);
  for (let place = 0; place < 40; place++)
    await project.announce({ subject: { kind: "incident", id: `inc_${place}` }, group: `mon_${place}` });
  expect(receiver.received).toHaveLength(3);
  await project.pass(MINUTE);
  expect(receiver.received).toHaveLength(4);
  const told = bodies().flatMap(({ data }) =>
    (data.notices ?? [data]).map(({ subject }: { subject: { id: string } }) => subject.id),
  );
  expect(new Set(told).size).toBe(40);
  expect(Buffer.byteLength(receiver.received[3]?.body ?? "")).toBeLessThan(20_000);
});

test("a notice with a key that exists is ignored", async () => {
  await connect();
  await project.announce({ key: "same" });
  await project.announce({ key: "same", group: "mon_2" });
  expect(receiver.received).toHaveLength(1);
});

test("a notice of a transaction that is rolled back is not sent", async () => {
  await connect();
  const rollback = world.db.transaction(async (tx) => {
    await project.api.announce(tx, project.scope, {
      subject: { kind: "incident", id: "inc_1" },
      event: "opened",
      key: "lost",
      severity: "critical",
      labels: {},
      group: "g",
      title: "Never happened",
      text: "",
      facts: [],
      links: [],
      at: new Date(),
    });
    throw new Error("rolled back");
  });
  await expect(rollback).rejects.toThrow("rolled back");
  await project.pass(0);
  expect(receiver.received).toHaveLength(0);
});

test("a restart loses nothing, and repeats a message only under its id", async () => {
  await connect();
  receiver.answer({ status: 503 });
  await project.announce();
  project.restart();
  receiver.answer({ status: 200 });
  await project.pass(5 * SECOND);
  expect(idsReceived()).toHaveLength(2);
  expect(new Set(idsReceived()).size).toBe(1);

  // The process ends after the request and before the outcome is stored: the row still waits.
  const [message] = await project.messages();
  await world.db.execute(
    `UPDATE notification_messages SET state = 'waiting', attempts = 1 WHERE id = '${message?.messageId}'`,
  );
  project.restart();
  await project.pass(0);
  expect(idsReceived()).toHaveLength(3);
  expect(new Set(idsReceived()).size).toBe(1);
  await project.pass(HOUR);
  expect(idsReceived()).toHaveLength(3);
});
