import { z } from "zod";
import { content } from "../../content.ts";
import { Name, StoredTime, Timestamp } from "../../pages.ts";
import { SpanFilterText } from "../filter/filter-text.ts";
import { AlertLabels } from "./monitors.ts";

export const DRIFT_SIDES = ["inputs", "outputs"] as const;
/** Fewer texts on a side have no verdict. */
export const FEWEST_DRIFT_TEXTS = 100;

/** A day in UTC, such as `2026-01-31`. */
export const DriftDay = z.iso.date().refine((day) => day >= "2000-01-01" && day < "2200-01-01", {
  message: "must lie in the years 2000 to 2199",
});

/** What later texts are compared with. Its texts are read once and do not change. */
export const DriftSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("range"),
    from: StoredTime,
    to: StoredTime.describe("Not included. At most 92 days after `from`."),
  }),
  z.strictObject({
    kind: z.literal("dataset"),
    datasetId: z.string().min(1).max(100),
    version: z.string().min(1).max(100).default("main").describe("A version, tag or branch."),
  }),
]);
export type DriftSource = z.output<typeof DriftSource>;

const sampleSize = z.number().int().min(FEWEST_DRIFT_TEXTS).max(500);
const tenantKey = z.string().trim().min(1).max(200);

export const DriftWatchInput = z.strictObject({
  name: Name,
  endpoint: z.string().max(200).default("").describe("The name of an endpoint. Empty for all model calls."),
  filter: SpanFilterText.default("").describe("Narrows the calls, in the filter language. Empty for all."),
  side: z.enum(DRIFT_SIDES).default("inputs").describe("Compares the last user message or the response."),
  reference: DriftSource.optional().describe("The 7 days before yesterday if omitted."),
  sampleSize: sampleSize.default(500).describe("The most texts to read on each side."),
  tenantKey: tenantKey.default("tenant").describe("The metadata key that names the customer of a call."),
  labels: AlertLabels.default({}),
  isEnabled: z.boolean().default(true).describe("Whether it runs every day."),
});
export type DriftWatchInput = z.output<typeof DriftWatchInput>;

export const DriftWatchPatch = z.strictObject({
  name: Name.optional(),
  reference: DriftSource.optional().describe("Becomes the next version of the reference."),
  sampleSize: sampleSize.optional(),
  tenantKey: tenantKey.optional(),
  labels: AlertLabels.optional(),
  isEnabled: z.boolean().optional(),
});
export type DriftWatchPatch = z.output<typeof DriftWatchPatch>;

export const DRIFT_VERDICTS = ["not-enough-data", "stable", "changed", "confirmed"] as const;
/** `changed` has a large and significant signal. `confirmed` has the same one on 2 of the last 3 days. */
export const DriftVerdict = z.enum(DRIFT_VERDICTS);
export type DriftVerdict = z.output<typeof DriftVerdict>;

export const DRIFT_RUN_STATES = ["running", "done", "failed"] as const;

/** One compared property of the texts. */
export const DriftSignal = z.object({
  signal: z.string().describe("Such as `length`, `language:de`, `domain` or `cluster:3`."),
  label: z.string(),
  effect: z.enum(["share", "auc", "mmd"]).describe("What `value` is: a difference of shares, an AUC, or an MMD²."),
  reference: z.number().nullable().describe("The share or the median in the reference."),
  current: z.number().nullable(),
  value: z.number(),
  lower: z.number().nullable().describe("With `upper`, the 95 % confidence interval."),
  upper: z.number().nullable(),
  pValue: z.number().describe("After Benjamini and Hochberg over all signals of the day."),
  isLarge: z.boolean().describe("5 points of share or more, or an AUC of 0.6 or more from 0.5."),
  isChanged: z.boolean().describe("Large, and p < 0.01."),
  isConfirmed: z.boolean().describe("Changed on 2 of the last 3 days."),
  step: z.number().nullable().describe("`value` against the last 7 days. Null if they have too few texts."),
});
export type DriftSignal = z.output<typeof DriftSignal>;

/** One value of a dimension, and how much of the strongest change it explains. */
export const DriftExplanation = z.object({
  dimension: z.enum(["release", "prompt", "model", "user", "tenant", "language"]),
  value: z.string().describe("Empty for calls without a value."),
  referenceShare: z.number(),
  currentShare: z.number(),
  newShare: z.number().describe("Its share of the texts that show the change."),
  explained: z.number().describe("The part of the change that comes from this value."),
  sentence: z.string(),
});
export type DriftExplanation = z.output<typeof DriftExplanation>;

export const DriftRun = z.object({
  day: z.string().describe("The day in UTC."),
  state: z.enum(DRIFT_RUN_STATES),
  verdict: DriftVerdict.nullable().describe("Null until it is done."),
  error: z.string().nullable(),
  jobId: z.string().describe("The job with the progress."),
  referenceVersion: z.number(),
  referenceTexts: z.number(),
  currentTexts: z.number(),
  matching: z.number().describe("The matching calls of the day, of which at most the sample size is read."),
  summary: z.array(z.string()).describe("What changed, in sentences. Without texts of traces."),
  signals: z.array(DriftSignal).describe("The strongest change first."),
  explanations: z.array(DriftExplanation).describe("The most likely explanation first."),
  embeddedTexts: z.number().describe("Texts that the built-in model embedded. It costs no money."),
  durationMs: z.number().nullable(),
  finishedAt: Timestamp.nullable(),
});
export type DriftRun = z.output<typeof DriftRun>;

const share = z.number();

export const DriftWord = z.object({
  word: z.string(),
  referenceShare: share.describe("The share of texts with the word."),
  currentShare: share,
  z: z.number().describe("Positive if it became more frequent."),
  pValue: z.number(),
});
export type DriftWord = z.output<typeof DriftWord>;

export const DriftCluster = z.object({
  cluster: z.number().describe("-1 for a new cluster."),
  words: content(z.array(z.string())),
  referenceShare: share,
  currentShare: share,
  lower: z.number().nullable().describe("With `upper`, the 95 % confidence interval of the difference."),
  upper: z.number().nullable(),
  pValue: z.number(),
});
export type DriftCluster = z.output<typeof DriftCluster>;

export const DriftExample = z.object({
  traceId: z.string().nullable().describe("Null for an item of a dataset."),
  spanId: z.string().nullable(),
  text: content(z.string().describe("Shortened. Empty if the trace was deleted.")),
  userId: z.string(),
  score: z.number().describe("The higher, the more typical of the new texts."),
});
export type DriftExample = z.output<typeof DriftExample>;

export const DriftDayReport = DriftRun.extend({
  clusters: z.array(DriftCluster),
  words: content(z.array(DriftWord).describe("Significant words and pairs of words, the most increased first.")),
  currentExamples: z.array(DriftExample).describe("The texts that differ most from the reference."),
  referenceExamples: z.array(DriftExample).describe("The texts of the reference that differ most from the day."),
});
export type DriftDayReport = z.output<typeof DriftDayReport>;

export const DriftReference = z.object({
  version: z.number(),
  source: DriftSource,
  texts: z.number().nullable().describe("Null until its texts are read."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type DriftReference = z.output<typeof DriftReference>;

export const DriftWatch = z.object({
  driftWatchId: z.string(),
  ...DriftWatchInput.omit({ reference: true }).shape,
  reference: DriftReference,
  status: z
    .enum(["waiting", "running", "failed", ...DRIFT_VERDICTS])
    .describe("The state of the newest run. `waiting` before the first run."),
  lastRun: DriftRun.pick({ day: true, verdict: true, error: true, finishedAt: true }).nullable(),
  strongest: DriftSignal.nullable().describe("The strongest signal of the newest finished run."),
  investigationId: z.string().nullable().describe("The open investigation."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type DriftWatch = z.output<typeof DriftWatch>;
