import { z } from "zod";
import { content } from "../../content.ts";
import { Name, Timestamp } from "../../pages.ts";
import { AlertLabels, Severity } from "./monitors.ts";

export const PROBE_STATES = ["setting-up", "watching", "suspected", "changed", "unsuited"] as const;
export const ProbeState = z
  .enum(PROBE_STATES)
  .describe(
    "`suspected`: the evidence passed the threshold, and a second test has not confirmed it. `changed`: it is confirmed. `unsuited`: the model cannot be probed.",
  );
export type ProbeState = z.output<typeof ProbeState>;

/** The evidence at which a probe suspects a change: one false alarm per year of daily runs. */
export const PROBE_THRESHOLD = 365;
/** The repeated evidence that confirms a suspicion. Without a change, at most one suspicion in 1,000 reaches it. */
export const PROBE_CONFIRMATION = 1_000;

const usd = z.number().gt(0).max(100_000);
const experimentId = z
  .string()
  .max(80)
  .nullable()
  .describe("An experiment on this model. A confirmed change repeats it and compares the results. Null for none.");
const severity = Severity.describe("The severity of the incident of a confirmed change.");

export const ProbeInput = z.strictObject({
  name: Name,
  model: z
    .string()
    .trim()
    .min(1, "must name a model, such as `openai/gpt-4.1-mini`")
    .max(300)
    .describe(
      "The connection and the model, such as `openai/gpt-4.1-mini`, or a model that this server runs. An endpoint is rejected, because it can send calls to several models.",
    ),
  region: z.string().trim().max(100).default("").describe("A label for the region that the connection uses."),
  parameters: z
    .record(z.string().min(1).max(100), z.unknown())
    .default({})
    .describe("More fields of each request. The probe sets the messages, the temperature and the answer length."),
  pinnedPrompts: z
    .array(z.string().trim().min(1).max(4_000))
    .max(10)
    .default([])
    .describe("Your own prompts, whose full answers are compared too."),
  setUpBudgetUsd: usd.default(5).describe("The set-up stops before a call that could exceed this."),
  dailyBudgetUsd: usd.default(1).describe("The calls of a day stop before a call that could exceed this."),
  experimentId: experimentId.default(null),
  severity: severity.default("warning"),
  labels: AlertLabels.default({}),
  isEnabled: z.boolean().default(true),
});
export type ProbeInput = z.output<typeof ProbeInput>;

export const ProbePatch = z.strictObject({
  name: Name.optional(),
  setUpBudgetUsd: usd.optional(),
  dailyBudgetUsd: usd.optional(),
  experimentId: experimentId.optional(),
  severity: severity.optional(),
  labels: AlertLabels.optional(),
  isEnabled: z.boolean().optional(),
});
export type ProbePatch = z.output<typeof ProbePatch>;

const money = z.number().nullable().describe("Null if the price is unknown.");

/** What a probe would cost. */
export const ProbeEstimate = z.object({
  setUpCalls: z.number(),
  setUpUsd: money,
  dailyCalls: z.number(),
  dailyUsd: money,
  confirmationCalls: z.number().describe("The calls of the second test, only after a suspicion."),
  confirmationUsd: money,
  notices: z.array(z.string()),
});
export type ProbeEstimate = z.output<typeof ProbeEstimate>;

/** The second test of a suspicion: fresh samples against the samples of the set-up. */
export const ProbeConfirmation = z.object({
  at: Timestamp,
  value: z.number().describe("The squared maximum mean discrepancy."),
  pValue: z.number().describe("Below 0.001 confirms the change."),
  samples: z.number(),
});
export type ProbeConfirmation = z.output<typeof ProbeConfirmation>;

export const PROBE_EVALUATIONS = ["not-pinned", "running", "done", "failed"] as const;
/** The pinned experiment, repeated after a confirmed change. */
export const ProbeEvaluation = z.object({
  status: z.enum(PROBE_EVALUATIONS),
  experimentId: z.string().nullable(),
  baseRunId: z.string().nullable().describe("The run before the change."),
  runId: z.string().nullable().describe("The run after the change."),
  message: z.string(),
});
export type ProbeEvaluation = z.output<typeof ProbeEvaluation>;

export const ProbeSuspicion = z.object({
  since: Timestamp,
  evidence: z.number().describe("The highest evidence since then."),
  repeated: z
    .number()
    .describe(`The product of the factors of the later daily runs. ${PROBE_CONFIRMATION} or more confirms the change.`),
  confirmation: ProbeConfirmation.nullable().describe("The last second test. Null until it has ended."),
  attempts: z.number().describe("How many second tests were made."),
  evaluation: ProbeEvaluation.nullable(),
});
export type ProbeSuspicion = z.output<typeof ProbeSuspicion>;

export const PROBE_STAGES = ["selection", "samples", "daily"] as const;
export const PROBE_PROMPT_KINDS = ["border", "logprobs", "full", "pinned"] as const;
export const ProbePromptKind = z
  .enum(PROBE_PROMPT_KINDS)
  .describe(
    "`border`: two answers are almost equally likely. `logprobs`: the probabilities of the first token. `full` and `pinned`: the whole answer.",
  );
export type ProbePromptKind = z.output<typeof ProbePromptKind>;

/** Watches a hosted model for silent changes. */
export const Probe = z.object({
  probeId: z.string(),
  name: z.string(),
  model: z.string(),
  region: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  setUpBudgetUsd: z.number(),
  dailyBudgetUsd: z.number(),
  experimentId: z.string().nullable(),
  severity: Severity,
  labels: AlertLabels,
  isEnabled: z.boolean(),
  state: ProbeState,
  stage: z.enum(PROBE_STAGES).describe("`selection` and `samples` are parts of the set-up."),
  progress: z.object({ done: z.number(), total: z.number() }).nullable().describe("Of calls that are being made."),
  evidence: z.number(),
  threshold: z.number().describe("The evidence that starts a suspicion."),
  prompts: z.record(ProbePromptKind, z.number()).describe("The number of prompts of each kind."),
  hours: z.array(z.number()).describe("The two hours of the day in UTC at which it runs in turn."),
  references: z.number().describe("The number of hours, of 2, that have a reference."),
  lastRunAt: Timestamp.nullable(),
  nextRunAt: Timestamp.nullable(),
  daysWithoutAnswers: z.number(),
  notices: z.array(z.string()),
  lastError: z.string().describe("Why the last calls failed. Empty if they did not."),
  setUpUsd: z.number().describe("The measured cost of the set-up."),
  estimatedUsdPerDay: money,
  usdPerDay: z.number().nullable().describe("The mean measured cost of the last 7 daily runs. Null before the first."),
  suspicion: ProbeSuspicion.nullable(),
  incidentId: z.string().nullable(),
  referenceSince: Timestamp,
  jobId: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Probe = z.output<typeof Probe>;

export const PROBE_RUN_KINDS = ["selection", "samples", "reference", "daily", "confirmation"] as const;
export const PROBE_RUN_STATES = ["running", "done", "budget", "no-answers"] as const;
/** One set of calls of a probe. */
export const ProbeRun = z.object({
  runId: z.string(),
  kind: z.enum(PROBE_RUN_KINDS),
  slot: z.number().describe("Which of the two hours: 0 or 1."),
  state: z.enum(PROBE_RUN_STATES),
  calls: z.number().describe("The number of planned calls."),
  answers: z.number(),
  failures: z.number().describe("Failed calls. They do not count as evidence."),
  costUsd: z.number(),
  countFactor: z.number().nullable().describe("The e-value of the answers. Null without a comparison."),
  logprobFactor: z.number().nullable().describe("The e-value of the log-probabilities."),
  evidence: z.number().nullable().describe("The evidence after this run."),
  message: z.string(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type ProbeRun = z.output<typeof ProbeRun>;

const ProbeAnswerCount = z.object({ answer: content(z.string()), count: z.number() });
const ProbeTokenMean = z.object({
  token: content(z.string()),
  before: z.number().nullable(),
  now: z.number().nullable(),
});

/** A prompt of a probe, with its answers in the reference and in the last daily run. */
export const ProbePrompt = z.object({
  promptId: z.string(),
  kind: ProbePromptKind,
  text: content(z.string()),
  before: z.array(ProbeAnswerCount),
  now: z.array(ProbeAnswerCount),
  factor: z.number().nullable().describe("The e-value of this prompt in the last daily run."),
  logprobs: z.array(ProbeTokenMean).describe("The mean log-probability of each first token."),
});
export type ProbePrompt = z.output<typeof ProbePrompt>;
