import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Permission } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

let world: World;
const open: Client[] = [];
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
});
afterAll(async () => {
  await Promise.all(open.map((client) => client.close()));
  await world?.close();
});

async function connect(apiKey: string, toolsets = ""): Promise<Client> {
  const client = new Client({ name: "assistant", version: "1.0.0" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`/mcp${toolsets && `?toolsets=${toolsets}`}`, world.treadle.url), {
      requestInit: { headers: { authorization: `Bearer ${apiKey}` } },
    }),
  );
  open.push(client);
  return client;
}
async function connectWith(permissions: Permission[], toolsets = ""): Promise<Client> {
  const { key } = await world.call("POST /api/v1/api-keys", { body: { name: "assistant", permissions } });
  return connect(key, toolsets);
}
async function use(client: Client, name: string, given: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: given });
  const [part] = content as { type: string; text: string }[];
  return { text: part?.text ?? "", isError: isError === true };
}
const namesOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);

test("an assistant with a reading key finds a trace by the filter language and reads it", async () => {
  await world.call("POST /api/v1/spans", {
    body: {
      spans: [
        {
          traceId: "a".repeat(32),
          spanId: "b".repeat(16),
          name: "refund",
          startTime: new Date().toISOString(),
          durationMs: 12,
          input: "I want a refund",
        },
      ],
    },
  });
  const client = await connectWith(["traces:read", "traces:content"]);
  expect(client.getServerVersion()).toMatchObject({ name: "treadle" });
  const list = async () => JSON.parse((await use(client, "listSpans", { filter: "name:refund", limit: 5 })).text).items;
  await expect.poll(async () => (await list()).length, { timeout: 20_000 }).toBe(1);
  const read = await use(client, "getTrace", { traceId: "a".repeat(32) });
  expect(JSON.parse(read.text).spans).toMatchObject([{ input: "I want a refund" }]);
});

test("every tool says what it takes, and whether it only reads", async () => {
  const { tools: shown } = await (await connect(world.treadle.apiKey)).listTools();
  expect(shown).toHaveLength(31);
  const { tools } = await (await connect(world.treadle.apiKey, "all")).listTools();
  expect(tools.length).toBeGreaterThan(300);
  for (const tool of tools) {
    expect(tool.description, tool.name).toMatch(/\w/);
    expect(tool.inputSchema.type).toBe("object");
  }
  expect(tools.find(({ name }) => name === "listSpans")).toMatchObject({
    annotations: { readOnlyHint: true },
    inputSchema: { properties: { limit: expect.anything(), filter: expect.anything() } },
  });
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
});

test("a key sees the tools of its permissions, and writing tools only with mcp:write", async () => {
  const reader = await namesOf(await connectWith(["traces:read"], "all"));
  expect(reader).toContain("listSpans");
  expect(reader).not.toContain("listConnections");
  expect(reader).not.toContain("createSpans");
  const writer = await namesOf(await connectWith(["dashboards:read", "dashboards:write"], "dashboards"));
  expect(writer.some((name) => name.startsWith("create"))).toBe(false);
  const allowed = await namesOf(await connectWith(["dashboards:read", "dashboards:write", "mcp:write"], "dashboards"));
  expect(allowed).toContain("createDashboard");
});

test("what opens doors is no tool, whatever the key may do", async () => {
  const names = await namesOf(await connect(world.treadle.apiKey, "all"));
  for (const name of ["createApiKey", "createConnection", "deleteConnection", "createMember", "signIn"])
    expect(names).not.toContain(name);
});

test("a tool that is not allowed, not there or wrongly called says what to do", async () => {
  const client = await connectWith(["traces:read"]);
  expect(await use(client, "createSpans", { body: { spans: [] } })).toMatchObject({
    isError: true,
    text: expect.stringContaining('"traces:write" and "mcp:write"'),
  });
  expect(await use(client, "noSuchTool")).toMatchObject({ isError: true, text: expect.stringContaining("noSuchTool") });
  expect(await use(client, "listSpans", { limit: "many" })).toMatchObject({
    isError: true,
    text: expect.stringContaining("arguments.limit"),
  });
  expect(await use(client, "listSpans", { modle: "x" })).toMatchObject({
    isError: true,
    text: expect.stringContaining("arguments.modle"),
  });
  expect(await use(client, "getTrace", { traceId: "f".repeat(32) })).toMatchObject({ isError: true });
});

test("without a key, nothing is revealed", async () => {
  await expect(connect("tr_wrong_0123456789")).rejects.toThrow(/401|API key/i);
});

test.each([
  ["not JSON", "{", 400],
  ["no message", "{}", 400],
  ["an unknown method", '{"jsonrpc":"2.0","id":1,"method":"rm"}', 200],
])("bad input is refused in words: %s", async (_, body, status) => {
  const response = await fetch(new URL("/mcp", world.treadle.url), {
    method: "POST",
    headers: {
      authorization: `Bearer ${world.treadle.apiKey}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body,
  });
  expect(response.status).toBe(status);
  expect(JSON.stringify(await response.json())).toMatch(/message/);
});
