import { type Endpoint, ShadowInput, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnsweredCall, MirrorAnswer, MirrorCall } from "../../../build/gateway/index.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import { createAudit } from "../../../system/audit/index.ts";
import type { ShadowDeps } from "../deps.ts";
import { createShadows } from "../service.ts";

const NOON = Date.parse("2026-05-31T12:00:00Z");
const ENDPOINT = {
  name: "support",
  variants: [
    { name: "old", model: "m-old", weight: 1 },
    { name: "new", model: "m-new", weight: 0 },
  ],
} as unknown as Endpoint;

export type Order = Parameters<MirrorCall>[0];
type Pending = { readonly order: Order; readonly answer: (answer: MirrorAnswer) => void };

/** What a candidate answers for a cost; null for an unknown price. */
export const said = (text: string, costUsd: number | null = 0.01, more: Partial<Span> = {}): MirrorAnswer => ({
  span: makeSpan({ costUsd, status: "ok", durationMs: 50, configHash: "new", ...more }),
  response: responseOf(text),
  error: null,
});

const responseOf = (text: string) =>
  ({ choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }] }) as never;

/** A project with shadows over a candidate that answers when a test says so. `open` is another start of the server. */
export async function createShadowWorld(db: Postgres) {
  const projectId = newId("proj");
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  const scope: Scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set() };
  const endpointId = newId("end");
  const pending: Pending[] = [];
  const problems: unknown[] = [];
  let time = NOON;
  const clock = { now: () => time, elapsed: () => time };
  const audit = createAudit({ db, clock });
  const mirror: MirrorCall = (order) =>
    new Promise((answer) => {
      pending.push({ order, answer });
      order.signal.addEventListener("abort", () => answer(CANCELLED));
    });
  const open = (more: Partial<ShadowDeps> = {}) =>
    createShadows({
      db,
      clock,
      audit,
      mirror,
      endpoints: { get: async () => ({ ...ENDPOINT, endpointId }) },
      priceOf: async () => 0.001,
      privacy: { hasPrivate: (text) => text.includes("@"), mask: (value) => value },
      log: { warn: (problem) => problems.push(problem), error: (problem) => problems.push(problem) },
      data: {} as ShadowDeps["data"],
      ...more,
    });
  return {
    scope,
    endpointId,
    pending,
    problems,
    open,
    move(ms: number) {
      time += ms;
    },
    input: (more: object = {}) => ShadowInput.parse({ endpointId, candidate: "new", share: 1, ...more }),
    /** A call of the endpoint whose caller has its answer. */
    answered: (text = "Hello", more: Partial<AnsweredCall> = {}, span: Partial<Span> = {}) =>
      answeredCall(endpointId, { text, time, span, more }),
    audits: async (target: string) =>
      (await audit.list(scope, { limit: 100 })).items.filter((entry) => entry.target === target),
  };
}

const CANCELLED: MirrorAnswer = { span: null, response: null, error: { code: "cancelled", message: "It ended." } };

type Asked = {
  readonly text: string;
  readonly time: number;
  readonly span: Partial<Span>;
  readonly more: Partial<AnsweredCall>;
};

function answeredCall(endpointId: string, { text, time, span, more }: Asked): AnsweredCall {
  const request = { model: "support", messages: [{ role: "user", content: text }] };
  const call = {
    request,
    bytes: Buffer.from(JSON.stringify(request)),
    format: "chat",
    scope: { userId: null, actor: "key_1" },
    facts: { userId: "", sessionId: "", environment: "" },
    spanId: newId("span"),
    requestId: newId("req"),
    startedAt: time,
    toChat: () => request,
  } as unknown as AnsweredCall["call"];
  return {
    call,
    endpoint: { ...ENDPOINT, endpointId, assignBy: "auto", strategy: "weight" } as unknown as AnsweredCall["endpoint"],
    span: makeSpan({ variant: "old", costUsd: 0.01, status: "ok", configHash: "old", ...span }),
    response: responseOf("The primary says yes."),
    isFallback: false,
    ...more,
  };
}
