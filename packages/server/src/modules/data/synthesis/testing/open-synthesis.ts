import { type ChatRequest, type Item, type Job, SynthesisInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import type { Completion } from "../../../build/gateway/index.ts";
import type { Manifest } from "../../datasets/index.ts";
import { createSynthesis } from "../service.ts";
import type { SourceDatasets } from "../source-datasets.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const scope: Scope = {
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(["gateway:use", "datasets:write"]),
};

/** A model's response to a request, and its cost. */
export type Says = (
  request: ChatRequest,
  call: number,
) => string | { text: string; usd: number | null; tokens?: number };

export type Step = Parameters<SourceDatasets["pushStep"]>[1]["step"];

/** Datasets in memory, whose manifests are named by their place in a list of states. */
function keepDatasets(first: Readonly<Record<string, readonly Item[]>>) {
  const states: (readonly Item[])[] = [];
  const drafts = new Map<string, { state: number; revision: number; steps: Step[] }>();
  const keep = (items: readonly Item[]): Manifest => {
    const sha = String(states.push(items) - 1);
    return { sha, root: sha.padStart(64, "0"), rows: items.length, chunks: [] };
  };
  const manifestOf = (state: number): Manifest => ({
    sha: String(state),
    root: String(state).padStart(64, "0"),
    rows: states[state]?.length ?? 0,
    chunks: [],
  });
  for (const [datasetId, items] of Object.entries(first))
    drafts.set(datasetId, { state: Number(keep(items).sha), revision: 1, steps: [] });
  function draftOf(datasetId: string) {
    const draft = drafts.get(datasetId);
    if (!draft) throw notFound("dataset", datasetId);
    return draft;
  }
  const schemas = new Map<string, Record<string, unknown>>();
  const datasets: SourceDatasets = {
    async get(_scope, datasetId) {
      draftOf(datasetId);
      return { name: datasetId, schema: { inputs: schemas.get(datasetId) ?? null, expected: null, metadata: null } };
    },
    openDraft: async (_scope, { datasetId }) => {
      const { state, revision } = draftOf(datasetId);
      return { manifest: manifestOf(state), revision };
    },
    openVersion: async (_scope, { datasetId }) => ({ manifest: manifestOf(draftOf(datasetId).state) }),
    async *readItems(_scope, { sha }) {
      yield* states[Number(sha)] ?? [];
    },
    async writeItems(_scope, items) {
      const all: Item[] = [];
      for await (const item of items) all.push(item);
      return keep(all);
    },
    async pushStep(_scope, { datasetId, expectedRevision, step, manifest }) {
      const draft = draftOf(datasetId);
      if (draft.revision !== expectedRevision) throw new AppError("conflict");
      drafts.set(datasetId, {
        state: Number(manifest.sha),
        revision: expectedRevision + 1,
        steps: [...draft.steps, step],
      });
      return { revision: expectedRevision + 1 };
    },
  };
  return {
    datasets,
    itemsOf: (datasetId: string) => states[draftOf(datasetId).state] ?? [],
    stepsOf: (datasetId: string) => draftOf(datasetId).steps,
    setSchema: (datasetId: string, schema: Record<string, unknown>) => schemas.set(datasetId, schema),
    /** Simulates a change of the draft by another user. */
    change(datasetId: string, items: readonly Item[]) {
      const draft = draftOf(datasetId);
      drafts.set(datasetId, { ...draft, state: Number(keep(items).sha), revision: draft.revision + 1 });
    },
  };
}

function answerOf({ model }: ChatRequest, said: ReturnType<Says>): Completion {
  const { text, usd, tokens = 100 } = typeof said === "string" ? { text: said, usd: 0.01 } : said;
  const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
  return {
    prompt: null,
    response: { id: "chatcmpl-1", object: "chat.completion", created: 1, model, choices },
    traceId: "",
    spanId: "",
    cost: { tokens, costUsd: usd },
  };
}

/** Synthesis over datasets in memory, a real job database, and a scripted model. */
export async function openSynthesis(first: Readonly<Record<string, readonly Item[]>>) {
  const store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects VALUES ('proj_1', 'Project', false, now())`);
  for (const datasetId of Object.keys(first))
    await store.db.execute(
      sql`INSERT INTO datasets VALUES (${datasetId}, 'proj_1', ${datasetId}, '', false, '{}', '', 'user_a', now(), now())`,
    );
  const stored = keepDatasets(first);
  const asked: ChatRequest[] = [];
  let says: Says = () => "";
  const complete = async (_scope: Scope, request: ChatRequest, signal: AbortSignal): Promise<Completion> => {
    signal.throwIfAborted();
    const call = asked.push(request) - 1;
    return answerOf(request, says(request, call));
  };
  const open = () => {
    const jobs = openJobs({
      db: store.db,
      log: silent,
      isAlone: true,
      timing: { pollMs: 20, firstWaitMs: 20, longestWaitMs: 40, beatMs: 20 },
    });
    const synthesis = createSynthesis({
      db: store.db,
      datasets: stored.datasets,
      complete,
      jobs,
      clock: systemClock,
      audit: { record: async () => undefined },
    });
    jobs.start();
    return { jobs, synthesis };
  };
  let opened = open();
  return {
    ...stored,
    db: store.db,
    asked,
    get synthesis() {
      return opened.synthesis;
    },
    get jobs(): JobsAdapter {
      return opened.jobs;
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
    async run(datasetId: string, input: object): Promise<Job> {
      const { jobId } = await opened.synthesis.start(scope, datasetId, SynthesisInput.parse(input));
      return this.ended(jobId);
    },
    async ended(jobId: string): Promise<Job> {
      for (;;) {
        const job = await opened.jobs.get(scope, jobId);
        if (job.status !== "queued" && job.status !== "running") return job;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await opened.jobs.close();
      await store.close();
    },
  };
}
