import { defineApi, PERMISSIONS } from "@treadle/contract";
import { z } from "zod";
import type { Mounted } from "../../../kernel/call.ts";
import { systemClock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { IdempotencyKeys } from "../../idempotency/port.ts";
import { NO_KEYS } from "../../idempotency/testing/no-keys.ts";
import { createLog } from "../../log/pino-log.ts";
import { createMetrics } from "../../metrics/metrics.ts";
import { mount } from "../handlers.ts";
import { createClientAddresses } from "../listen/client-address.ts";
import { startListening } from "../listen/listen.ts";
import { createHttp } from "../server.ts";
import type { Authenticate } from "../traffic/credentials.ts";
import { createRequestCount } from "../traffic/request-count.ts";

const Note = z.object({ id: z.string(), text: z.string() });
/** Bounded as the gateway's own requests are. */
const Ask = z.looseObject({
  model: z.string().min(1),
  messages: z
    .array(z.looseObject({ role: z.string() }))
    .min(1)
    .max(10_000),
  temperature: z.number().min(0).max(10).nullish(),
  n: z.number().int().min(1).max(128).nullish(),
  max_tokens: z.number().int().min(1).max(10_000_000).nullish(),
  stop: z.union([z.string().max(1_000), z.array(z.string()).max(64)]).nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
});

/** A small API with one endpoint of each kind that the HTTP layer knows. */
const notesApi = defineApi({
  "GET /healthz": {
    name: "getHealth",
    summary: "Alive",
    permission: "public",
    response: z.object({ status: z.string() }),
  },
  "GET /api/v1/notes/:noteId": {
    name: "getNote",
    summary: "A note",
    permission: "traces:read",
    params: z.object({ noteId: z.string() }),
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: Note,
  },
  "POST /api/v1/sign-in": {
    name: "signIn",
    summary: "Say who one is",
    permission: "public",
    body: z.looseObject({}),
    response: z.object({}),
  },
  "POST /api/v1/notes": {
    name: "createNote",
    summary: "Keep a note",
    permission: "traces:write",
    body: z.strictObject({ text: z.string(), more: z.unknown().optional() }),
    response: Note.extend({ more: z.unknown().optional() }),
    status: 201,
  },
  "GET /api/v1/live": {
    name: "watchNotes",
    summary: "Notes as they come",
    permission: "traces:read",
    response: Note,
    answer: "events",
  },
  "POST /v1/chat/completions": {
    name: "chat",
    summary: "OpenAI's shape",
    permission: "gateway:use",
    body: Ask,
    response: z.looseObject({}),
    wire: "openai",
  },
  "POST /v1/messages": {
    name: "messages",
    summary: "Anthropic's shape",
    permission: "gateway:use",
    body: Ask,
    response: z.looseObject({}),
    wire: "anthropic",
  },
});
type Notes = Parameters<typeof mount<typeof notesApi>>[1];

const scopeOf = (actor: string, more: Partial<Scope> = {}): Scope => ({
  projectId: "project_1",
  actor,
  userId: null,
  permissions: new Set(PERMISSIONS),
  ...more,
});

/** Two keys and a session cookie; every other credential is wrong. */
const fakeAuthenticate: Authenticate = async ({ authorization, cookie }) => {
  if (authorization === "Bearer right") return scopeOf("key_1");
  if (authorization === "Bearer reader") return scopeOf("key_2", { permissions: new Set(["traces:read"] as const) });
  if (authorization === undefined && cookie?.includes("treadle_session=right"))
    return scopeOf("user_1", { userId: "user_1" });
  return null;
};

const handlers: Notes = {
  "GET /healthz": async () => ({ status: "ok" }),
  "GET /api/v1/notes/:noteId": async ({ params }) => {
    if (params.noteId === "broken") throw new Error("a secret cause");
    if (params.noteId === "missing") throw new AppError("not_found");
    return { id: params.noteId, text: "hello", internalField: "not in the contract" };
  },
  "POST /api/v1/sign-in": async () => ({}),
  "POST /api/v1/notes": async ({ body }) => ({ id: "note_1", text: body.text, more: body.more }),
  "GET /api/v1/live": async function* ({ signal }) {
    for (let count = 0; !signal.aborted; count++) {
      yield { id: `note_${count}`, text: "live" };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
  "POST /v1/chat/completions": async ({ sink, body }) => {
    sink.head(200, { "content-type": "application/json" });
    sink.end(JSON.stringify({ model: body.model }));
  },
  "POST /v1/messages": async ({ sink }) => {
    sink.head(200, { "content-type": "text/plain" });
    sink.end("ok");
  },
};

type Options = {
  readonly handlers?: Partial<Notes>;
  readonly authenticate?: Authenticate;
  readonly allowedHosts?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly isBehindProxy?: boolean;
  readonly maxBodyBytes?: number;
  readonly drainSeconds?: number;
  readonly webFolder?: string;
  /** Other endpoints than the notes'. */
  readonly mounted?: readonly Mounted[];
  readonly limits?: Parameters<typeof startListening>[0]["limits"];
  readonly maxConnections?: number;
  readonly idempotency?: IdempotencyKeys;
};

/** The real HTTP layer over that API, on a free port. `logged` is everything its log has written. */
export async function startHttp(options: Options = {}) {
  const lines: string[] = [];
  const { limits, maxConnections } = options;
  const bounds = { ...(limits && { limits }), ...(maxConnections !== undefined && { maxConnections }) };
  const listener = await startListening({ host: "127.0.0.1", port: 0, ...bounds });
  const http = await createHttp({
    listener,
    mounted: options.mounted ?? [mount(notesApi, { ...handlers, ...options.handlers })],
    authenticate: options.authenticate ?? fakeAuthenticate,
    clients: createClientAddresses(options.trustedProxies ?? []),
    isBehindProxy: options.isBehindProxy ?? false,
    allowedHosts: options.allowedHosts ?? [],
    maxBodyBytes: options.maxBodyBytes ?? 1024 * 1024,
    drainSeconds: options.drainSeconds ?? 1,
    log: createLog("debug", { write: (line: string) => void lines.push(line) }),
    metrics: createMetrics(),
    requests: createRequestCount(),
    web: options.webFolder === undefined ? null : { folder: options.webFolder },
    openApi: async () => Buffer.from('{ "openapi": "3.1.0" }'),
    idempotency: options.idempotency ?? NO_KEYS,
    clock: systemClock,
  });
  listener.handOver(http.app);
  return {
    url: listener.url,
    port: listener.port,
    http,
    logged: () => lines.join(""),
    post: (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
      fetch(listener.url + path, {
        method: "POST",
        body,
        headers: { authorization: "Bearer right", "content-type": "application/json", ...headers },
      }),
    get: (path: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(listener.url + path, { headers: { authorization: "Bearer right", ...headers } }),
    close: () => http.close(),
  };
}
