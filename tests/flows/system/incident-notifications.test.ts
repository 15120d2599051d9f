import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import {
  openReceiver,
  type Receiver,
} from "../../../packages/server/src/modules/system/notifications/testing/receiver.ts";
import { publicAddress } from "../../setup/public-address.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

/** The second message about an incident waits until 30 seconds after the first, and escalations begin after a minute. */
const PATIENT = { timeout: 90_000, interval: 100 };

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

type Body = { type: string; data: { subject: { id: string }; links: { label: string; url: string }[] } };
/** The messages about one incident, oldest first. */
const bodiesOf = ({ received }: Receiver, incidentId: string) =>
  received.map(({ body }): Body => JSON.parse(body)).filter(({ data }) => data.subject.id === incidentId);
const typesOf = (receiver: Receiver, incidentId: string) => bodiesOf(receiver, incidentId).map(({ type }) => type);
const stateOf = async (incidentId: string) =>
  (await client.call("GET /api/v1/incidents/:incidentId", { params: { incidentId } })).state;

/** Opens an incident, waits for its message, and returns the link in it. */
async function openIncident(title: string) {
  const { incidentId } = await client.call("POST /api/v1/incidents", { body: { title, severity: "critical" } });
  await vi.waitFor(() => expect(typesOf(onCall, incidentId)).toEqual(["incident.opened"]), PATIENT);
  const link = bodiesOf(onCall, incidentId)[0]?.data.links.find(({ label }) => label === "Acknowledge")?.url ?? "";
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

test("the link in a message acknowledges the incident, and only other incidents are escalated", async () => {
  const { incidentId, link } = await openIncident("Error rate above 5 %");
  const { incidentId: forgotten } = await openIncident("Latency above 2 s");
  const page = await fetch(link);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("Error rate above 5 %");
  expect(await stateOf(incidentId)).toBe("open");

  const answer = await press(link);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("Escalations have stopped");
  expect(await stateOf(incidentId)).toBe("acknowledged");
  const acknowledged = ["incident.opened", "incident.acknowledged"];
  await vi.waitFor(() => expect(typesOf(onCall, incidentId)).toEqual(acknowledged), PATIENT);
  expect(onCall.received.at(-1)?.body).toContain("by the link in On-call");
  expect(await (await press(link)).text()).toContain("Already acknowledged");
  const { items } = await client.call("GET /api/v1/notices", { query: { subjectId: incidentId } });
  expect(items.map(({ event }) => event)).toEqual(["acknowledged", "opened"]);

  // The escalation of the acknowledged incident would have been due before this one.
  await vi.waitFor(() => expect(typesOf(lead, forgotten)).toEqual(["incident.opened"]), PATIENT);
  expect(typesOf(lead, incidentId)).toEqual([]);
  expect(lead.received[0]?.body).toContain("has not been acknowledged yet");
});
