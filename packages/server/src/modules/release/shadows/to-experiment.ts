import type { ItemInput, ShadowAnswer, ShadowExperiment, UploadedAnswer } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { createPairStore, type PairRow } from "./stores/pair-store.ts";
import type { ShadowRow } from "./stores/shadow-store.ts";

/** How pairs reach datasets and experiments. */
export type ShadowData = {
  createDataset(scope: Scope, name: string): Promise<string>;
  addItems(scope: Scope, datasetId: string, items: readonly ItemInput[]): Promise<void>;
  /** The number of the new version. */
  commit(scope: Scope, datasetId: string, message: string): Promise<number>;
  createRun(scope: Scope, run: { name: string; datasetId: string; version: number }): Promise<string>;
  addAnswers(scope: Scope, runId: string, answers: readonly UploadedAnswer[]): Promise<void>;
  finishRun(scope: Scope, runId: string): Promise<void>;
};
type Deps = { readonly db: Postgres; readonly data: ShadowData };
type Find = (scope: Scope, shadowId: string) => Promise<ShadowRow>;

const PAGE = 200;
const LONGEST_TEXT = 1_000_000;
const LONGEST_NAME = 100;

/** Copies the answered pairs to a dataset version and two runs, whose answers scorers and judges can compare. */
export const createToExperiment = ({ db, data }: Deps, find: Find) =>
  async function toExperiment(scope: Scope, shadowId: string, { name }: Named): Promise<ShadowExperiment> {
    const { endpoint, plan } = await find(scope, shadowId);
    checkRights(scope);
    const pairs = (await readAll(db, scope.projectId, shadowId)).filter(isAnswered);
    if (pairs.length === 0) throw noPairs(shadowId);
    const title = (name ?? `${endpoint}: ${plan.candidate}`).slice(0, LONGEST_NAME);
    const dataset = await copyItems(data, scope, { title, shadowId, pairs });
    const upload = { ...dataset, title, pairs };
    const primaryRunId = await uploadRun(data, scope, { ...upload, side: "primary" });
    const candidateRunId = await uploadRun(data, scope, { ...upload, side: "candidate" });
    return { ...dataset, primaryRunId, candidateRunId, pairs: pairs.length };
  };

type Named = { readonly name?: string | undefined };
type Copy = { readonly title: string; readonly pairs: readonly PairRow[] };
type Dataset = { readonly datasetId: string; readonly version: number };

const noPairs = (shadowId: string) =>
  new AppError("unprocessable", {
    message: "The shadow has no pair in which both sides answered. Wait for pairs, then try again.",
    details: { shadowId },
  });

async function copyItems(
  data: ShadowData,
  scope: Scope,
  { title, shadowId, pairs }: Copy & { readonly shadowId: string },
): Promise<Dataset> {
  const datasetId = await data.createDataset(scope, `${title} ${new Date().toISOString().slice(0, 19)}`);
  for (const page of pagesOf(pairs)) await data.addItems(scope, datasetId, page.map(toItem));
  return { datasetId, version: await data.commit(scope, datasetId, `Pairs of the shadow ${shadowId}`) };
}

type Upload = Copy & Dataset & { readonly side: "primary" | "candidate" };

/** The answers of one side as a run over the dataset. */
async function uploadRun(data: ShadowData, scope: Scope, upload: Upload): Promise<string> {
  const { title, side, datasetId, version, pairs } = upload;
  const runId = await data.createRun(scope, { name: `${title}, ${side}`, datasetId, version });
  for (const page of pagesOf(pairs)) {
    const answers = page.map((pair) => toUploaded(pair.id, pair[side]));
    await data.addAnswers(scope, runId, answers);
  }
  await data.finishRun(scope, runId);
  return runId;
}

function checkRights({ permissions }: Scope): void {
  const missing = (["datasets:write", "traces:read"] as const).find((permission) => !permissions.has(permission));
  if (missing)
    throw new AppError("forbidden", {
      message: `Copying pairs needs the permission ${missing} too, because they contain requests and become a dataset.`,
      details: { permission: missing },
    });
}

const isAnswered = ({ primary, candidate }: PairRow) => primary.status === "ok" && candidate.status === "ok";

async function readAll(db: Postgres, projectId: string, shadowId: string): Promise<readonly PairRow[]> {
  const store = createPairStore(db);
  const pairs: PairRow[] = [];
  for (;;) {
    const page = await store.listOldest(projectId, { shadowId, limit: PAGE, after: pairs.at(-1) ?? null });
    pairs.push(...page);
    if (page.length < PAGE) return pairs;
  }
}

function* pagesOf(pairs: readonly PairRow[]): Generator<readonly PairRow[]> {
  for (let from = 0; from < pairs.length; from += PAGE) yield pairs.slice(from, from + PAGE);
}

const toItem = ({ id, input, shadowId, requestId, primary }: PairRow): ItemInput => ({
  itemId: id,
  inputs: { messages: input },
  expected: null,
  metadata: { shadowId, requestId },
  source: { kind: "trace", traceId: primary.traceId, spanId: primary.spanId },
  split: null,
});

function toUploaded(itemId: string, answer: ShadowAnswer): UploadedAnswer {
  const { text, toolCalls, durationMs, costUsd, inputTokens, outputTokens } = answer;
  const calls = toolCalls.map(({ name, arguments: given }) => ({
    type: "function",
    function: { name, arguments: given },
  }));
  return {
    itemId,
    repeat: 0,
    // A judge reads texts: an answer that only calls a tool is shown by its calls.
    output: (text || JSON.stringify(calls)).slice(0, LONGEST_TEXT),
    message: { role: "assistant", content: text, ...(calls.length > 0 && { tool_calls: calls }) },
    error: null,
    latencyMs: durationMs,
    costUsd,
    inputTokens,
    outputTokens,
    scores: [],
  };
}
