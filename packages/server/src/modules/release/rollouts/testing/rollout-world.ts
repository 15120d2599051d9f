import { type Endpoint, endpointsApi, type Rollout, RolloutInput, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ResolvedConnection } from "../../../build/connections/index.ts";
import { createEndpoints, type ResolvedEndpoint } from "../../../build/endpoints/index.ts";
import { assignVariant, type Units } from "../../../build/gateway/resolve/assign-variant.ts";
import { toRow } from "../../../observe/traces/rows/span-row.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import { createAudit } from "../../../system/audit/index.ts";
import type { RolloutDeps } from "../run/deps.ts";
import { createRollouts } from "../service.ts";

/** How a variant answers the request of this number. */
export type Behaviour = (variant: string, place: number) => Partial<Span>;
/** A score of a call; null for none. */
export type Rate = (sent: Sent, place: number) => number | null;
export type Sent = { readonly user: string; readonly variant: string; readonly span: Span };
type Traffic = {
  readonly users: number;
  /** The number of the first user. */
  readonly from?: number;
  readonly forced?: string;
  /** What of a call keeps its variant; by default the user. */
  readonly units?: (user: string) => Partial<Units>;
};
type Stores = { readonly db: Postgres; readonly columnar: Columnar };

const BEGINNING = Date.parse("2026-11-20T10:00:00Z");
const SIGNAL = new AbortController().signal;
const ENDPOINT = endpointsApi["POST /api/v1/endpoints"].body;
export const PLAN: Omit<z.input<typeof RolloutInput>, "endpointId"> = {
  candidate: "new",
  control: "old",
  stages: [{ share: 0.2, minUnits: 100, minMinutes: 1 }],
  guardrails: [{ metric: { kind: "error" }, margin: 0.1 }],
};

/** A project with an endpoint of two variants, a clock that stands until it is moved, and jobs that are run by hand. */
export async function createWorld({ db, columnar }: Stores, variants = VARIANTS) {
  const projectId = newId("proj");
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  const scope: Scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set() };
  let time = BEGINNING;
  const models = new Set(["m-old", "m-new", "m-third", ...REGISTERED]);
  const clock = { now: () => time, elapsed: () => time };
  const audit = createAudit({ db, clock });
  const endpoints = createEndpoints({ db, audit, clock, ...modelsOf(models) });
  const { endpointId } = await endpoints.create(scope, ENDPOINT.parse({ name: "support", variants }));
  const open = (more: Partial<RolloutDeps> = {}) =>
    openByHand(scope, { ...IDLE, db, columnar, endpoints, audit, clock, ...more });
  const { rollouts, evaluate } = open();
  const draft = (more: object = {}) => rollouts.create(scope, RolloutInput.parse({ endpointId, ...PLAN, ...more }));

  /** One request of each user, a millisecond apart, and then the time that it takes until they are counted. */
  async function send(traffic: Traffic, behave: Behaviour = () => ({})): Promise<Sent[]> {
    const endpoint = (await endpoints.resolve(projectId)).get("support");
    if (!endpoint) throw new Error("the endpoint is gone");
    const sent = callEndpoint(endpoint, { ...traffic, time }, behave);
    await columnar.insert(
      "spans",
      sent.map(({ span }) => toRow(projectId, span, false)),
    );
    time += traffic.users + 10_000;
    return sent;
  }

  return {
    scope,
    endpoints,
    endpointId,
    rollouts,
    evaluate,
    open,
    audit,
    clock,
    columnar,
    models,
    draft,
    send,
    signal: SIGNAL,
    /** Milliseconds since 1970. */
    now: () => time,
    move(ms: number) {
      time += ms;
    },
    endpoint: (): Promise<Endpoint> => endpoints.get(scope, endpointId),
    start: async (more: object = {}): Promise<Rollout> => rollouts.start(scope, (await draft(more)).rolloutId, SIGNAL),
    score: (calls: readonly Sent[], rate: Rate, name = "helpful") =>
      columnar.insert("scores", scoresOf(calls, rate, { project_id: projectId, time: time * 1_000, name })),
    read: (rolloutId: string) => rollouts.get(scope, rolloutId),
    async events(rolloutId: string) {
      return (await rollouts.listEvents(scope, rolloutId, { limit: 100 })).items.toReversed();
    },
    async audits(target: string) {
      const { items } = await audit.list(scope, { limit: 100 });
      return items.filter((entry) => entry.target === target).toReversed();
    },
  };
}
export type RolloutWorld = Awaited<ReturnType<typeof createWorld>>;

const IDLE: Pick<RolloutDeps, "monitors" | "log" | "settle"> = {
  monitors: { firingMonitors: async () => [], noteOnIncident: async () => {} },
  log: { warn() {} },
  settle: async () => {},
};

/** An alias and versions of a registered model. */
const REGISTERED = ["bot", "bot@production", "bot@v1", "bot@v2", "bot@v3"];
const VARIANTS = [
  { name: "old", model: "m-old", weight: 1 },
  { name: "new", model: "m-new", weight: 0 },
];

const modelsOf = (models: ReadonlySet<string>) => ({
  connections: { resolve: async () => [{ slug: "shop", models: [...models] } as unknown as ResolvedConnection] },
  models: { isLocal: (name: string) => models.has(name) },
  registered: { knows: async () => false },
  checkPrompt: async () => undefined,
  checkKnowledge: async () => undefined,
});

/** A service whose job is run by hand. */
function openByHand(scope: Scope, deps: Omit<RolloutDeps, "jobs">) {
  let run = async (): Promise<unknown> => undefined;
  const jobs: RolloutDeps["jobs"] = {
    register(_kind, handler) {
      const job = { jobId: "job_1", scope, payload: {}, state: null, signal: SIGNAL, report() {}, async save() {} };
      run = () => handler.run(job as unknown as JobRun<never, never>);
    },
    send: async () => "job_1",
  };
  return { rollouts: createRollouts({ ...deps, jobs }), evaluate: () => run() };
}

function callEndpoint(
  endpoint: ResolvedEndpoint,
  { users, from = 0, forced = "", units, time }: Traffic & { readonly time: number },
  behave: Behaviour,
): Sent[] {
  return Array.from({ length: users }, (_, index): Sent => {
    const user = `u${from + index}`;
    const assigned = assignVariant(endpoint, { ...unitsOf(user), ...units?.(user) }, { forced });
    const { variant, rolloutId, unitKind: unit, bucket, propensity, isForced } = assigned;
    const assignment = { unit, bucket, propensity: isForced ? 0 : propensity, endpointVersion: 1 };
    const span = makeSpan({
      startTime: new Date(time + index).toISOString(),
      endpoint: "support",
      variant: variant.name,
      rolloutId,
      userId: user,
      configHash: `hash-${variant.name}`,
      costUsd: 0.01,
      assignment,
      ...behave(variant.name, from + index),
    });
    return { user, variant: variant.name, span };
  });
}

type ScoreColumns = { readonly project_id: string; readonly time: number; readonly name: string };

const scoresOf = (calls: readonly Sent[], rate: Rate, columns: ScoreColumns) =>
  calls.flatMap((call, place) => {
    const value = rate(call, place);
    const { traceId: trace_id, spanId: span_id } = call.span;
    return value === null ? [] : [{ ...columns, trace_id, span_id, value, source: "scorer" }];
  });

const unitsOf = (user: string): Units => ({
  user,
  session: "",
  key: "key_1",
  request: user,
  conversation: () => "",
  isContinued: () => false,
});

/** A failed call. */
export const FAILED: Partial<Span> = {
  status: "error",
  errorType: "server_error",
  attempts: [{ connection: "shop", provider: "openai", model: "m-new", status: 500, error: "it broke", durationMs: 5 }],
};
/** An answer of the fallback. */
export const FELL_BACK: Partial<Span> = {
  attempts: [
    { connection: "shop", provider: "openai", model: "m-new", status: 500, error: 'a "},{" in it', durationMs: 5 },
    { connection: "shop", provider: "openai", model: "m-old", status: 200, error: "", durationMs: 5 },
  ],
};
