import { type Api, incidentCommentsApi, incidentEvidenceApi, incidentsApi } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle, signInAsOwner } from "../../setup/shared-treadle.ts";

const BODIES: Readonly<Record<string, object>> = {
  "POST /api/v1/incidents": { title: "By a viewer" },
  "PATCH /api/v1/incidents/:incidentId": { title: "Changed" },
  "POST /api/v1/incidents/:incidentId/comments": { text: "Changed" },
  "PATCH /api/v1/incident-comments/:commentId": { text: "Changed" },
};
const APIS: Api = { ...incidentsApi, ...incidentEvidenceApi, ...incidentCommentsApi };
const ENDPOINTS = Object.entries(APIS).map(([endpoint, { permission }]) => ({ endpoint, permission }));
const CHANGES = ENDPOINTS.filter(({ permission }) => permission === "incidents:write");

let treadle: SharedTreadle;
let owner: Client;
let viewer: Client;
let stranger: SharedTreadle;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  treadle = await openSharedTreadle();
  stranger = await openSharedTreadle();
  owner = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const member = { email: `viewer-${treadle.projects.own}@example.com`, name: "Vera", role: "viewer" } as const;
  const { signInPath } = await owner.call("POST /api/v1/members", { body: member });
  const signIn = { url: treadle.url, signInLink: async () => `${treadle.url}${signInPath}` };
  viewer = (await signInAsOwner(signIn))(treadle.projects.own);
  const { incidentId, evidence } = await owner.call("POST /api/v1/incidents", { body: { title: "Errors" } });
  const params = { incidentId };
  const { commentId } = await owner.call("POST /api/v1/incidents/:incidentId/comments", {
    params,
    body: { text: "Look at this." },
  });
  ids = { incidentId, commentId, snapshotId: evidence?.snapshotId ?? "" };
}, 120_000);
afterAll(async () => {
  await treadle?.stop();
  await stranger?.stop();
});

type Sender = (path: string, init: RequestInit) => Promise<Response>;

/** The status of one endpoint, with the ids of the incident in its path. */
async function statusOf(endpoint: string, send: Sender): Promise<number> {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = template.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? "");
  const body = ["POST", "PATCH"].includes(method) ? JSON.stringify(BODIES[endpoint] ?? {}) : null;
  const headers = body === null ? {} : { "content-type": "application/json" };
  return (await send(path, { method, headers, body })).status;
}

const withKey =
  (key: string): Sender =>
  (path, { headers, ...init }) =>
    fetch(treadle.url + path, { ...init, headers: { ...Object(headers), authorization: `Bearer ${key}` } });

/** Everything that a change would alter. */
async function readAll() {
  const params = { incidentId: ids.incidentId ?? "" };
  const [incident, events, comments, snapshots, { items }] = await Promise.all([
    owner.call("GET /api/v1/incidents/:incidentId", { params }),
    owner.call("GET /api/v1/incidents/:incidentId/events", { params }),
    owner.call("GET /api/v1/incidents/:incidentId/comments", { params }),
    owner.call("GET /api/v1/incidents/:incidentId/snapshots", { params }),
    owner.call("GET /api/v1/incidents", {}),
  ]);
  const { evidence: _, ...rest } = incident;
  const kinds = events.items.map(({ kind }) => kind).filter((kind) => kind !== "evidence");
  return { rest, kinds, comments, snapshots: snapshots.items.length, incidents: items.length };
}

describe("a reader", () => {
  test("sees incidents, their timeline, evidence, comments and report, as a viewer and with a key", async () => {
    const params = { incidentId: ids.incidentId ?? "" };
    expect(await viewer.call("GET /api/v1/incidents/:incidentId", { params })).toMatchObject({ title: "Errors" });
    expect((await viewer.call("GET /api/v1/incidents", {})).items).toHaveLength(1);
    expect(await (await viewer.send("GET /api/v1/incidents/:incidentId/export", { params })).text()).toContain(
      "# Errors",
    );
    const permissions = ["incidents:read"] as const;
    const { key } = await owner.call("POST /api/v1/api-keys", {
      body: { name: "reader", permissions: [...permissions] },
    });
    for (const { endpoint, permission } of ENDPOINTS)
      if (permission === "incidents:read")
        expect([endpoint, await statusOf(endpoint, withKey(key))]).toEqual([endpoint, 200]);
  });

  test("changes nothing: every change is refused with 403", async () => {
    const before = await readAll();
    const { key } = await owner.call("POST /api/v1/api-keys", {
      body: { name: "reader", permissions: ["incidents:read", "traces:content"] },
    });
    for (const { endpoint } of CHANGES)
      expect([endpoint, await statusOf(endpoint, withKey(key))]).toEqual([endpoint, 403]);
    const params = { incidentId: ids.incidentId ?? "" };
    for (const verb of ["acknowledge", "resolve", "reopen"] as const)
      await expect(
        viewer.call(`POST /api/v1/incidents/:incidentId/${verb}`, { params, body: {} }),
      ).rejects.toMatchObject({ status: 403 });
    await expect(
      viewer.call("POST /api/v1/incidents/:incidentId/comments", { params, body: { text: "Hello" } }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(viewer.call("POST /api/v1/incidents", { body: { title: "Mine" } })).rejects.toMatchObject({
      status: 403,
    });
    expect(await readAll()).toEqual(before);
  });
});

test("another project finds none of it: every id is unknown", async () => {
  const before = await readAll();
  for (const { endpoint } of ENDPOINTS) {
    if (!endpoint.includes(":")) continue;
    expect([endpoint, await statusOf(endpoint, withKey(stranger.apiKey))]).toEqual([endpoint, 404]);
  }
  const other = createClient({ baseUrl: treadle.url, apiKey: stranger.apiKey });
  expect((await other.call("GET /api/v1/incidents", {})).items).toEqual([]);
  expect(await readAll()).toEqual(before);
});
