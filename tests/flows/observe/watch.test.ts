import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient, type RequestFor } from "../../../packages/sdk/src/index.ts";
import { type Shop, startShop } from "../../setup/scripted-shop.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";
import {
  expectSigned,
  minuteAfter,
  openReceivers,
  type Receivers,
  startRollout,
  startTraffic,
  until,
} from "../../setup/watched-shop.ts";

const LONG = 600_000;
const patient = { timeout: 240_000, interval: 500 };
const LABELS = { team: "support" };

let treadle: SharedTreadle;
let shop: Shop;
let receivers: Receivers;
let call: Client["call"];
let stopTraffic = async () => {};

beforeAll(async () => {
  [treadle, shop, receivers] = await Promise.all([openSharedTreadle(), startShop(), openReceivers()]);
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
}, 120_000);
afterAll(async () => {
  await stopTraffic();
  await treadle?.stop();
  await receivers?.close();
  shop?.close();
});

/** A monitor of the error rate of each endpoint, with the shortest window, that fires after one window. */
async function createMonitor(): Promise<string> {
  const body = {
    name: "Error rate",
    source: { kind: "measure", measure: "errorRate", filter: "kind:generation", groupBy: "endpoint" },
    condition: { kind: "threshold", critical: 0.03 },
    windowSeconds: 60,
    everySeconds: 60,
    holdFor: { needed: 1, of: 1 },
    recoverAfterSeconds: 0,
    labels: LABELS,
  } as const;
  return (await call("POST /api/v1/monitors", { body })).monitorId;
}

type Target = RequestFor<"POST /api/v1/notification-channels">["body"]["target"];

/** Three channels, and a route to them by the label of the monitor. Returns the secret that signs the webhooks. */
async function createChannels(): Promise<string> {
  const targets: Target[] = [
    { kind: "webhook", url: receivers.webhook.url },
    { kind: "slack", url: receivers.slack.url },
    {
      kind: "email",
      host: "127.0.0.1",
      port: receivers.smtp.port,
      security: "none",
      from: "treadle@example.com",
      to: ["on-call@example.com"],
    },
  ];
  const channels = [];
  for (const target of targets)
    channels.push(await call("POST /api/v1/notification-channels", { body: { name: target.kind, target } }));
  const channelIds = channels.map(({ channelId }) => channelId);
  const matchers = [{ label: "team", value: LABELS.team }];
  await call("POST /api/v1/notification-routes", { body: { name: "Support", matchers, channelIds } });
  return channels.find(({ secret }) => secret !== null)?.secret ?? "";
}

const find = (incidentId: string) => call("GET /api/v1/incidents/:incidentId", { params: { incidentId } });

async function findEvidence(incidentId: string) {
  const snapshotId = await vi.waitFor(async () => {
    const { evidence } = await find(incidentId);
    expect(evidence).toMatchObject({ state: "ready" });
    return evidence?.snapshotId ?? "";
  }, patient);
  const params = { incidentId, snapshotId };
  return (await call("GET /api/v1/incidents/:incidentId/snapshots/:snapshotId", { params })).evidence;
}

/** What each receiver got so far, as the words of its events. */
const received = () => ({
  webhook: receivers.webhook.received.map(({ body }) => JSON.parse(body).type),
  slack: receivers.slack.received.map(({ body }) => JSON.parse(body).text),
  email: receivers.smtp.mails.map(({ data }) => /^Subject: (.*)$/m.exec(data)?.[1]),
});

test("a failing candidate opens an incident, is rolled back by the monitor, and everyone hears of it once", {
  timeout: LONG,
}, async () => {
  const monitorId = await createMonitor();
  const secret = await createChannels();
  const rolloutId = await startRollout(call, shop, monitorId);
  stopTraffic = startTraffic(treadle, "support");
  const rollout = () => call("GET /api/v1/rollouts/:rolloutId", { params: { rolloutId } });

  // The window before is nearly full, and the failures begin early in the next one.
  const window = minuteAfter(Date.now() + 45_000);
  await until(window + 10_000);
  expect(await rollout()).toMatchObject({ state: "running", share: 0.5 });
  shop.setFailing(true);

  const incidentId = await vi.waitFor(async () => {
    const { items } = await call("GET /api/v1/incidents", { query: { state: "unresolved" } });
    expect(items).toMatchObject([
      { source: { sourceId: monitorId, series: "support" }, severity: "critical", labels: LABELS },
    ]);
    return items[0]?.incidentId ?? "";
  }, patient);
  await vi.waitFor(async () => expect((await rollout()).state).toBe("rolled-back"), patient);
  expect(await rollout()).toMatchObject({ reason: "monitor", message: expect.stringContaining(incidentId), share: 0 });
  shop.setFailing(false);

  const evidence = await findEvidence(incidentId);
  expect(evidence?.worst?.parts).toEqual([{ dimension: "model", value: "moody" }]);
  expect(evidence?.affected.traces).toBeGreaterThan(0);
  expect(evidence?.affected.items[0]).toMatchObject({ endpoint: "support", model: "moody" });
  expect(evidence?.changes.map(({ title }) => title)).toContainEqual(
    expect.stringContaining("Rollout support: started"),
  );

  await vi.waitFor(() => {
    expect(received()).toMatchObject({ webhook: { length: 1 }, slack: { length: 1 }, email: { length: 1 } });
  }, patient);
  await vi.waitFor(async () => expect(await find(incidentId)).toMatchObject({ state: "resolved" }), patient);
  await stopTraffic();
  await vi.waitFor(() => expect(receivers.smtp.mails).toHaveLength(2), patient);
  await vi.waitFor(() => expect(receivers.slack.received).toHaveLength(2), patient);
  expect(received()).toEqual({
    webhook: ["incident.opened", "incident.resolved"],
    slack: [expect.stringContaining("Error rate"), expect.stringContaining("Error rate")],
    email: [expect.stringContaining("Error rate"), expect.stringContaining("Error rate")],
  });
  for (const one of receivers.webhook.received) expectSigned(one, secret);
  expect(JSON.parse(receivers.webhook.received[0]?.body ?? "")).toMatchObject({
    data: { subject: { id: incidentId } },
  });
  expect(receivers.smtp.mails.map(({ to }) => to)).toEqual([["on-call@example.com"], ["on-call@example.com"]]);

  const { items } = await call("GET /api/v1/incidents/:incidentId/events", { params: { incidentId } });
  expect(items.map(({ kind }) => kind).toSorted()).toEqual(["evidence", "opened", "resolved", "rollout"]);
  expect(items.find(({ kind }) => kind === "rollout")).toMatchObject({ path: `/rollouts/${rolloutId}` });
  const monitor = await call("GET /api/v1/monitors/:monitorId", { params: { monitorId } });
  expect(monitor).toMatchObject({ state: "ok", lastError: "" });
});
