import {
  type DatasetVersion,
  type ItemRow,
  type ModelVersion,
  Span,
  type SpanDetail,
  TrainingConfig,
  type TrainingRun,
} from "@treadle/contract";
import { MADE_AT, ROOT, type World } from "./open-lineage.ts";

/** A version that a run made of 3 rows over a model of the machine. */
export const version = (more: Partial<ModelVersion> = {}): ModelVersion => ({
  ...{ versionId: "mv_1", name: "support", version: 2, format: "gguf-adapter", formats: ["gguf-adapter"] },
  ...{ stage: "none", aliases: ["production"], runId: "run_1", source: "the training run run_1", sizeBytes: 1 },
  facts: {
    ...{ architecture: null, parameters: null, quantisation: null, contextTokens: null, rank: null, alpha: null },
    license: null,
  },
  base: { ref: "local:tiny", hash: "b".repeat(64), version: null },
  data: [{ ref: "support@1", datasetId: "ds_1", version: "1", root: ROOT, rows: 3 }],
  ...{
    fileCount: 1,
    sha256: "c".repeat(64),
    tags: {},
    notes: "",
    limits: "",
    license: null,
    licenseFrom: null,
    evaluation: null,
  },
  ...{ remote: null, filesRemovedAt: null },
  ...{ canServe: true, whyNot: null, pending: null, createdBy: "Ada", createdAt: MADE_AT, ...more },
});

export const run = (more: Partial<TrainingRun> = {}): TrainingRun => ({
  ...{ trainingRunId: "run_1", name: "support", status: "succeeded", message: "", wanted: "run", queuePosition: null },
  config: TrainingConfig.parse({ base_model: "tiny", datasets: [{ ref: "support@1" }] }),
  base: { ref: "tiny", hash: "b".repeat(64) },
  data: {
    ...{ format: "chat", train: 2, val: 1, skipped: 0 },
    sources: [{ ref: "support@1", datasetId: "ds_1", fileId: null, version: "1", root: ROOT, rows: 3 }],
  },
  progress: {
    ...{ step: 6, totalSteps: 6, epoch: 1, loss: 1, evalLoss: 1, tokensPerSecond: null, memoryMb: null },
    ...{ elapsedSeconds: null, etaSeconds: null, trainedTokens: null, bestStep: 6, bestEvalLoss: 0.5 },
  },
  ...{ stopReason: "completed", error: null, warnings: [], canResume: false, resumeBlockedReason: "", attempt: 1 },
  ...{ remote: null, costUsd: null },
  ...{ model: { name: "support", version: 2 }, metadata: {}, jobId: null, createdBy: "Ada", createdAt: MADE_AT },
  ...{ startedAt: MADE_AT, endedAt: MADE_AT, ...more },
});

export const set = (more: Partial<DatasetVersion> = {}): DatasetVersion => ({
  ...{ number: 1, root: ROOT, branch: "main", parent: null, mergedFrom: null, message: "first", author: "Ada" },
  ...{ createdAt: MADE_AT, steps: [], tags: [], indexedRows: 3 },
  stats: {
    ...{ rows: 3, bytes: 10, fields: [], labels: null },
    splits: [{ split: null, rows: 3 }],
    sources: [
      { kind: "trace", rows: 2 },
      { kind: "synthetic", rows: 1 },
    ],
  },
  ...more,
});

export const row = (itemId: string, more: Partial<ItemRow> = {}): ItemRow => ({
  ...{ itemId, inputs: { messages: [{ role: "user", content: `Where is parcel ${itemId}?` }] }, expected: "There." },
  ...{ metadata: {}, split: null, position: 0, rowHash: `hash of ${itemId}` },
  source: { kind: "trace", traceId: "1".repeat(32), spanId: "2".repeat(16) },
  ...more,
});

export const span = (more: Partial<SpanDetail> = {}): SpanDetail => ({
  ...Span.parse({
    ...{ traceId: "1".repeat(32), spanId: "2".repeat(16), name: "chat support", kind: "generation" },
    ...{ startTime: "2026-01-03T00:00:00.000Z", durationMs: 1, requestModel: "support@production" },
    ...{ responseModel: "support@v2", provider: "local" },
  }),
  ...{ isSample: false, scores: [], contents: [], ...more },
});

/** A run over one dataset that gave one version, with two answers. */
export const whole = (): World => ({
  ...{ versions: [version()], runs: [run()], sets: [set()], rows: [row("a"), row("b"), row("c")], files: [] },
  answers: [
    { responseModel: "support@v2", startTime: "2026-01-05T00:00:00.000Z" },
    { responseModel: "support@v2", startTime: "2026-01-04T00:00:00.000Z" },
  ],
  uses: {
    nodes: [
      { id: "alias:production", kind: "alias", label: "production", detail: "alias", target: null },
      { id: "endpoint:ep_1", kind: "endpoint", label: "helpdesk", detail: "endpoint", target: "ep_1" },
    ],
    edges: [],
  },
});
