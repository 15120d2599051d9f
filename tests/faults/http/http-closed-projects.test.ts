import { api, type Route, SERVER_PERMISSIONS } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

let treadle: RunningTreadle;
let server: Client;
beforeAll(async () => {
  treadle = await startTreadle({ env: { TREADLE_SAMPLE_DATA: "false" } });
  server = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
});
afterAll(() => treadle.stop());

/** Creates a second project with a key that has all permissions there. */
async function makeProject(name: string) {
  const { projectId: id } = await server.call("POST /api/v1/projects", { body: { name } });
  const signIn = await fetch(`${treadle.url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(session),
  });
  const cookie = signIn.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const headers = { cookie, origin: treadle.url, "x-treadle-project": id, "content-type": "application/json" };
  const made = await fetch(`${treadle.url}/api/v1/api-keys`, { method: "POST", headers, body: '{"name":"all"}' });
  const { key } = (await made.json()) as { key: string };
  return { id, authorization: `Bearer ${key}` };
}
const session = { email: "owner@localhost", password: "a long password" };
beforeAll(async () => {
  const signIn = await fetch(`${treadle.url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: (await treadle.signInLink()).split("token=")[1] }),
  });
  const cookie = signIn.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  await fetch(`${treadle.url}/api/v1/account`, {
    method: "PATCH",
    headers: { cookie, origin: treadle.url, "content-type": "application/json" },
    body: JSON.stringify({ password: session.password }),
  });
});

async function call(endpoint: string, route: Route, authorization: string) {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = template.replaceAll(/:(\w+)/g, "none");
  const response = await fetch(treadle.url + path, {
    method,
    headers: { authorization, ...(route.body && { "content-type": "application/json" }) },
    ...(route.body && { body: "{}" }),
  });
  const isStream = response.headers.get("content-type")?.includes("event-stream");
  if (isStream) await response.body?.cancel();
  return { status: response.status, text: isStream ? "" : await response.text() };
}

const ofServer: readonly string[] = SERVER_PERMISSIONS;
const endpoints = Object.entries<Route>(api).filter(([, { permission }]) => permission !== "public");

describe("every endpoint", () => {
  test("that changes something or calls a model refuses a key of an archived project, and says why", async () => {
    const { id, authorization } = await makeProject("Archived");
    await server.call("POST /api/v1/projects/:projectId/archive", { params: { projectId: id } });
    const findings: unknown[] = [];
    let checked = 0;
    for (const [endpoint, route] of endpoints) {
      const { permission } = route;
      if (permission.endsWith(":read") || permission === "signed-in" || permission === "projects:write") continue;
      const { status, text } = await call(endpoint, route, authorization);
      const words = ofServer.includes(permission) ? permission : "This project is archived";
      if (status !== 403 || !text.includes(words)) findings.push({ endpoint, status, text: text.slice(0, 200) });
      checked++;
    }
    expect(findings).toEqual([]);
    expect(checked).toBeGreaterThan(150);
    const traces = await fetch(`${treadle.url}/api/v1/traces`, { headers: { authorization } });
    expect(traces.status).toBe(200);
  });

  test("refuses a key of a deleted project, which works again once the project is restored", async () => {
    const { id, authorization } = await makeProject("Deleted");
    const params = { projectId: id };
    await server.call("DELETE /api/v1/projects/:projectId", { params, query: { confirm: "Deleted" } });
    const findings: unknown[] = [];
    for (const [endpoint, route] of endpoints) {
      const { status } = await call(endpoint, route, authorization);
      if (status !== 401) findings.push({ endpoint, status });
    }
    expect(findings).toEqual([]);
    await server.call("POST /api/v1/projects/:projectId/restore", { params });
    const traces = await fetch(`${treadle.url}/api/v1/traces`, { headers: { authorization } });
    expect(traces.status).toBe(200);
  });
});
