import { z } from "zod";
import { Timestamp } from "../../pages.ts";

const SloShare = z.object({
  good: z.number().describe("The share of good requests."),
  lower: z.number().describe("The ends of the 95 % interval."),
  upper: z.number(),
  budgetLeft: z.number().describe("The share of the error budget that is left."),
  budgetLower: z.number(),
  budgetUpper: z.number(),
});
export type SloShare = z.output<typeof SloShare>;

const measured = z
  .object({ value: z.number(), lower: z.number(), upper: z.number() })
  .nullable()
  .describe("With the ends of the 95 % interval (Wilson). Null if not measured.");

/** Estimates for all requests from a judge's scores. The budget, the state and the alerts use the judged requests as they are. */
export const SloJudge = z.object({
  judged: z.number().describe("The requests of the window whose scores are all by scorers."),
  judgedBad: z.number(),
  effective: z
    .number()
    .describe("The number of requests in a sample with equal weights that is as exact. At most `judged`."),
  missingDays: z.number().describe("Days with requests of which none was judged. They are left out."),
  weighted: SloShare.nullable().describe(
    "Each day counts with all its requests, so that days with a larger sample do not count more. Null without judged requests.",
  ),
  corrected: SloShare.nullable().describe(
    "The weighted share without the judge's errors, by Rogan and Gladen. The interval (Lang and Reiczigel) covers the sample and the measured errors. Null if it cannot be computed.",
  ),
  reason: z.string().describe("Why there is no corrected share. Otherwise empty."),
  sensitivity: measured,
  specificity: measured,
  basis: z
    .object({
      kind: z.enum(["calibration", "live-agreement"]),
      sourceId: z.string().describe("The calibration, or the rule of the live agreement."),
      scorerId: z.string().nullable(),
      version: z.number().nullable().describe("The version of the judge that was calibrated."),
      measuredAt: Timestamp,
      pairs: z.number().describe("The answers that people and the judge labeled."),
    })
    .nullable()
    .describe("Where the judge's errors were measured. Null if they were not."),
  warnings: z.array(z.string()),
});
export type SloJudge = z.output<typeof SloJudge>;
