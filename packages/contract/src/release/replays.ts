import { z } from "zod";
import { PromptLabel, PromptName } from "../build/prompts.ts";
import { variantName } from "../build/routing.ts";
import { VersionRef } from "../data/datasets.ts";
import { EXPERIMENT_STOPS, ExperimentBudget } from "../evaluate/experiment-budget.ts";
import { ExperimentEstimate } from "../evaluate/experiments.ts";
import { ScorerRef } from "../evaluate/scorers.ts";
import { SpanFilterText } from "../observe/filter/filter-text.ts";
import { Name, StoredTime, Timestamp } from "../pages.ts";

const parameters = z
  .record(z.string().max(200), z.unknown())
  .default({})
  .describe("Settings such as temperature. They override the recorded parameters.");

/** Recorded calls of models, by a filter of traces. */
export const ReplayTraffic = z.strictObject({
  kind: z.literal("traffic"),
  filter: SpanFilterText.default("").describe("A filter of spans, such as `endpoint:support`. Empty for all calls."),
  from: StoredTime.optional(),
  to: StoredTime.optional(),
  size: z.number().int().min(1).max(5_000).default(200).describe("The number of recorded calls to draw."),
  sampling: z.enum(["random", "newest"]).default("random"),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("The same seed draws the same calls."),
  expected: z
    .enum(["none", "answer"])
    .default("none")
    .describe("`answer`: the recorded answer is the expected answer, so that scorers measure the agreement with it."),
});
export type ReplayTraffic = z.output<typeof ReplayTraffic>;

/** A dataset of recorded calls, such as the dataset of an earlier replay. */
export const ReplayDataset = z.strictObject({
  kind: z.literal("dataset"),
  datasetId: z.string().max(80),
  version: VersionRef,
});
export const ReplaySource = z.discriminatedUnion("kind", [ReplayTraffic, ReplayDataset]);
export type ReplaySource = z.output<typeof ReplaySource>;

/** The stored prompt of a candidate: by label or by version; with neither, the version that `production` names. */
export const ReplayPrompt = z.strictObject({
  name: PromptName,
  label: PromptLabel.optional(),
  version: z.number().int().min(1).max(1_000_000_000).optional(),
});

export const ReplayedVariant = z.strictObject({
  kind: z.literal("variant"),
  name: Name.optional().describe("The name of its run. The variant's name if omitted."),
  endpointId: z.string().max(100),
  variant: variantName.describe(
    "A variant of the endpoint. Its model, prompt, parameters and tools are fixed at the start.",
  ),
});
export const ReplayedModel = z
  .strictObject({
    kind: z.literal("model"),
    name: Name.describe("The name of its run."),
    model: z.string().trim().min(1).max(300).nullable().default(null).describe("Null for the model of the prompt."),
    prompt: ReplayPrompt.nullable()
      .default(null)
      .describe("A stored prompt. It takes the place of the recorded prompt."),
    parameters,
  })
  .refine(({ model, prompt }) => model !== null || prompt !== null, {
    path: ["model"],
    message: "is required, because there is no prompt that names a model",
  });
export const ReplayCandidate = z.discriminatedUnion("kind", [ReplayedVariant, ReplayedModel]);
export type ReplayCandidate = z.output<typeof ReplayCandidate>;

export const ReplayInput = z.strictObject({
  name: Name,
  source: ReplaySource,
  candidates: z.array(ReplayCandidate).min(1).max(10),
  scorers: z.array(ScorerRef).max(30).default([]).describe("The first scorer gives the main score."),
  concurrency: z.number().int().min(1).max(64).default(8),
  budget: ExperimentBudget.default({ usd: null, tokens: 10_000_000 }).describe(
    "For the candidates' answers, and for the scores of all answers. The scores of the recorded answers get an equal part.",
  ),
});
export type ReplayInput = z.output<typeof ReplayInput>;

/** What was found in the recorded traffic. */
export const RecordedTraffic = z.object({
  spans: z.number().describe("The calls that were drawn."),
  items: z.number().describe("The recordings that are replayed. Calls of one exchange with tools are one recording."),
  merged: z.number().describe("Calls that belong to the recording of another call."),
  skipped: z.number().describe("Calls without a recorded input."),
  withTools: z.number().describe("Recordings that call tools."),
  toolCalls: z.number(),
  withInputs: z.number().describe("Recordings with the variables of their prompt."),
  withoutInputs: z.number().describe("Recordings of a stored prompt whose variables were not recorded."),
  timeDependent: z.number().describe("Recordings whose input has a date of the day of the recording."),
  withAnswer: z.number().describe("Recordings with an answer to compare with."),
});
export type RecordedTraffic = z.infer<typeof RecordedTraffic>;

const Share = z.object({ value: z.number(), low: z.number(), high: z.number() });

export const ReplayRun = z.object({
  runId: z.string(),
  name: z.string(),
  planned: z.number().nullable(),
  answers: z.number(),
  errors: z.number().describe("Answers that failed at the provider."),
  diverged: z.number().describe("Answers that ended at a call without a recorded result. They have no score."),
  toolCalls: z.number().describe("The calls of tools that got a recorded result."),
  decisions: z
    .number()
    .describe("The decisions that were compared: where the candidate or the recording calls a tool."),
  sameDecisions: z.number().describe("The decisions with the same tools and arguments."),
  sameDecisionRate: Share.nullable().describe("Their share, with a 95 % Wilson interval. Null without decisions."),
});
export type ReplayRun = z.infer<typeof ReplayRun>;

export const REPLAY_STATES = ["preparing", "queued", "running", "done", "failed", "cancelled"] as const;
export const Replay = z.object({
  replayId: z.string(),
  ...ReplayInput.shape,
  state: z.enum(REPLAY_STATES).describe("`preparing` while the recordings are read. Then the state of the experiment."),
  stopped: z
    .enum(EXPERIMENT_STOPS)
    .nullable()
    .describe("Why it ended, such as a spent budget. Null while it is active, or if it failed."),
  error: z.string().nullable(),
  datasetId: z.string(),
  datasetVersion: z.string().nullable().describe("Null until the recordings are stored."),
  baselineRunId: z.string().nullable().describe("The run of the recorded answers. Null if there are none."),
  experimentId: z.string().nullable().describe("Null until the experiment has started."),
  recorded: RecordedTraffic.nullable().describe("Null until the recordings are stored."),
  runs: z.array(ReplayRun).describe("One per candidate, in their order. Empty until the experiment has started."),
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type Replay = z.infer<typeof Replay>;

export const ReplayEstimate = z.object({
  recorded: RecordedTraffic,
  estimate: ExperimentEstimate.describe(
    "The candidates' answers, with one call each. An answer that calls tools takes a further call for each step.",
  ),
  warnings: z.array(z.string()),
});
export type ReplayEstimate = z.infer<typeof ReplayEstimate>;
