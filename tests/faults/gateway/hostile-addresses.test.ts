import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle } from "../../setup/shared-treadle.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const SECRET = "sk-must-never-leave-4242";

/** A server on loopback that records requests and answers with a redirect or an empty list of models. */
async function openTrap(location?: string) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(location ? 302 : 200, { "content-type": "application/json", ...(location && { location }) });
    response.end('{"object":"list","data":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { seen: requests, url: `http://127.0.0.1:${port}/v1`, close: () => server.close() };
}

describe("a server whose operator allowed no private address", () => {
  let treadle: RunningTreadle;
  let call: Client["call"];
  beforeAll(async () => {
    treadle = await startTreadle({ env: { TREADLE_OUTBOUND_ALLOW: "", TREADLE_SAMPLE_DATA: "false" } });
    ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  });
  afterAll(() => treadle?.stop());

  test.each([
    "http://127.0.0.1:4747/v1",
    "http://169.254.169.254/latest",
    "http://[::1]/v1",
    "http://[::ffff:127.0.0.1]/v1",
    "http://0x7f000001/v1",
    "http://2130706433/v1",
    "http://0177.0.0.1/v1",
    "http://127.1/v1",
    "http://localhost/v1",
    "http://localhost./v1",
    "http://user@example.com/v1",
    "http://good.example\\@127.0.0.1/v1",
    "http://10.0.0.8/v1",
    "file:///etc/passwd",
    "gopher://example.com/",
  ])("refuses to keep a connection to %s", async (baseUrl) => {
    const connecting = call("POST /api/v1/connections", {
      body: { slug: "trap", preset: "openai-compatible", baseUrl },
    });
    await expect(connecting).rejects.toMatchObject({
      status: expect.toSatisfy((status) => status === 400 || status === 422),
    });
    expect((await call("GET /api/v1/connections")).items).toEqual([]);
  });

  test("says how an operator allows an address", async () => {
    const body = { slug: "trap", preset: "openai-compatible", baseUrl: "http://127.0.0.1:11434/v1" };
    await expect(call("POST /api/v1/connections", { body })).rejects.toThrow(/TREADLE_OUTBOUND_ALLOW/);
  });
});

describe("a server whose operator allowed loopback", () => {
  let treadle: RunningTreadle;
  let call: Client["call"];
  const traps: { close(): void }[] = [];
  const trap = async (location?: string) => {
    const opened = await openTrap(location);
    traps.push(opened);
    return opened;
  };
  beforeAll(async () => {
    treadle = await openSharedTreadle();
    ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  });
  afterEach(() => {
    for (const open of traps.splice(0)) open.close();
  });
  afterAll(() => treadle?.stop());

  const connect = (slug: string, baseUrl: string) =>
    call("POST /api/v1/connections", {
      body: { slug, preset: "openai-compatible", baseUrl, maxRetries: 0, keys: [{ value: SECRET }] },
    });

  test("follows no redirect, and says so", async () => {
    const target = await trap();
    const { url } = await trap(`${target.url}/elsewhere`);
    const connection = await connect("redirecting", url);
    const tested = await call("POST /api/v1/connections/:connectionId/test", {
      params: { connectionId: connection.connectionId },
    });
    expect(tested).toMatchObject({ ok: false, message: expect.stringMatching(/redirect/) });
    const body = { model: "redirecting/x", messages: [{ role: "user", content: "x" }] };
    await expect(call("POST /v1/chat/completions", { body })).rejects.toMatchObject({ status: expect.any(Number) });
    expect(target.seen).toEqual([]);
  });

  test("a new host wipes the stored key: it is never sent there, and the audit names both hosts", async () => {
    const [first, second] = [await trap(), await trap()];
    const { connectionId } = await connect("moving", first.url);
    await call("POST /api/v1/connections/:connectionId/test", { params: { connectionId } });
    expect(first.seen.at(-1)?.headers.authorization).toBe(`Bearer ${SECRET}`);

    const moved = await call("PATCH /api/v1/connections/:connectionId", {
      params: { connectionId },
      body: { baseUrl: second.url },
    });
    expect(moved.keys).toEqual([]);
    await call("POST /api/v1/connections/:connectionId/test", { params: { connectionId } });
    expect(second.seen.length).toBeGreaterThan(0);
    expect(JSON.stringify(second.seen.map((request) => request.headers))).not.toContain(SECRET);

    const { items } = await call("GET /api/v1/audit-entries", { query: { limit: 20 } });
    const entry = items.find(
      ({ action, target }) => action.startsWith("connection.") && target === connectionId && action.includes("update"),
    );
    const details = JSON.stringify(entry?.details);
    for (const url of [first.url, second.url]) expect(details).toContain(new URL(url).host);
  });

  test("secrets cannot be read back: not by their creator, not by a viewer, not in lists, answers or the audit", async () => {
    const { url } = await trap();
    const made = await connect("quiet", url);
    const invited = await call("POST /api/v1/members", { body: { email: "viewer@example.com", role: "viewer" } });
    const signedIn = await fetch(`${treadle.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: treadle.url },
      body: JSON.stringify({ token: invited.signInPath.split("token=")[1] }),
    });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const paths = [
      "/api/v1/connections",
      `/api/v1/connections/${made.connectionId}`,
      "/api/v1/api-keys",
      "/api/v1/members",
      "/api/v1/audit-entries",
      "/v1/models",
    ];
    const answers = await Promise.all(
      paths.flatMap((path) =>
        [{ cookie }, { authorization: `Bearer ${treadle.apiKey}` }].map(async (headers) =>
          (await fetch(`${treadle.url}${path}`, { headers })).text(),
        ),
      ),
    );
    for (const text of [JSON.stringify(made), ...answers]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(treadle.apiKey);
      expect(text).not.toMatch(/sealed|key_?hash/i);
    }
    const audit = await fetch(`${treadle.url}/api/v1/audit-entries`, { headers: { cookie } });
    expect(audit.status).toBe(403);
  });
});
