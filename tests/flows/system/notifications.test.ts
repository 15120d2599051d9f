import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import {
  openReceiver,
  type Receiver,
} from "../../../packages/server/src/modules/system/notifications/testing/receiver.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let receiver: Receiver;
let client: Client;

beforeAll(async () => {
  treadle = await openSharedTreadle({ TREADLE_OUTBOUND_ALLOW: "127.0.0.1" });
  receiver = await openReceiver();
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
});
afterAll(async () => {
  await receiver.close();
  await treadle.stop();
});

test("a test message is signed with the secret that is shown once, and the receiver's answer is returned", async () => {
  const target = { kind: "webhook", url: receiver.url } as const;
  const channel = await client.call("POST /api/v1/notification-channels", { body: { name: "On-call", target } });
  const params = { channelId: channel.channelId };
  receiver.answer({ status: 200, body: "thanks" });
  expect(await client.call("POST /api/v1/notification-channels/:channelId/test", { params })).toEqual({
    isDelivered: true,
    message: "The receiver answered HTTP 200: thanks",
  });
  const headerOf = (name: string) => String(receiver.received.at(-1)?.headers[name]);
  const signed = `${headerOf("webhook-id")}.${headerOf("webhook-timestamp")}.${receiver.received.at(-1)?.body}`;
  const key = Buffer.from((channel.secret ?? "").slice(6), "base64");
  expect(headerOf("webhook-signature")).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
  const { items } = await client.call("GET /api/v1/notification-channels", {});
  expect(JSON.stringify(items)).not.toContain(channel.secret);
});

test("a private address is refused when a channel is saved", async () => {
  const body = { name: "Metadata", target: { kind: "webhook", url: "http://169.254.169.254/latest" } } as const;
  await expect(client.call("POST /api/v1/notification-channels", { body })).rejects.toMatchObject({ status: 422 });
});

test("a route of an unknown channel is refused, and the order of routes can be changed", async () => {
  const create = (name: string, channelIds: string[] = []) =>
    client.call("POST /api/v1/notification-routes", { body: { name, channelIds } });
  await expect(create("wrong", ["chan_none"])).rejects.toMatchObject({ status: 404 });
  const [first, second] = [await create("first"), await create("second")];
  const routeIds = [second.routeId, first.routeId];
  const { items } = await client.call("POST /api/v1/notification-routes/reorder", { body: { routeIds } });
  expect(items.map(({ name }) => name)).toEqual(["second", "first"]);
  await expect(
    client.call("POST /api/v1/notification-routes/reorder", { body: { routeIds: [first.routeId] } }),
  ).rejects.toMatchObject({ status: 409 });
});

test("an API key has no inbox", async () => {
  await expect(client.call("GET /api/v1/inbox", {})).rejects.toMatchObject({ status: 403 });
});

test.each(["GET", "POST"])(
  "%s of an invalid link is a page that needs no sign-in and loads nothing",
  async (method) => {
    const response = await fetch(`${treadle.url}/api/v1/notification-acknowledgement?token=wrong.link`, {
      method,
      ...(method === "POST" && {
        headers: { "content-type": "application/x-www-form-urlencoded", origin: treadle.url },
        body: "",
      }),
    });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await response.text()).toContain("This link is not valid");
  },
);
