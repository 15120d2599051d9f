import { type ChatRequest, type Item, OptimisationInput, PromptContent } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { createStatistics } from "../../experiments/statistics/statistics-thread.ts";
import { createOptimisation } from "../service.ts";
import type { OptimisationDeps } from "../stores/deps.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const scope: Scope = {
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(["gateway:use", "experiments:read", "experiments:write", "prompts:write"]),
};

type Says = (request: ChatRequest, call: number) => string | Promise<string>;
type Scorer = Awaited<ReturnType<OptimisationDeps["scorers"]["bind"]>>[number];
const ROOT = "r".repeat(64);

/** Whether an answer is the expected one. */
const exact: Scorer = {
  key: "exact",
  kind: "exact",
  scorerId: null,
  version: null,
  params: {},
  signature: "exact",
  promptHash: null,
  output: { type: "boolean", direction: "higher", min: 0, max: 1, unit: "" },
  needs: [],
  asks: { calls: [], toldCharacters: 0, mostOutputTokens: 0 },
  async score({ output, expected }) {
    const value = Number(output === expected);
    const reason = value === 1 ? "It is right." : `It is not "${expected}".`;
    return { state: "scored", value, label: null, reason, costUsd: null, tokens: 0 };
  },
  aggregate: () => ({ value: null, n: 0, undefinedCount: 0, failedCount: 0, details: null }),
  fromStats: null,
};

const SCORERS: OptimisationDeps["scorers"] = {
  bind: async (_scope, refs) =>
    refs.map((ref) => {
      if ("kind" in ref && ref.kind === "exact") return exact;
      throw new AppError("not_found", { message: "There is no such scorer." });
    }),
};

const keptDatasets = (items: readonly Item[]): OptimisationDeps["datasets"] => ({
  get: async () => ({ name: "Set" }),
  openVersion: async () => ({ manifest: { sha: "set", root: ROOT, rows: items.length, chunks: [] } }),
  async *readItems() {
    yield* items;
  },
  listVersions: async () => [],
  findItems: async () => new Set(),
});

type Version = { readonly content: PromptContent; readonly message: string };

const keptPrompts = (versions: Version[]): OptimisationDeps["prompts"] => ({
  async find(_scope, { name, version }) {
    const promptVersion = versions[(version ?? 1) - 1];
    if (name !== "ask" || !promptVersion) throw notFound("prompt", name);
    return { version: version ?? 1, content: promptVersion.content };
  },
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
  save: async (_scope, _name, draft) => ({ version: versions.push(draft) }),
});

function completionOf({ model }: ChatRequest, content: string): Awaited<ReturnType<OptimisationDeps["complete"]>> {
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  const usage = { prompt_tokens: 15, completion_tokens: 5, total_tokens: 20 };
  return {
    response: { id: "c", object: "chat.completion", created: 1, model, choices, usage },
    traceId: "t".repeat(32),
    spanId: "s".repeat(16),
    cost: { tokens: 20, costUsd: 0.01 },
    prompt: null,
  };
}

/** An input that a search accepts, with the changes of a test. */
const inputWith = (changes: object): OptimisationInput =>
  OptimisationInput.parse({
    name: "Try",
    prompt: { name: "ask" },
    model: "m",
    reflectionModel: "strong",
    dataset: { datasetId: "ds", version: "1" },
    scorers: [{ kind: "exact" }],
    ...changes,
  });

/** Searches over items in memory, with a real job database, and a scripted model. */
export async function openOptimisation(items: readonly Item[], start: object) {
  const store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_1', 'Project', false, now())`);
  const statistics = createStatistics();
  const asked: ChatRequest[] = [];
  const versions: Version[] = [{ content: PromptContent.parse(start), message: "first" }];
  let says: Says = () => "";
  const deps = (jobs: JobsAdapter): OptimisationDeps => ({
    db: store.db,
    jobs,
    clock: systemClock,
    ask: statistics.ask,
    datasets: keptDatasets(items),
    prompts: keptPrompts(versions),
    scorers: SCORERS,
    async complete(_scope, request, { signal }) {
      signal.throwIfAborted();
      const call = asked.push(request) - 1;
      return completionOf(request, await says(request, call));
    },
    priceOf: async (_projectId, { model }) => {
      if (model === "missing") throw notFound("model", model);
      return 0.01;
    },
    audit: { record: async () => undefined },
    namesOf: async () => new Map([["user_a", "Ada"]]),
  });
  const open = () => {
    const jobs = openJobs({
      db: store.db,
      log: silent,
      isAlone: true,
      timing: { pollMs: 20, firstWaitMs: 20, longestWaitMs: 40, beatMs: 20 },
    });
    const optimisation = createOptimisation(deps(jobs));
    jobs.start();
    return { jobs, optimisation };
  };
  let opened = open();
  return {
    asked,
    versions,
    get optimisation() {
      return opened.optimisation;
    },
    say(next: Says) {
      says = next;
      asked.length = 0;
    },
    /** The server stops and starts again. */
    async restart() {
      await opened.jobs.close();
      opened = open();
    },
    start: (input: object = {}) => opened.optimisation.start(scope, inputWith(input)),
    async ended(id: string) {
      for (;;) {
        const search = await opened.optimisation.get(scope, id);
        if (search.status !== "queued" && search.status !== "running") return search;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await opened.jobs.close();
      await statistics.close();
      await store.close();
    },
  };
}
