import { createHash } from "node:crypto";
import { type ChatRequest, ExperimentInput, type Item } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import type { Completion } from "../../../build/gateway/index.ts";
import { createScorers } from "../../scorers/index.ts";
import type { BoundScorer, EvalDatasets, EvalDeps } from "../run/deps.ts";
import { createEvals } from "../service.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const scope: Scope = {
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(["gateway:use", "experiments:read", "experiments:write"]),
};

/** A model's response to a request. It may throw the gateway's errors. */
export type Says = (
  request: ChatRequest,
  call: number,
) => string | { text: string; usd?: number | null; tokens?: number } | Promise<string>;

type Judging = { readonly value: number | null; readonly label?: string | null; readonly tokens?: number };

const NO_ASKS: BoundScorer["asks"] = { calls: [], toldCharacters: 0, mostOutputTokens: 0 };

/** A scorer made of a function; null is a score that does not exist. */
export const scorerOf = (
  key: string,
  judge: (sample: { output: string; expected: unknown; input: unknown }) => number | null | Judging | Promise<number>,
  { type = "boolean" as const, direction = "higher" as const, ...more }: Partial<BoundScorer["output"]> = {},
): BoundScorer => ({
  key,
  kind: key,
  scorerId: null,
  version: null,
  params: {},
  signature: `test:${key}`,
  promptHash: null,
  output: { type, direction, min: 0, max: 1, unit: "", ...more },
  needs: [],
  asks: NO_ASKS,
  async score(sample) {
    const verdict = await judge(sample);
    const {
      value,
      label = null,
      tokens = 0,
    } = typeof verdict === "object" && verdict !== null ? verdict : { value: verdict };
    const state = value === null && label === null ? ("undefined" as const) : ("scored" as const);
    return { state, value, label, reason: "", costUsd: tokens === 0 ? null : 0.001, tokens };
  },
  aggregate: () => ({ value: null, n: 0, undefinedCount: 0, failedCount: 0, details: null }),
  fromStats: null,
});

/** Datasets whose items are in memory; each change of one is its next version. */
function keepDatasets(first: Readonly<Record<string, readonly Item[]>>) {
  const rootOf = (items: readonly Item[]) => createHash("sha256").update(JSON.stringify(items)).digest("hex");
  const itemsByDataset = new Map(Object.entries(first).map(([datasetId, items]) => [datasetId, [items]]));
  const versionsOf = (datasetId: string) => {
    const versions = itemsByDataset.get(datasetId);
    if (!versions) throw notFound("dataset", datasetId);
    return versions;
  };
  const itemsOf = (datasetId: string) => versionsOf(datasetId).at(-1) ?? [];
  const datasets: EvalDatasets = {
    get: async (_scope, datasetId) => ({ name: `Set ${itemsOf(datasetId) && datasetId}` }),
    openVersion: async (_scope, { datasetId, version }) => {
      const versions = versionsOf(datasetId);
      const isRoot = /^[0-9a-f]{64}$/.test(version);
      const items = isRoot ? versions.find((one) => rootOf(one) === version) : versions.at(-1);
      if (!items) throw notFound("version", version);
      const sha = `${datasetId} ${versions.indexOf(items)}`;
      return { manifest: { sha, root: rootOf(items), rows: items.length, chunks: [] } };
    },
    listVersions: async (_scope, datasetId) =>
      versionsOf(datasetId)
        .map((items, at) => ({ number: at + 1, root: rootOf(items), parent: at === 0 ? null : at, mergedFrom: null }))
        .reverse(),
    async *readItems(_scope, { sha }) {
      const [datasetId = "", at] = sha.split(" ");
      yield* versionsOf(datasetId)[Number(at)] ?? [];
    },
    findItems: async (_scope, { datasetId, filter }) =>
      new Set(
        itemsOf(datasetId)
          .filter(({ metadata }) => filter.includes(String(metadata.topic)))
          .map(({ itemId }) => itemId),
      ),
  };
  const change = (datasetId: string, items: readonly Item[]) =>
    itemsByDataset.set(datasetId, [...(itemsByDataset.get(datasetId) ?? []), items]);
  return { datasets, change };
}

function completionOf({ model }: ChatRequest, said: Awaited<ReturnType<Says>>): Completion {
  const { text, usd = 0.01, tokens = 20 } = typeof said === "string" ? { text: said } : said;
  const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
  const usage = { prompt_tokens: tokens - 5, completion_tokens: 5, total_tokens: tokens };
  return {
    response: { id: "chatcmpl-1", object: "chat.completion", created: 1, model, choices, usage },
    traceId: "t".repeat(32),
    spanId: "s".repeat(16),
    cost: { tokens, costUsd: usd },
    prompt: null,
  };
}

const PROMPTS: EvalDeps["prompts"] = {
  use: async (_scope, { name, version, inputs }) => ({
    name,
    version: version ?? 1,
    text: null,
    model: "prompted",
    parameters: { temperature: 0 },
    tools: [],
    messages: [{ role: "user", content: `${name}: ${String(inputs.question)}` }],
    responseFormat: null,
  }),
  preview: async (_scope, { content, inputs }) => ({
    name: "",
    version: null,
    text: null,
    model: null,
    parameters: {},
    tools: [],
    responseFormat: null,
    messages: (content.type === "chat" ? content.messages : []).map((message) => ({
      role: "role" in message ? message.role : "user",
      content: "content" in message ? message.content.replace("{{question}}", String(inputs.question)) : "",
    })),
  }),
  async find(_scope, { name, version }) {
    if (name === "none") throw notFound("prompt", name);
    return { version: version ?? 3, model: name === "modelless" ? null : "prompted" };
  },
};

/** Scorers as they are, for those that a test makes no function of; they ask the same model. */
const openJudges = (db: Postgres, complete: EvalDeps["complete"]) =>
  createScorers({
    db,
    clock: systemClock,
    namesOf: async () => new Map(),
    audit: { record: async () => undefined },
    complete: (of, request, signal) => complete(of, request, { signal, headers: {} }),
    embed: async () => [],
    logprobs: () => Promise.reject(new Error("no engine")),
    reward: () => Promise.reject(new Error("no trainer")),
    readTexts: { language: async () => ({ language: "und", confidence: 0 }), toxicWords: () => new Map() },
    sandbox: { run: () => Promise.reject(new Error("no sandbox")), check: () => null },
    fetchOutside: () => Promise.reject(new Error("no network")),
    checkGuards: () => Promise.reject(new Error("no guards")),
  });

/** Binds scorers that a test gives, and the real ones for other names. */
async function bindFirst(
  refs: Parameters<EvalDeps["scorers"]["bind"]>[1],
  given: readonly BoundScorer[],
  real: EvalDeps["scorers"],
): Promise<BoundScorer[]> {
  const bound: BoundScorer[] = [];
  for (const ref of refs) {
    const key = "kind" in ref ? ref.kind : ref.scorer;
    const found = given.find((scorer) => scorer.kind === key) ?? (await real.bind(scope, [ref]))[0];
    if (!found) throw new AppError("not_found", { message: `There is no scorer "${key}".` });
    bound.push(found);
  }
  return bound;
}

/** Experiments over datasets in memory, a real job database, and a scripted model and scorers. */
export async function openEvals(first: Readonly<Record<string, readonly Item[]>>) {
  const store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_1', 'Project', false, now())`);
  const stored = keepDatasets(first);
  const asked: { request: ChatRequest; headers: Readonly<Record<string, string>> }[] = [];
  let says: Says = () => "";
  let scorers: readonly BoundScorer[] = [];
  const complete: EvalDeps["complete"] = async (_scope, request, { signal, headers }) => {
    signal.throwIfAborted();
    const call = asked.push({ request, headers }) - 1;
    return completionOf(request, await says(request, call));
  };
  const real = openJudges(store.db, complete);
  const deps = (jobs: JobsAdapter): EvalDeps => ({
    db: store.db,
    jobs,
    datasets: stored.datasets,
    clock: systemClock,
    complete,
    openGuards: async () => ({ policy: null }),
    prompts: PROMPTS,
    scorers: { bind: (_scope, refs) => bindFirst(refs, scorers, real) },
    priceOf: async (_projectId, { model, inputTokens, outputTokens }) => {
      if (model === "missing") throw notFound("model", model);
      return model === "m" ? (inputTokens + outputTokens) / 1_000_000 : null;
    },
    audit: { record: async () => undefined },
    namesOf: async () => new Map([["user_a", "Ada"]]),
  });
  const open = () => {
    const timing = { pollMs: 20, firstWaitMs: 20, longestWaitMs: 40, beatMs: 20 };
    const jobs = openJobs({ db: store.db, log: silent, isAlone: true, timing });
    const evals = createEvals(deps(jobs));
    jobs.start();
    return { jobs, evals };
  };
  let opened = open();
  return {
    ...stored,
    db: store.db,
    bind: (refs: Parameters<EvalDeps["scorers"]["bind"]>[1]) => bindFirst(refs, scorers, real),
    asked,
    get evals() {
      return opened.evals;
    },
    say(next: Says, ...score: readonly BoundScorer[]) {
      says = next;
      scorers = score;
      asked.length = 0;
    },
    /** The server stops and starts again. */
    async restart() {
      await opened.jobs.close();
      opened = open();
    },
    start: (input: object) => opened.evals.experiments.start(scope, ExperimentInput.parse(input)),
    async run(input: object) {
      const { experimentId } = await this.start(input);
      return this.ended(experimentId);
    },
    async ended(experimentId: string) {
      for (;;) {
        const experiment = await opened.evals.experiments.get(scope, experimentId);
        if (experiment.status !== "queued" && experiment.status !== "running") return experiment;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await opened.jobs.close();
      await store.close();
    },
  };
}
