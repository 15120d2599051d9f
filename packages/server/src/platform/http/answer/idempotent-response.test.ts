import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { defineApi, PERMISSIONS } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { openIdempotencyKeys } from "../../idempotency/open.ts";
import type { PostgresStore } from "../../postgres/port.ts";
import { openTestPostgres } from "../../postgres/testing/open-test-postgres.ts";
import { openTestSecrets } from "../../secrets/testing/open-test-secrets.ts";
import { mount } from "../handlers.ts";
import { startHttp } from "../testing/start-http.ts";
import type { Authenticate } from "../traffic/credentials.ts";

const Note = z.strictObject({ text: z.string() });
const Made = z.object({ id: z.number() });
const api = defineApi({
  "POST /api/v1/folders/:folder/notes": {
    name: "createNote",
    summary: "",
    permission: "traces:write",
    params: z.object({ folder: z.string() }),
    query: z.object({ draft: z.string().optional() }),
    body: Note,
    response: Made,
    status: 201,
  },
  "POST /api/v1/note-batches": {
    name: "createNotes",
    summary: "",
    permission: "traces:write",
    body: Note,
    response: Made,
    creates: true,
  },
  "POST /api/v1/note-count": {
    name: "countNotes",
    summary: "",
    permission: "traces:write",
    body: Note,
    response: Made,
  },
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let postgres: PostgresStore;
let keys: ReturnType<typeof openIdempotencyKeys>;
let server: Awaited<ReturnType<typeof startHttp>>;
let now = Date.now();
/** How often an operation ran. */
let runs = 0;
/** What the next run does before it responds. */
let before: () => unknown = () => {};

/** Two keys of one project, and one of another project. */
const CALLERS: Readonly<Record<string, readonly [project: string, actor: string]>> = {
  "Bearer right": ["project_1", "key_1"],
  "Bearer other": ["project_1", "key_2"],
  "Bearer elsewhere": ["project_2", "key_1"],
};
const authenticate: Authenticate = ({ authorization = "" }) => {
  const [projectId, actor] = CALLERS[authorization] ?? [];
  if (projectId === undefined || actor === undefined) return null;
  return { projectId, actor, userId: null, permissions: new Set(PERMISSIONS) };
};

beforeAll(async () => {
  postgres = await openTestPostgres();
  const secrets = await openTestSecrets({ folder: tmpdir(), key: randomBytes(32).toString("base64url") });
  keys = openIdempotencyKeys({ db: postgres.db, secrets, clock: { now: () => now, elapsed: () => now }, log: silent });
  const create = async () => {
    const id = ++runs;
    await before();
    return { id };
  };
  server = await startHttp({
    idempotency: keys,
    authenticate,
    mounted: [
      mount(api, {
        "POST /api/v1/folders/:folder/notes": async ({ body, setStatus }) => {
          if (body.text === "known") setStatus(200);
          return create();
        },
        "POST /api/v1/note-batches": create,
        "POST /api/v1/note-count": create,
      }),
    ],
  });
});
afterAll(async () => {
  await server.close();
  await keys.close();
  await postgres.close();
});
beforeEach(() => {
  runs = 0;
  before = () => {};
});

const NOTES = "/api/v1/folders/a/notes";
let used = 0;
const newKey = () => `retry-${++used}`;
type Sent = { readonly path?: string; readonly text?: string; readonly headers?: Readonly<Record<string, string>> };
const post = (key: string, { path = NOTES, text = "hello", headers = {} }: Sent = {}) =>
  server.post(path, JSON.stringify({ text }), { "idempotency-key": key, ...headers });
const read = async (response: Response) => ({
  status: response.status,
  body: (await response.json()) as { id?: number; error?: { code: string; message: string; details?: unknown } },
  replayed: response.headers.get("idempotency-replayed"),
});

describe("a request with an Idempotency-Key", () => {
  test("that is sent again gets the same status and body, and runs once", async () => {
    const key = newKey();
    expect(await read(await post(key))).toEqual({ status: 201, body: { id: 1 }, replayed: null });
    const again = await post(key);
    expect(again.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(again.headers.get("cache-control")).toBe("no-store");
    expect(await read(again)).toEqual({ status: 201, body: { id: 1 }, replayed: "true" });
    expect(runs).toBe(1);
  });

  test("gets the status that the operation chose", async () => {
    const key = newKey();
    expect(await read(await post(key, { text: "known" }))).toMatchObject({ status: 200, replayed: null });
    expect(await read(await post(key, { text: "known" }))).toMatchObject({ status: 200, replayed: "true" });
  });

  test.each([
    ["body", { text: "other" }],
    ["path", { path: "/api/v1/folders/b/notes" }],
    ["query", { path: `${NOTES}?draft=yes` }],
  ])("whose %s is different gets 409 and does not run", async (_, changed) => {
    const key = newKey();
    await post(key);
    const { status, body } = await read(await post(key, changed));
    expect([status, body.error?.code, body.error?.details]).toEqual([
      409,
      "conflict",
      { code: "idempotency_key_reused" },
    ]);
    expect(body.error?.message).toContain("was already sent with another request");
    expect(runs).toBe(1);
  });

  test("that arrives many times at the same time creates one object", async () => {
    const key = newKey();
    before = () => new Promise((resolve) => setTimeout(resolve, 200));
    const responses = await Promise.all(Array.from({ length: 8 }, () => post(key)));
    const results = await Promise.all(responses.map(read));
    expect(results.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    const refused = results.find(({ status }) => status === 409);
    expect(refused?.body.error?.message).toContain("still running. Try again");
    expect(responses.find(({ status }) => status === 409)?.headers.get("retry-after")).toBe("1");
    expect(await read(await post(key))).toEqual({ status: 201, body: { id: 1 }, replayed: "true" });
    expect(runs).toBe(1);
  });

  test.each(["Bearer other", "Bearer elsewhere"])("is not visible to the caller %s", async (authorization) => {
    const key = newKey();
    await post(key);
    const other = await read(await post(key, { text: "mine", headers: { authorization } }));
    expect(other).toEqual({ status: 201, body: { id: 2 }, replayed: null });
    expect((await post(key, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
  });

  test("runs again after 24 hours", async () => {
    const key = newKey();
    await post(key);
    now += DAY_MS;
    expect(await read(await post(key, { text: "other" }))).toEqual({ status: 201, body: { id: 2 }, replayed: null });
  });

  test.each([
    ["internal", 500],
    ["unavailable", 503],
    ["rate_limited", 429],
  ] as const)("that fails with %s can be sent again", async (code, status) => {
    const key = newKey();
    before = () => {
      throw new AppError(code);
    };
    expect(await read(await post(key))).toMatchObject({ status, replayed: null });
    before = () => {};
    expect(await read(await post(key))).toEqual({ status: 201, body: { id: 2 }, replayed: null });
  });

  test("that the operation refuses gets the same refusal again", async () => {
    const key = newKey();
    before = () => {
      throw new AppError("unprocessable", { message: "The folder is full.", details: { folder: "a" } });
    };
    const first = await read(await post(key));
    expect(first).toMatchObject({ status: 422, replayed: null });
    before = () => {};
    expect(await read(await post(key))).toEqual({ ...first, replayed: "true" });
    expect(runs).toBe(1);
  });

  test("that is not valid is refused before the key is used", async () => {
    const key = newKey();
    expect((await server.post(NOTES, "{}", { "idempotency-key": key })).status).toBe(400);
    expect(await read(await post(key))).toMatchObject({ status: 201, replayed: null });
  });

  test.each([
    ["empty", ""],
    ["longer than 255 characters", "x".repeat(256)],
    ["not ASCII", "schlüssel"],
    ["with a tab", "a\tb"],
  ])("that is %s gets 400 and does not run", async (_, key) => {
    const { status, body } = await read(await post(key));
    expect([status, body.error?.code, body.error?.details]).toEqual([
      400,
      "invalid_request",
      { param: "idempotency-key" },
    ]);
    expect(body.error?.message).toContain("1 to 255 printable ASCII characters");
    expect(runs).toBe(0);
  });

  test("may have 255 characters", async () => {
    expect((await post("x".repeat(255))).status).toBe(201);
  });
});

test("an operation that creates something and answers 200 accepts the header, another one ignores it", async () => {
  const key = newKey();
  for (const path of ["/api/v1/note-batches", "/api/v1/note-count"]) {
    await post(key, { path });
    await post(key, { path });
  }
  expect(runs).toBe(3);
});

test("a request without the header always runs", async () => {
  for (let time = 0; time < 2; time++) await server.post(NOTES, '{"text":"hello"}');
  expect(runs).toBe(2);
});
