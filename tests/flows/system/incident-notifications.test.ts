import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import {
  openReceiver,
  type Receiver,
} from "../../../packages/server/src/modules/system/notifications/testing/receiver.ts";
import { publicAddress } from "../../setup/public-address.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const WAIT = { timeout: 30_000, interval: 50 };
const PATIENT = { timeout: 120_000 };

let treadle: SharedTreadle;
let client: Client;
/** The receivers of the route, and of its escalation. */
let onCall: Receiver;
let lead: Receiver;

beforeAll(async () => {
  treadle = await openSharedTreadle(await publicAddress());
  [onCall, lead] = await Promise.all([openReceiver(), openReceiver()]);
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const channelOf = async (name: string, url: string) => {
    const body = { name, target: { kind: "webhook", url } } as const;
    return (await client.call("POST /api/v1/notification-channels", { body })).channelId;
  };
  const escalation = { afterMinutes: 1, channelIds: [await channelOf("Lead", lead.url)], repeatMinutes: 1 };
  const channelIds = [await channelOf("On-call", onCall.url)];
  await client.call("POST /api/v1/notification-routes", { body: { name: "All", channelIds, escalation } });
});
afterAll(async () => {
  await Promise.all([onCall.close(), lead.close()]);
  await treadle.stop();
});
beforeEach(() => {
  for (const { received } of [onCall, lead]) received.length = 0;
});

type Body = { type: string; data: { subject: { id: string }; links: { label: string; url: string }[] } };
const bodiesOf = ({ received }: Receiver) => received.map(({ body }): Body => JSON.parse(body));
const typesOf = (receiver: Receiver) => bodiesOf(receiver).map(({ type }) => type);
const stateOf = async (incidentId: string) =>
  (await client.call("GET /api/v1/incidents/:incidentId", { params: { incidentId } })).state;

/** Opens an incident and waits for its message. */
async function openIncident(title: string) {
  const { incidentId } = await client.call("POST /api/v1/incidents", { body: { title, severity: "critical" } });
  await vi.waitFor(() => expect(typesOf(onCall)).toEqual(["incident.opened"]), WAIT);
  const [opened] = bodiesOf(onCall);
  expect(opened?.data.subject.id).toBe(incidentId);
  const link = opened?.data.links.find(({ label }) => label === "Acknowledge")?.url ?? "";
  expect(link).toContain(`${treadle.url}/api/v1/notification-acknowledgement?token=`);
  return { incidentId, link };
}

/** The button of the page. */
const press = (link: string) =>
  fetch(link, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: treadle.url },
    body: "",
  });

test(
  "the link of an incident's message shows a page, and its button acknowledges and ends the escalation",
  PATIENT,
  async () => {
    const { incidentId, link } = await openIncident("Error rate above 5 %");
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Error rate above 5 %");
    expect(await stateOf(incidentId)).toBe("open");

    const answer = await press(link);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("Escalations have stopped");
    expect(await stateOf(incidentId)).toBe("acknowledged");
    await vi.waitFor(() => expect(typesOf(onCall)).toEqual(["incident.opened", "incident.acknowledged"]), PATIENT);
    expect(onCall.received.at(-1)?.body).toContain("by the link in On-call");

    expect(await (await press(link)).text()).toContain("Already acknowledged");
    const { items } = await client.call("GET /api/v1/notices", { query: { subjectId: incidentId } });
    expect(items.map(({ event }) => event)).toEqual(["acknowledged", "opened"]);
    expect(lead.received).toEqual([]);
  },
);

test(
  "without an acknowledgement the incident goes to the channel of the escalation until it is resolved",
  PATIENT,
  async () => {
    const { incidentId } = await openIncident("Latency above 2 s");
    await vi.waitFor(() => expect(typesOf(lead)).toEqual(["incident.opened"]), PATIENT);
    expect(lead.received[0]?.body).toContain("has not been acknowledged yet");
    await client.call("POST /api/v1/incidents/:incidentId/resolve", { params: { incidentId }, body: {} });
    await vi.waitFor(() => expect(typesOf(onCall)).toEqual(["incident.opened", "incident.resolved"]), PATIENT);
    await vi.waitFor(() => expect(typesOf(lead)).toEqual(["incident.opened", "incident.resolved"]), PATIENT);
  },
);
