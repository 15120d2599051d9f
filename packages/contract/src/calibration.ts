import { z } from "zod";
import { Interval } from "./experiment-runs.ts";
import { SpanNarrowing } from "./insights.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

const version = z.number().int().min(1).max(1_000_000_000);
const at = z.iso.datetime({ offset: true });

/** Where in an item a value lies. */
export const ItemPath = z
  .string()
  .max(300)
  .regex(
    /^(expected|(inputs|metadata|expected)(\.[^.]+)+)$/,
    "write `expected`, or begin with `inputs.`, `metadata.` or `expected.`",
  )
  .describe("Such as `expected`, `metadata.human` or `inputs.answer`.");

const passAt = z
  .number()
  .nullable()
  .default(null)
  .describe("Scores from here on pass, of people and of the judge alike; null when they are compared as they are.");

/** Pairs of what people said and what the judge said, which are there already. */
export const CalibrationSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("run"),
    runId: z.string().max(80),
    scorer: z.string().min(1).max(200).describe("The judge's key in the run."),
    label: ItemPath.describe("Where an item holds what people say."),
  }),
  z.strictObject({
    kind: z.literal("spans"),
    score: z.string().min(1).max(200).describe("The name of the judge's scores on spans."),
    label: z
      .string()
      .min(1)
      .max(200)
      .describe("The name of the scores that people gave. Under the same name, those that no scorer gave."),
    from: at.optional(),
    to: at.optional(),
  }),
]);
export type CalibrationSource = z.output<typeof CalibrationSource>;

export const CalibrationInput = z.strictObject({
  scorer: z.string().min(1).max(120).describe("The stored scorer, by its name or id."),
  version: version.optional().describe("The newest when left out."),
  source: CalibrationSource,
  passAt,
});
export type CalibrationInput = z.output<typeof CalibrationInput>;

/** A number with the interval that 95 of 100 such intervals hold the true one in; null with the reason where there is none. */
export const Estimate = z.object({
  value: z.number().nullable(),
  interval: Interval.nullable(),
  reason: z.string().describe("Why there is no number or no interval; empty otherwise."),
});
export type Estimate = z.infer<typeof Estimate>;

/** Items that share a value of their metadata. */
export const CalibrationSlice = z.object({
  field: z.string(),
  value: z.string(),
  pairs: z.number(),
  error: z.number().describe("The share that judge and people disagree on; of numbers the mean distance."),
  otherError: z.number().describe("The same over all other pairs."),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable().describe("By Holm, over all slices."),
  isWorse: z.boolean().describe("Worse than the others, after the correction."),
});
export type CalibrationSlice = z.infer<typeof CalibrationSlice>;

export const CalibrationReport = z.object({
  scale: z.enum(["pass", "number", "label"]).describe("How the two were compared."),
  pairs: z.number(),
  unusable: z.number().describe("Pairs where one side said nothing, or what it said is not on this scale."),
  agreement: Estimate.describe("The share of pairs that say the same; of numbers those that are equal."),
  kappa: Estimate.describe("Cohen's, of chance corrected; of numbers with quadratic weights."),
  alpha: Estimate.describe("Krippendorff's."),
  meanError: z.number().nullable().describe("Of numbers: the mean distance between judge and people."),
  bias: Estimate.describe("The judge's mean minus that of people: above 0 it is too kind."),
  sensitivity: Estimate.describe("Of what people pass, the share that the judge passes."),
  specificity: Estimate.describe("Of what people do not pass, the share that the judge does not pass."),
  confusion: z
    .object({ labels: z.array(z.string()), counts: z.array(z.array(z.number())) })
    .nullable()
    .describe("Rows are what people said, columns what the judge said; null for numbers of many values."),
  slices: z.array(CalibrationSlice).describe("The worst first."),
  warnings: z.array(z.string()),
});
export type CalibrationReport = z.infer<typeof CalibrationReport>;

/** Whether a judge has got worse on the same items. */
export const CalibrationAlarm = z.object({
  againstId: z.string().describe("The calibration before."),
  difference: z.number().describe("Of the agreement, on the items of both; below 0 it fell."),
  interval: Interval.nullable(),
  pValue: z.number().nullable(),
  message: z.string(),
});
export type CalibrationAlarm = z.infer<typeof CalibrationAlarm>;

export const Calibration = z.object({
  calibrationId: z.string(),
  scorerId: z.string(),
  scorerName: z.string(),
  version: z.number(),
  signature: z.string(),
  source: z.union([
    CalibrationSource,
    z.object({ kind: z.literal("anchor"), anchorId: z.string(), anchorName: z.string() }),
  ]),
  passAt: z.number().nullable(),
  report: CalibrationReport,
  alarm: CalibrationAlarm.nullable().describe("Set when agreement on an anchor set fell; null when it did not."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type Calibration = z.infer<typeof Calibration>;

export const CalibrationPair = z.object({
  key: z.string().describe("The item, or the trace and span."),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  human: z.string(),
  judge: z.string(),
  distance: z.number().describe("0 when they agree."),
  reason: z.string().describe("The judge's."),
});
export type CalibrationPair = z.infer<typeof CalibrationPair>;

/** Answers that people judged, kept to be judged again whenever the judge changes. */
export const AnchorSetInput = z.strictObject({
  name: Name,
  scorer: z.string().min(1).max(120).describe("The stored scorer, by its name or id."),
  datasetId: z.string().max(80),
  output: ItemPath.describe("Where an item holds the answer that is judged."),
  label: ItemPath.describe("Where it holds what people say of that answer."),
  passAt,
  everyDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .nullable()
    .default(null)
    .describe("Judged again after so many days too, since a provider may change a model behind its name."),
  isEnabled: z.boolean().default(true),
});
export type AnchorSetInput = z.output<typeof AnchorSetInput>;

export const AnchorSet = z.object({
  anchorId: z.string(),
  name: z.string(),
  scorerId: z.string(),
  datasetId: z.string(),
  output: z.string(),
  label: z.string(),
  passAt: z.number().nullable(),
  everyDays: z.number().nullable(),
  isEnabled: z.boolean(),
  latest: Calibration.nullable(),
  jobId: z.string().nullable().describe("Of the check that goes on or was the last."),
  lastError: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type AnchorSet = z.infer<typeof AnchorSet>;

/** What a judge's mean over a run is once its errors are taken out. */
export const RunCorrection = z.object({
  scorer: z.string().describe("Its key in the run."),
  calibrationId: z.string(),
  calibratedAt: Timestamp,
  pairs: z.number(),
  isSameVersion: z.boolean().describe("False when the calibration is of another version of the judge."),
  raw: Estimate.describe("As the judge has it."),
  corrected: Estimate.describe("By Rogan and Gladen, from sensitivity and specificity; of pass or fail only."),
  predictionPowered: Estimate.describe("The judge's mean, moved by what it gets wrong on what people labelled."),
  alarm: CalibrationAlarm.nullable(),
  warnings: z.array(z.string()),
});
export type RunCorrection = z.infer<typeof RunCorrection>;

/** Which scores on spans are summed up: those of scorers, by their name, on the spans that the rest keeps. */
export const ScoreRateQuery = z.strictObject({
  score: z.string().min(1).max(200).describe("Its name on spans."),
  where: SpanNarrowing.default({}),
  from: at.describe("Of the spans; inside the span of time."),
  to: at.describe("Not inside it."),
});
export type ScoreRateQuery = z.output<typeof ScoreRateQuery>;

/** What a judge's mean over spans is, and what it is once the judge's errors are taken out. */
export const ScoreRate = z.object({
  score: z.string(),
  spans: z.number().describe("That have such a score by a scorer; the newest of a span counts."),
  isCut: z.boolean().describe("There are more of them; the newest 100,000 are taken."),
  raw: Estimate.describe("As the judge has it; where it is calibrated for pass or fail, the share that it passes."),
  calibration: z
    .object({
      calibrationId: z.string(),
      scorerId: z.string(),
      version: z.number(),
      calibratedAt: Timestamp,
      scale: CalibrationReport.shape.scale,
      passAt: z.number().nullable(),
      pairs: z.number(),
    })
    .nullable()
    .describe("The newest of the judge that gave most of the scores, else of any version; null for none."),
  otherVersion: z
    .number()
    .describe("Scores that live scoring gave in this time by another version than the calibrated one."),
  corrected: Estimate.describe("By Rogan and Gladen, from sensitivity and specificity; of pass or fail only."),
  predictionPowered: Estimate.describe("The judge's mean, moved by what it gets wrong on what people labelled."),
  alarm: CalibrationAlarm.nullable(),
  warnings: z.array(z.string()),
});
export type ScoreRate = z.infer<typeof ScoreRate>;

const ofScorer = z.object({ scorer: z.string().max(120).optional().describe("Its name or id.") });
const one = z.object({ calibrationId: z.string() });
const oneSet = z.object({ anchorId: z.string() });

export const calibrationApi = defineApi({
  "GET /api/v1/calibrations": {
    name: "listCalibrations",
    summary: "How far judges agree with people, newest first",
    permission: "scorers:read",
    query: PageQuery.extend(ofScorer.shape),
    response: pageOf(Calibration),
  },
  "POST /api/v1/calibrations": {
    name: "createCalibration",
    summary: "Compare a judge's scores with what people said of the same answers",
    permission: "scorers:write",
    body: CalibrationInput,
    response: Calibration,
    status: 201,
  },
  "GET /api/v1/calibrations/:calibrationId": {
    name: "getCalibration",
    summary: "One calibration",
    permission: "scorers:read",
    params: one,
    response: Calibration,
  },
  "DELETE /api/v1/calibrations/:calibrationId": {
    name: "deleteCalibration",
    summary: "Delete a calibration; nothing is corrected by it any more",
    permission: "scorers:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/calibrations/:calibrationId/pairs": {
    name: "listCalibrationPairs",
    summary: "What people and the judge said, the furthest apart first",
    permission: "scorers:read",
    params: one,
    query: PageQuery,
    response: pageOf(CalibrationPair),
  },
  "GET /api/v1/anchor-sets": {
    name: "listAnchorSets",
    summary: "The sets on which judges are checked when they change",
    permission: "scorers:read",
    query: ofScorer,
    response: z.object({ items: z.array(AnchorSet) }),
  },
  "POST /api/v1/anchor-sets": {
    name: "createAnchorSet",
    summary: "Judge labelled answers now and whenever the judge changes",
    permission: "scorers:write",
    body: AnchorSetInput,
    response: AnchorSet,
    status: 201,
  },
  "PATCH /api/v1/anchor-sets/:anchorId": {
    name: "updateAnchorSet",
    summary: "Pause or resume the checks",
    permission: "scorers:write",
    params: oneSet,
    body: z.strictObject({ isEnabled: z.boolean() }),
    response: AnchorSet,
  },
  "DELETE /api/v1/anchor-sets/:anchorId": {
    name: "deleteAnchorSet",
    summary: "Delete an anchor set with its checks; the dataset stays",
    permission: "scorers:write",
    params: oneSet,
    response: Done,
  },
  "POST /api/v1/anchor-sets/:anchorId/check": {
    name: "checkAnchorSet",
    summary: "Judge the set again now",
    permission: "scorers:write",
    params: oneSet,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
  "POST /api/v1/score-rates": {
    name: "getScoreRate",
    summary: "A judged mean over spans beside what it is once the judge's errors are taken out",
    permission: "traces:read",
    body: ScoreRateQuery,
    response: ScoreRate,
  },
  "GET /api/v1/runs/:runId/corrections": {
    name: "getRunCorrections",
    summary: "What a run's judged means are once the judges' errors are taken out",
    permission: "experiments:read",
    params: z.object({ runId: z.string() }),
    response: z.object({ items: z.array(RunCorrection) }),
  },
});
