// Measures whether a probe finds another quantization of a model, and whether it stays quiet as long as the model is unchanged.
// The probe's own code runs against the built-in engine with a simulated clock: the set-up, the two references, the unchanged days,
// and then the second file under the same name until the change is confirmed. At temperature 0, each file generates `--fresh` answers
// to a prompt, and further answers are drawn from these. `--fresh 0` generates all of them. Samples are always generated.
// On a busy machine, `--short N` replaces the choice among 200 short prompts by N of them, and goes on with the longer prompts alone if
// the model gives each of the N the same answers; `--tokens N` cuts the longer answers; `--only-daily` leaves out the second test, so
// that a change is only suspected.
// Goals: no suspicion before the change, and a confirmed change within 10 runs.
// Usage: node bench/watch/probes.ts BEFORE.gguf AFTER.gguf [--days 60] [--after 20] [--parallel 4] [--fresh 5]
//   [--short 200] [--tokens 40] [--only-daily]
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { type ChatRequest, ProbeInput } from "../../packages/contract/src/index.ts";
import { createRandom } from "../../packages/metrics/src/index.ts";
import { toAnswer } from "../../packages/server/src/areas/probes.ts";
import { AppError } from "../../packages/server/src/kernel/errors.ts";
import { newId } from "../../packages/server/src/kernel/ids.ts";
import type { Scope } from "../../packages/server/src/kernel/scope.ts";
import {
  createLocalAnswer,
  localChatRequest,
} from "../../packages/server/src/modules/build/gateway/providers/local/local.ts";
import {
  FULL_PROMPTS,
  LOGPROB_PROMPTS,
  SHORT_PROMPTS,
} from "../../packages/server/src/modules/observe/probes/prompts/built-in.ts";
import { requestOf } from "../../packages/server/src/modules/observe/probes/run/plan-calls.ts";
import { nextRunAfter } from "../../packages/server/src/modules/observe/probes/run/schedule.ts";
import { createProbes } from "../../packages/server/src/modules/observe/probes/service.ts";
import type { ProbeDeps } from "../../packages/server/src/modules/observe/probes/stores/deps.ts";
import { createProbeStore } from "../../packages/server/src/modules/observe/probes/stores/probe-store.ts";
import { createInference } from "../../packages/server/src/platform/inference/open.ts";
import type { JobHandler } from "../../packages/server/src/platform/jobs/port.ts";
import { openTestPostgres } from "../../packages/server/src/platform/postgres/testing/open-test-postgres.ts";

const GOALS = { runs: 10 };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    days: { type: "string", default: "60" },
    after: { type: "string", default: "20" },
    parallel: { type: "string", default: "4" },
    fresh: { type: "string", default: "5" },
    short: { type: "string", default: "200" },
    tokens: { type: "string", default: "40" },
    "only-daily": { type: "boolean", default: false },
  },
});
const [before = "", after = ""] = positionals;
if (after === "") {
  console.error(
    "Usage: node bench/watch/probes.ts BEFORE.gguf AFTER.gguf [--days 60] [--after 20] [--parallel 4] [--fresh 5]",
  );
  process.exit(2);
}

const log = { debug() {}, info() {}, warn() {}, error() {} };
const inference = createInference({ memoryBudgetBytes: 2 ** 31, parallel: Number(values.parallel), log });
const quantizations: string[] = [];
for (const [id, path] of Object.entries({ before, after })) {
  const facts = await inference.inspect(path);
  quantizations.push(facts.quantisation);
  inference.register({ id, path, ...facts });
}

const random = createRandom(1);
const fresh = Number(values.fresh);
const pools = new Map<string, ReturnType<typeof toAnswer>[]>();
let served = "before";
let [calls, generated] = [0, 0];
async function ask(_scope: Scope, whole: ChatRequest, signal: AbortSignal) {
  if (values["only-daily"] && whole.temperature !== 0)
    throw new AppError("provider_failed", { message: "The second test is left out." });
  calls++;
  const request = { ...whole, max_tokens: Math.min(Number(values.tokens), whole.max_tokens ?? 1) };
  const key = JSON.stringify([served, request]);
  const pool = pools.get(key) ?? [];
  pools.set(key, pool);
  const stored = fresh > 0 && request.temperature === 0 && pool.length >= fresh && pool[random.below(pool.length)];
  if (stored) return stored;
  generated++;
  const answer = createLocalAnswer({ id: "bench", model: served, now: 0 }, { includeUsage: true });
  for await (const event of inference.generate(localChatRequest(served, request).generate, signal)) answer.add(event);
  const made = toAnswer({ response: answer.response(), cost: { costUsd: 0 } });
  if (request.temperature === 0) pool.push(made);
  return made;
}
/** The share of prompts at temperature 0 whose generated answers are not all the same, in text or log-probabilities. */
function variedShare() {
  const answers = [...pools.values()].filter(({ length }) => length > 1);
  return answers.filter((pool) => new Set(pool.map((one) => JSON.stringify(one))).size > 1).length / answers.length;
}

let time = Date.UTC(2026, 0, 1);
const clock = { now: () => time, elapsed: () => performance.now() };
let handler: JobHandler<{ probeId: string }, null> | undefined;
const incidents: string[] = [];
const { db, close } = await openTestPostgres();
const deps: ProbeDeps = {
  db,
  columnar: { select: async () => [] },
  jobs: {
    register: (_kind, given) => {
      handler = given as never;
    },
    send: async () => newId("job"),
    list: async () => ({ items: [], nextCursor: null }),
    cancel: async () => ({}) as never,
  },
  audit: { record: async () => undefined },
  ask,
  priceOf: async () => 0,
  isEndpoint: async () => false,
  evaluations: {
    check: async () => undefined,
    start: async () => Promise.reject(new Error("no experiment is pinned")),
    follow: async (_scope, evaluation) => evaluation,
  },
  incidents: {
    open: async (_tx, _scope, { title }) => `inc_${incidents.push(title)}`,
    recover: async () => undefined,
    note: async () => undefined,
  },
  announce: async () => undefined,
  clock,
  log,
};
const projectId = newId("proj");
await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Bench', now())`);
const scope: Scope = {
  projectId,
  actor: "bench",
  userId: null,
  permissions: new Set(["monitors:write", "gateway:use"]),
};
const probes = createProbes(deps);
const { probeId } = await probes.create(scope, ProbeInput.parse({ name: "Bench", model: "bench/model" }));

let reportedAt = 0;
function report({ done, total }: { done: number; total: number }) {
  if (performance.now() - reportedAt < 10_000) return;
  reportedAt = performance.now();
  console.error(`${done} of ${total} calls, ${generated} generated, ${seconds()} s`);
}
async function tick() {
  const signal = new AbortController().signal;
  const { jobId } = await probes.get(scope, probeId);
  const job = { jobId, scope, payload: { probeId }, state: null, signal, report, async save() {} };
  await handler?.run(job);
  return probes.get(scope, probeId);
}
async function runNext(name: string) {
  time = Date.parse((await probes.get(scope, probeId)).nextRunAt ?? "");
  const probe = await tick();
  const { items } = await probes.listRuns(scope, probeId, { limit: 1 });
  const [run] = items.filter(({ kind }) => kind === "daily");
  console.error(
    `${name}: ${probe.state}, evidence ${probe.evidence.toPrecision(3)}, answers ${run?.countFactor?.toPrecision(3)}, log-probabilities ${run?.logprobFactor?.toPrecision(3)}, ${seconds()} s`,
  );
  return probe;
}
const start = performance.now();
const seconds = () => Math.round((performance.now() - start) / 1_000);

/** Asks some short prompts. If none of them has two answers, the probe compares what it would compare then. */
async function skipSelection() {
  const signal = new AbortController().signal;
  for (const prompt of SHORT_PROMPTS.slice(0, Number(values.short)))
    for (let repeat = 0; repeat < fresh; repeat++) {
      const settings = ProbeInput.parse({ name: "Bench", model: "bench/model" });
      await ask(scope, requestOf({ settings }, "selection", prompt), signal);
    }
  if (variedTexts() > 0) throw new Error("Some of the short prompts have several answers. Leave out --short.");
  await createProbeStore(db).update(projectId, probeId, {
    prompts: [...LOGPROB_PROMPTS, ...FULL_PROMPTS],
    ...(values["only-daily"]
      ? { stage: "daily", state: "watching", nextRunAt: nextRunAfter(probeId, time) }
      : { stage: "samples" }),
  });
}
const variedTexts = () => [...pools.values()].filter((pool) => new Set(pool.map(({ text }) => text)).size > 1).length;

if (Number(values.short) < SHORT_PROMPTS.length) await skipSelection();
console.error(`selection: ${generated} generated, ${variedTexts()} prompts with several answers, ${seconds()} s`);
const ready = values["only-daily"] ? await probes.get(scope, probeId) : await tick();
console.error(`set-up: ${ready.state}, ${JSON.stringify(ready.prompts)}, ${calls} calls, ${seconds()} s`);
await runNext("reference 1");
await runNext("reference 2");
let [suspicions, most] = [0, 0];
for (let day = 1; day <= Number(values.days); day++) {
  const { state, evidence } = await runNext(`day ${day}`);
  if (state !== "watching") suspicions++;
  most = Math.max(most, evidence);
}

served = "after";
let suspectedAfter: number | null = null;
let confirmedAfter: number | null = null;
let probe = ready;
for (let run = 1; run <= Number(values.after) && confirmedAfter === null; run++) {
  if (values["only-daily"] && suspectedAfter !== null) break;
  probe = await runNext(`changed ${run}`);
  if (probe.state !== "watching") suspectedAfter ??= run;
  if (probe.state === "changed") confirmedAfter = run;
}
const isFound = (run: number | null) => run !== null && run <= GOALS.runs;
console.log(
  JSON.stringify({
    quantizations,
    prompts: ready.prompts,
    longestAnswerTokens: Number(values.tokens),
    calls,
    generated,
    variedShare: Number(variedShare().toPrecision(3)),
    unchangedDays: Number(values.days),
    suspicions,
    highestEvidence: Number(most.toPrecision(3)),
    suspectedAfterRuns: suspectedAfter,
    confirmedAfterRuns: confirmedAfter,
    evidence: Number(probe.evidence.toPrecision(3)),
    confirmation: probe.suspicion?.confirmation ?? null,
    incidents,
    seconds: seconds(),
    isQuiet: suspicions === 0,
    isFound: isFound(values["only-daily"] ? suspectedAfter : confirmedAfter),
  }),
);
await inference.close();
await close();
// The engine keeps a thread after it is closed.
process.exit();
