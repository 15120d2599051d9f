import { z } from "zod";
import { content } from "../content.ts";
import { SpanNarrowing } from "../observe/explore.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { Interval } from "./experiment-runs.ts";

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
  .describe("For example `expected`, `metadata.human` or `inputs.answer`.");

const passAt = z
  .number()
  .nullable()
  .default(null)
  .describe("The lowest passing score, for people and the judge. Null to compare the values themselves.");

/** Pairs of what people said and what the judge said, which are there already. */
export const CalibrationSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("run"),
    runId: z.string().max(80),
    scorer: z.string().min(1).max(200).describe("The judge's key in the run."),
    label: ItemPath.describe("The field of an item that contains the human label."),
  }),
  z.strictObject({
    kind: z.literal("spans"),
    score: z.string().min(1).max(200).describe("The name of the judge's scores on spans."),
    label: z
      .string()
      .min(1)
      .max(200)
      .describe("The name of the human scores. If it is also the judge's name, scores that no scorer gave."),
    from: at.optional(),
    to: at.optional(),
  }),
]);
export type CalibrationSource = z.output<typeof CalibrationSource>;

export const CalibrationInput = z.strictObject({
  scorer: z.string().min(1).max(120).describe("The stored scorer, by its name or id."),
  version: version.optional().describe("The newest version if omitted."),
  source: CalibrationSource,
  passAt,
});
export type CalibrationInput = z.output<typeof CalibrationInput>;

/** A number with the interval that 95 of 100 such intervals hold the true one in; null with the reason where there is none. */
export const Estimate = z.object({
  value: z.number().nullable(),
  interval: Interval.nullable(),
  reason: z.string().describe("Why there is no value or interval. Otherwise empty."),
});
export type Estimate = z.infer<typeof Estimate>;

/** Items that share a value of their metadata. */
export const CalibrationSlice = z.object({
  field: z.string(),
  value: z.string(),
  pairs: z.number(),
  error: z.number().describe("The share of pairs on which judge and people disagree. For numbers, the mean distance."),
  otherError: z.number().describe("The same value for all other pairs."),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable().describe("Corrected by Holm over all slices."),
  isWorse: z.boolean().describe("Significantly worse than the other pairs, after the correction."),
});
export type CalibrationSlice = z.infer<typeof CalibrationSlice>;

export const CalibrationReport = z.object({
  scale: z.enum(["pass", "number", "label"]).describe("The method of comparison."),
  pairs: z.number(),
  unusable: z.number().describe("Pairs without a label on one side, or with a label outside this scale."),
  agreement: Estimate.describe("The share of equal pairs. For numbers, the share of equal values."),
  kappa: Estimate.describe("Cohen's κ, corrected for chance. For numbers, with quadratic weights."),
  alpha: Estimate.describe("Krippendorff's α."),
  meanError: z.number().nullable().describe("For numbers: the mean distance between the judge and people."),
  bias: Estimate.describe("The judge's mean minus the human mean. Above 0, the judge is too generous."),
  sensitivity: Estimate.describe("The share of answers passed by people that the judge also passes."),
  specificity: Estimate.describe("The share of answers failed by people that the judge also fails."),
  confusion: z
    .object({ labels: z.array(z.string()), counts: z.array(z.array(z.number())) })
    .nullable()
    .describe("Rows are human labels, columns are judge labels. Null for numbers with many values."),
  slices: z.array(CalibrationSlice).describe("Worst first."),
  warnings: z.array(z.string()),
});
export type CalibrationReport = z.infer<typeof CalibrationReport>;

/** Whether a judge has got worse on the same items. */
export const CalibrationAlarm = z.object({
  againstId: z.string().describe("The previous calibration."),
  difference: z
    .number()
    .describe("The change in agreement, on the items of both calibrations. Below 0, agreement fell."),
  interval: Interval.nullable(),
  pValue: z.number().nullable(),
  message: z.string(),
});
export type CalibrationAlarm = z.infer<typeof CalibrationAlarm>;

/** The anchor set that was checked. */
export const CalibrationAnchor = z.object({ kind: z.literal("anchor"), anchorId: z.string(), anchorName: z.string() });

export const Calibration = z.object({
  calibrationId: z.string(),
  scorerId: z.string(),
  scorerName: z.string(),
  version: z.number(),
  signature: z.string(),
  source: z.union([CalibrationSource, CalibrationAnchor]),
  passAt: z.number().nullable(),
  report: CalibrationReport,
  alarm: CalibrationAlarm.nullable().describe("Set if agreement on an anchor set fell. Otherwise null."),
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
  distance: z.number().describe("0 if they agree."),
  reason: content(z.string().describe("The judge's reason.")),
  isContentHidden: z.boolean().optional(),
});
export type CalibrationPair = z.infer<typeof CalibrationPair>;

/** Answers that people judged, kept to be judged again whenever the judge changes. */
export const AnchorSetInput = z.strictObject({
  name: Name,
  scorer: z.string().min(1).max(120).describe("The stored scorer, by its name or id."),
  datasetId: z.string().max(80),
  output: ItemPath.describe("The field of an item that contains the answer to judge."),
  label: ItemPath.describe("The field that contains the human label for the answer."),
  passAt,
  everyDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .nullable()
    .default(null)
    .describe(
      "The number of days after which to check again, because a provider can change a model without changing its name.",
    ),
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
  jobId: z.string().nullable().describe("The running check, or the last check."),
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
  isSameVersion: z.boolean().describe("False if the calibration is for another version of the judge."),
  raw: Estimate.describe("The judge's uncorrected value."),
  corrected: Estimate.describe("By Rogan and Gladen, from sensitivity and specificity. Only for pass or fail."),
  predictionPowered: Estimate.describe("The judge's mean, corrected for its errors on labeled answers."),
  alarm: CalibrationAlarm.nullable(),
  warnings: z.array(z.string()),
});
export type RunCorrection = z.infer<typeof RunCorrection>;

/** The scores on spans to aggregate: scores by scorers with this name, on matching spans. */
export const ScoreRateQuery = z.strictObject({
  score: z.string().min(1).max(200).describe("Its name on spans."),
  where: SpanNarrowing.default({}),
  from: at.describe("The start of the spans' time range, inclusive."),
  to: at.describe("The end of the time range, exclusive."),
});
export type ScoreRateQuery = z.output<typeof ScoreRateQuery>;

/** What a judge's mean over spans is, and what it is once the judge's errors are taken out. */
export const ScoreRate = z.object({
  score: z.string(),
  spans: z.number().describe("The number of spans with such a score by a scorer. The newest score of a span counts."),
  isCut: z.boolean().describe("True if there are more spans. The newest 100,000 are used."),
  raw: Estimate.describe("The judge's uncorrected value. If calibrated for pass or fail, the share that passes."),
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
    .describe("The newest calibration of the version that gave most scores, or of any version. Null for none."),
  otherVersion: z
    .number()
    .describe("Scores that live scoring gave in this period by another version than the calibrated version."),
  corrected: Estimate.describe("By Rogan and Gladen, from sensitivity and specificity. Only for pass or fail."),
  predictionPowered: Estimate.describe("The judge's mean, corrected for its errors on labeled answers."),
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
    summary: "The calibrations of judges, newest first",
    permission: "scorers:read",
    query: PageQuery.extend(ofScorer.shape),
    response: pageOf(Calibration),
  },
  "POST /api/v1/calibrations": {
    name: "createCalibration",
    summary: "Calibrate a judge: compare its scores with human labels of the same answers",
    permission: "scorers:write",
    body: CalibrationInput,
    example: { scorer: "helpful", source: { kind: "spans", score: "helpful", label: "thumbs" } },
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
    summary: "Delete a calibration; it no longer corrects scores",
    permission: "scorers:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/calibrations/:calibrationId/pairs": {
    name: "listCalibrationPairs",
    summary: "The human and judge labels of a calibration, largest difference first",
    permission: "scorers:read",
    params: one,
    query: PageQuery,
    response: pageOf(CalibrationPair),
  },
  "GET /api/v1/anchor-sets": {
    name: "listAnchorSets",
    summary: "The anchor sets on which judges are checked when they change",
    permission: "scorers:read",
    query: PageQuery.extend(ofScorer.shape),
    response: pageOf(AnchorSet),
  },
  "POST /api/v1/anchor-sets": {
    name: "createAnchorSet",
    summary: "Create an anchor set: labeled answers that are judged now and when the judge changes",
    permission: "scorers:write",
    body: AnchorSetInput,
    example: {
      name: "Labeled answers",
      scorer: "helpful",
      datasetId: "dst_1",
      output: "inputs.answer",
      label: "expected",
    },
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
    summary: "Delete an anchor set with its checks; the dataset remains",
    permission: "scorers:write",
    params: oneSet,
    response: Done,
  },
  "POST /api/v1/anchor-sets/:anchorId/check": {
    name: "checkAnchorSet",
    summary: "Check an anchor set now",
    permission: "scorers:write",
    params: oneSet,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
  "POST /api/v1/score-rates": {
    name: "getScoreRate",
    summary: "The mean of a judge's score over spans, and the mean corrected for the judge's errors",
    permission: "traces:read",
    body: ScoreRateQuery,
    example: { score: "helpful", from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" },
    response: ScoreRate,
  },
  "GET /api/v1/runs/:runId/corrections": {
    name: "getRunCorrections",
    summary: "The means of a run's judges, corrected for the judges' errors",
    permission: "experiments:read",
    params: z.object({ runId: z.string() }),
    response: pageOf(RunCorrection),
  },
});
