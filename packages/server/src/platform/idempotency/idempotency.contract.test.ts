import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../../kernel/day.ts";
import { openPostgres } from "../postgres/open.ts";
import type { PostgresStore } from "../postgres/port.ts";
import { openTestPostgres } from "../postgres/testing/open-test-postgres.ts";
import { startPostgresServer } from "../postgres/testing/start-postgres-server.ts";
import { openTestSecrets } from "../secrets/testing/open-test-secrets.ts";
import { openIdempotencyKeys } from "./open.ts";
import type { Claim, KeyedRequest } from "./port.ts";

const server = await startPostgresServer();
afterAll(() => server?.stop());

const engines = [{ name: "PGlite", open: openTestPostgres }];
if (server) {
  const url = await server.createDatabase();
  engines.push({ name: "PostgreSQL", open: () => openPostgres({ url, folder: null }) });
}

const start = Date.parse("2026-01-15T09:30:00Z");
const request: KeyedRequest = {
  projectId: "project_1",
  actor: "key_1",
  operation: "POST /api/v1/datasets",
  key: "retry-1",
  url: "/api/v1/datasets",
  body: Buffer.from('{"name":"support"}'),
};
const response = { status: 201, body: '{"id":"dst_1","secret":"tr_once"}' };

describe.each(engines)("$name", ({ open }) => {
  const warnings: string[] = [];
  let postgres: PostgresStore;
  let now = start;
  const opened: ReturnType<typeof openIdempotencyKeys>[] = [];
  const key = randomBytes(32).toString("base64url");

  /** The store of a server that has just started. */
  async function openKeys(secretKey = key) {
    const secrets = await openTestSecrets({ folder: tmpdir(), key: secretKey });
    const clock = { now: () => now, elapsed: () => now };
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (_: object, message: string) => void warnings.push(message),
    };
    const keys = openIdempotencyKeys({ db: postgres.db, secrets, clock, log });
    opened.push(keys);
    return keys;
  }
  let keys: ReturnType<typeof openIdempotencyKeys>;
  let used = 0;
  /** A request with a new key. */
  const fresh = (more: Partial<KeyedRequest> = {}): KeyedRequest => ({ ...request, key: `key-${++used}`, ...more });
  async function claim(sent: KeyedRequest): Promise<Claim> {
    const reservation = await keys.begin(sent);
    if ("status" in reservation) throw new Error("the key is not new");
    return reservation;
  }
  const refusal = (sent: KeyedRequest, on = keys): Promise<unknown> =>
    on.begin(sent).catch((failure: unknown) => failure);
  const conflict = (code: string) => expect.objectContaining({ code: "conflict", details: { code } });
  const countRows = async () => {
    const { rows } = await postgres.db.execute<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM idempotency_keys`,
    );
    return rows[0]?.count;
  };

  beforeAll(async () => {
    postgres = await open();
    keys = await openKeys();
  });
  afterAll(async () => {
    for (const one of opened) await one.close();
    await postgres.close();
  });

  test("the same request gets the first response, also after a restart", async () => {
    const sent = fresh();
    await (await claim(sent)).store(response);
    expect(await keys.begin(sent)).toEqual(response);
    expect(await (await openKeys()).begin(sent)).toEqual(response);
  });

  test.each([
    ["body", { body: Buffer.from('{"name":"sales"}') }],
    ["path", { url: "/api/v1/datasets?dry=true" }],
  ])("another %s with the same key is a conflict, while the first request runs and after it", async (_, more) => {
    const sent = fresh();
    const first = await claim(sent);
    expect(await refusal({ ...sent, ...more })).toEqual(conflict("idempotency_key_reused"));
    await first.store(response);
    expect(await refusal({ ...sent, ...more })).toEqual(conflict("idempotency_key_reused"));
  });

  test.each([
    ["project", { projectId: "project_2" }],
    ["caller", { actor: "key_2" }],
    ["operation", { operation: "POST /api/v1/prompts" }],
  ])("the key of another %s is a different key", async (_, more) => {
    const sent = fresh();
    await (await claim(sent)).store(response);
    await (await claim({ ...sent, ...more })).store({ status: 201, body: '"other"' });
    expect(await keys.begin(sent)).toEqual(response);
  });

  test("of many requests at the same time, one runs and the others are told to try again", async () => {
    const sent = fresh();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => keys.begin(sent)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results)
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({
          code: "conflict",
          details: { code: "idempotency_key_in_progress" },
          retryAfterSeconds: 1,
        });
  });

  test("a released key is new again", async () => {
    const sent = fresh();
    await (await claim(sent)).release();
    await (await claim(sent)).store(response);
    expect(await keys.begin(sent)).toEqual(response);
  });

  test("a key expires after 24 hours and its row is deleted", async () => {
    const sent = fresh();
    await (await claim(sent)).store(response);
    now = start + DAY_MS - 1;
    await keys.sweep();
    expect(await keys.begin(sent)).toEqual(response);
    now = start + DAY_MS;
    const second = await claim({ ...sent, body: Buffer.from("{}") });
    expect(await refusal({ ...sent, body: Buffer.from("{}") })).toEqual(conflict("idempotency_key_in_progress"));
    await second.release();
    await keys.sweep();
    expect(await countRows()).toBe(0);
    now = start;
  });

  test("a request that a restart interrupted is not run again", async () => {
    const sent = fresh();
    await claim(sent);
    expect(await refusal(sent, await openKeys())).toEqual(conflict("idempotency_outcome_unknown"));
  });

  test("a late response of an earlier process does not replace that of the current one", async () => {
    const sent = fresh();
    const late = await claim(sent);
    now = start + DAY_MS;
    const current = await (await openKeys()).begin(sent);
    if ("status" in current) throw new Error("the key is not new");
    await current.store(response);
    await late.store({ status: 201, body: '"late"' });
    await late.release();
    expect(await keys.begin(sent)).toEqual(response);
    now = start;
  });

  test("neither the response nor the key is stored in clear, and another secret key reads neither", async () => {
    const sent = fresh({ key: "a-key-in-clear" });
    await (await claim(sent)).store(response);
    const { rows } = await postgres.db.execute(sql`SELECT * FROM idempotency_keys`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/tr_once|dst_1|support|a-key-in-clear/);
    const other = await openKeys(randomBytes(32).toString("base64url"));
    expect(await refusal(sent, other)).toEqual(conflict("idempotency_outcome_unknown"));
  });

  test("a database that fails before the request starts leaves the key free", async () => {
    const sent = fresh();
    await postgres.db.execute(sql`ALTER TABLE idempotency_keys RENAME TO moved_keys`);
    await expect(keys.begin(sent)).rejects.toThrow();
    await postgres.db.execute(sql`ALTER TABLE moved_keys RENAME TO idempotency_keys`);
    await (await claim(sent)).store(response);
    expect(await keys.begin(sent)).toEqual(response);
  });

  test("a database that fails at the end of a request is logged, and the next request is correct", async () => {
    const [failed, done] = [fresh(), fresh()];
    const [first, second] = [await claim(failed), await claim(done)];
    await postgres.db.execute(sql`ALTER TABLE idempotency_keys RENAME TO moved_keys`);
    await first.release();
    await second.store(response);
    await keys.sweep();
    await postgres.db.execute(sql`ALTER TABLE moved_keys RENAME TO idempotency_keys`);
    expect(warnings).toEqual([
      "the row of an idempotency key could not be changed",
      "the row of an idempotency key could not be changed",
      "expired idempotency keys could not be deleted",
    ]);
    await (await claim(failed)).store(response);
    expect(await keys.begin(failed)).toEqual(response);
    expect(await refusal(done)).toEqual(conflict("idempotency_outcome_unknown"));
  });
});
