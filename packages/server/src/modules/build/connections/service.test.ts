import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createOutbound } from "../../../platform/outbound/open.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { openTestSecrets } from "../../../platform/secrets/testing/open-test-secrets.ts";
import { createAudit } from "../../system/audit/index.ts";
import { type Connections, connectionRoutes, createConnections, type ResolvedConnection } from "./index.ts";

const SECRET = "sk-provider-secret-0123456789";
let postgres: PostgresStore;
let folder: string;
let scope: Scope;
let connections: Connections;
let audit: ReturnType<typeof createAudit>;
let asked: ResolvedConnection[];
const problems: unknown[] = [];

const scopeOf = (projectId: string): Scope => ({
  projectId,
  actor: "user_1",
  userId: "user_1",
  permissions: new Set(),
});
async function newProject(): Promise<Scope> {
  const id = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${id}, 'Test', now())`);
  return scopeOf(id);
}

beforeAll(async () => {
  postgres = await openTestPostgres();
  folder = await mkdtemp(join(tmpdir(), "treadle-connections-"));
});
afterAll(async () => {
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  scope = await newProject();
  asked = [];
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: (fields: object) => problems.push(fields) };
  audit = createAudit({ db: postgres.db, clock: systemClock });
  connections = createConnections({
    db: postgres.db,
    secrets: await openTestSecrets({ folder }),
    audit,
    outbound: createOutbound({ allow: ["10.0.0.0/8"], lookup: async () => [{ address: "93.184.216.34", family: 4 }] }),
    clock: systemClock,
    log,
    listModels: async (connection) => {
      asked.push(connection);
      if (connection.slug === "broken") throw new Error(`401: your key ${SECRET} is wrong`);
      return ["gpt-4o"];
    },
  });
});

const openai = (more: object = {}) =>
  connections.create(scope, { slug: "openai", preset: "openai", keys: [{ value: SECRET, weight: 2 }], ...more });
const resolved = async () => (await connections.resolve(scope.projectId))[0];
const latest = async () => (await audit.list(scope, { limit: 1 })).items[0];

describe("a new connection", () => {
  test("takes from its preset what it is not given, and shows no more of a key than its last characters", async () => {
    expect(await openai()).toMatchObject({
      slug: "openai",
      name: "OpenAI",
      provider: "openai-compatible",
      baseUrl: "https://api.openai.com/v1",
      isEnabled: true,
      keys: [{ hint: "6789", weight: 2 }],
    });
    expect(await resolved()).toMatchObject({ keys: [{ value: SECRET, weight: 2 }], quirks: { hasResponses: true } });
  });

  test("fills its region into the address", async () => {
    const { baseUrl } = await connections.create(scope, { slug: "aws", preset: "bedrock", region: "eu-central-1" });
    expect(baseUrl).toBe("https://bedrock-runtime.eu-central-1.amazonaws.com");
  });

  test.each([
    [{ preset: "nothing" }, "invalid_request", "no preset"],
    [{ preset: "azure" }, "invalid_request", "no default address"],
    [{ preset: "bedrock" }, "invalid_request", "needs a region"],
    [{ preset: "bedrock", region: "evil.example/" }, "invalid_request", "lower-case letters"],
    [{ baseUrl: "http://127.0.0.1:1/v1" }, "unprocessable", "TREADLE_OUTBOUND_ALLOW"],
    [{ baseUrl: "https://user:pw@api.openai.com/v1" }, "unprocessable", "user name"],
    [{ baseUrl: "https://api.openai.com/v1?x=1" }, "invalid_request", "must not contain"],
    [{ headers: { Authorization: "Bearer x" } }, "invalid_request", "cannot be set here"],
    [{ headers: { "x-a": "b\r\nx-c: d" } }, "invalid_request", "must not contain"],
    [{ headers: { "a b": "c" } }, "invalid_request", "not a valid header name"],
  ])("%j is refused with words that say why", async (more, code, words) => {
    await expect(openai(more)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(await connections.list(scope)).toEqual([]);
  });

  test("cannot take a slug that is taken in the project, but one of another project", async () => {
    await openai();
    await expect(openai()).rejects.toMatchObject({ code: "conflict" });
    scope = await newProject();
    await expect(openai()).resolves.toMatchObject({ slug: "openai" });
  });
});

describe("secrets", () => {
  test("are in no answer of any endpoint, neither open nor sealed, and not in the audit log", async () => {
    const { connectionId: id } = await openai();
    const handlers = new Map(connectionRoutes(connections).map(({ endpoint, handle }) => [endpoint, handle]));
    const call = (endpoint: string, body: unknown = {}) =>
      handlers.get(endpoint)?.({
        scope,
        params: { connectionId: id },
        query: { limit: 50 },
        body,
      } as unknown as Parameters<NonNullable<ReturnType<typeof handlers.get>>>[0]);
    const answers = await Promise.all([
      call("GET /api/v1/connections"),
      call("GET /api/v1/connections/:connectionId"),
      call("PATCH /api/v1/connections/:connectionId", { name: "Renamed" }),
      call("POST /api/v1/connections/:connectionId/test"),
    ]);
    const { rows } = (await postgres.db.execute(sql`SELECT sealed_value FROM connection_keys`)) as unknown as {
      rows: { sealed_value: string }[];
    };
    const text = JSON.stringify([answers, await audit.list(scope, { limit: 100 })]);
    expect(text).not.toContain(SECRET);
    for (const row of rows) expect(text).not.toContain(row.sealed_value);
    expect(JSON.stringify(rows)).not.toContain(SECRET);
  });

  test("are wiped when the host changes, and the audit log names the old and the new one", async () => {
    const { connectionId: id } = await openai();
    const moved = await connections.update(scope, id, { baseUrl: "https://evil.example/v1" });
    expect(moved).toMatchObject({ baseUrl: "https://evil.example/v1", keys: [] });
    expect(await resolved()).toMatchObject({ keys: [] });
    expect(await latest()).toMatchObject({
      action: "connection.update",
      details: { oldHost: "api.openai.com", newHost: "evil.example", wipedKeys: 1 },
    });
    await connections.test(scope, id);
    expect(asked[0]?.keys).toEqual([]);
  });

  test.each(["http://api.openai.com/v1", "https://api.openai.com:8443/v1"])(
    "are wiped for %s too: another scheme or port is another place",
    async (baseUrl) => {
      const { connectionId: id } = await openai();
      expect((await connections.update(scope, id, { baseUrl })).keys).toEqual([]);
    },
  );

  test("stay when only the path or something else changes", async () => {
    const { connectionId: id } = await openai();
    await connections.update(scope, id, { baseUrl: "https://api.openai.com/v2", isEnabled: false });
    expect(await resolved()).toMatchObject({ keys: [{ value: SECRET }], isEnabled: false });
  });

  test("given with a new host belong to that host", async () => {
    const { connectionId: id } = await openai();
    await connections.update(scope, id, {
      baseUrl: "https://other.example/v1",
      keys: [{ value: "sk-of-the-other-host-1", weight: 1 }],
    });
    expect((await resolved())?.keys.map(({ value }) => value)).toEqual(["sk-of-the-other-host-1"]);
  });

  test("of a row whose host was changed behind our back do not open", async () => {
    const { connectionId: id } = await openai();
    await postgres.db.execute(sql`UPDATE connections SET base_url = 'https://evil.example/v1' WHERE id = ${id}`);
    await connections.update(scope, id, { name: "any change forgets what was remembered" });
    expect((await resolved())?.keys).toEqual([]);
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toContain(SECRET);
  });

  test("that a provider repeats in an error are not shown", async () => {
    const { connectionId: id } = await openai({ slug: "broken" });
    expect(await connections.test(scope, id)).toMatchObject({
      ok: false,
      message: "401: your key [key] is wrong",
      models: [],
    });
  });
});

describe("a change", () => {
  test("is seen by the next call", async () => {
    const { connectionId: id } = await openai();
    const before = await resolved();
    await connections.update(scope, id, { models: ["gpt-4o"] });
    const after = await resolved();
    expect([before?.models, after?.models]).toEqual([[], ["gpt-4o"]]);
    expect(after?.configHash).not.toBe(before?.configHash);
    await connections.delete(scope, id);
    expect(await resolved()).toBeUndefined();
  });

  test("of the region moves an address that came from the preset, and wipes its keys", async () => {
    const { connectionId: id } = await connections.create(scope, {
      slug: "aws",
      preset: "bedrock",
      region: "us-east-1",
      keys: [{ value: SECRET, weight: 1 }],
    });
    expect(await connections.update(scope, id, { region: "eu-west-1" })).toMatchObject({
      baseUrl: "https://bedrock-runtime.eu-west-1.amazonaws.com",
      keys: [],
    });
  });

  test("of another project's connection is a change of nothing", async () => {
    const { connectionId: id } = await openai();
    const other = await newProject();
    await expect(connections.get(other, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(connections.update(other, id, { name: "x" })).rejects.toMatchObject({ code: "not_found" });
    await expect(connections.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(connections.test(other, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await connections.get(scope, id)).toMatchObject({ name: "OpenAI" });
  });
});
