import { PublicStatus } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const SLUG = "acme-status";
const PLANTED = ["plantedendpoint", "plantedSlo", "plantedLabel", "plantedRunbook", "plantedIncident", "plantedFilter"];
const LONG = 120_000;

let treadle: SharedTreadle;
let call: Client["call"];

beforeAll(async () => {
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
}, LONG);
afterAll(() => treadle?.stop());

const get = (path: string) => fetch(`${treadle.url}${path}`, { redirect: "manual" });
/** The state that everyone reads. Storing the page again empties its cache. */
async function readState() {
  await publish();
  const { state, components } = PublicStatus.parse(await (await get(`/api/v1/public/status/${SLUG}`)).json());
  return [state, components[0]?.state];
}
let sloId = "";
const publish = (isEnabled = true) =>
  call("PUT /api/v1/status-page", {
    body: { isEnabled, slug: SLUG, title: "Acme status", components: [{ name: "Answers", sloId }] },
  });
const pageOf = async (path = `/status/${SLUG}`) => {
  const answer = await get(path);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

async function createSlo() {
  const slo = await call("POST /api/v1/slos", {
    body: {
      name: "plantedSlo",
      endpoint: "plantedendpoint",
      filter: "tag:plantedFilter",
      indicator: { kind: "latency", thresholdMs: 1_234.5 },
      objective: 0.99,
      alerts: { isEnabled: true, labels: { team: "plantedLabel" }, runbookUrl: "https://example.com/plantedRunbook" },
    },
  });
  expect(slo.monitorId).not.toBeNull();
  return slo.sloId;
}

test("the page is missing until it is turned on, and again when it is turned off", { timeout: LONG }, async () => {
  sloId = await createSlo();
  expect((await pageOf()).status).toBe(404);
  await publish();
  expect((await pageOf()).status).toBe(200);
  await publish(false);
  const { status, headers, text } = await pageOf();
  expect(status).toBe(404);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(text).not.toContain("Acme");
  expect((await get(`/api/v1/public/status/${SLUG}`)).status).toBe(404);
});

test("the page runs no scripts, sets no cookies and names nothing internal", { timeout: LONG }, async () => {
  await publish();
  await call("POST /api/v1/incidents", {
    body: { title: "plantedIncident", severity: "info", filter: "endpoint:plantedendpoint" },
  });
  await call("POST /api/v1/status-notes", {
    body: { title: "Slow <b>answers</b>", components: [], state: "monitoring", text: "We watch it." },
  });
  const { headers, text } = await pageOf();
  expect(headers.get("set-cookie")).toBeNull();
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cache-control")).toBe("public, max-age=60");
  expect(text).toContain("Answers");
  expect(text).toContain("Slow &lt;b&gt;answers&lt;/b&gt;");
  expect(text).not.toMatch(/<script|https?:\/\/|1234\.5/);
  const json = (await pageOf(`/api/v1/public/status/${SLUG}`)).text;
  for (const name of [...PLANTED, sloId, "1234.5", "note_"])
    for (const shown of [text, json]) expect(shown, name).not.toContain(name);
});

test("an incident of the component's endpoint changes its state until it is resolved", { timeout: LONG }, async () => {
  expect(await readState()).toEqual(["unknown", "unknown"]);
  const open = (endpoint: string) =>
    call("POST /api/v1/incidents", {
      body: { title: "Answers fail", severity: "critical", filter: `endpoint:${endpoint}` },
    });
  await open("another");
  expect(await readState()).toEqual(["unknown", "unknown"]);
  const { incidentId } = await open("plantedendpoint");
  expect(await readState()).toEqual(["outage", "outage"]);
  await call("POST /api/v1/incidents/:incidentId/resolve", { params: { incidentId }, body: {} });
  expect(await readState()).toEqual(["unknown", "unknown"]);
});
