import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { RolloutMetric } from "./rollout-plan.ts";

export const AB_TEST_VERDICTS = ["collecting", "better", "worse", "equivalent", "inconclusive"] as const;
export type AbTestVerdict = (typeof AB_TEST_VERDICTS)[number];

/** What a metric shows of an arm, compared with the control. */
export const AbTestFinding = z.object({
  key: z.string().describe("The metric as a word, such as `error` or `score:helpful`."),
  metric: RolloutMetric.describe("With the budget that the test uses."),
  margin: z.number(),
  units: z.number().describe("Units with a value."),
  missing: z.number().describe("Units without a value."),
  value: z.number().nullable().describe("The mean over the units of the arm."),
  harm: z
    .number()
    .nullable()
    .describe("The difference from the control, turned so that above 0 is worse. Null for the control."),
  lowerBound: z.number().nullable().describe("The harm is above this, at every look."),
  upperBound: z.number().nullable().describe("The harm is below this, at every look."),
  explained: z
    .number()
    .nullable()
    .describe("The share of the variance that the users' own past explains. Null without an adjustment."),
  verdict: z
    .enum(AB_TEST_VERDICTS)
    .nullable()
    .describe("`equivalent`: the interval lies within the margin on each side. Null for the control."),
  isNotWorse: z.boolean().describe("The harm is shown to lie below the margin."),
  moreUnits: z
    .number()
    .nullable()
    .describe(
      "About how many more units of the arm and the control a verdict takes at the present difference. Null if none suffices.",
    ),
});
export type AbTestFinding = z.output<typeof AbTestFinding>;

export const AbTestArmReport = z.object({
  variant: z.string(),
  share: z.number(),
  units: z.number(),
  requests: z.number(),
  metrics: z.array(AbTestFinding),
  filter: z.string().describe("The requests of the arm, in the filter language for traces."),
});
export type AbTestArmReport = z.output<typeof AbTestArmReport>;

/** What a test has shown so far. It holds at every look, however often one looks. With adaptive shares it reads the holdout only. */
export const AbTestReport = z.object({
  at: Timestamp,
  alpha: z.number().describe("Of one comparison: the alpha of the test, divided by the number of comparisons."),
  comparisons: z.number(),
  arms: z.array(AbTestArmReport),
  excluded: z.object({
    forced: z.number().describe("Requests whose variant was named by the caller, or kept by their conversation."),
    otherUnit: z.number().describe("Requests that have another kind of unit."),
    changedVariant: z.number().describe("Units that more than one arm answered."),
    outsideHoldout: z.number().describe("Units that adaptive shares assigned. 0 for a fixed split."),
  }),
  ratio: z
    .object({ evidence: z.number(), line: z.number(), isEven: z.boolean() })
    .describe("The evidence that units are not divided as intended, as a base-10 logarithm."),
});
export type AbTestReport = z.output<typeof AbTestReport>;

/** The same for the units of one tag or one value. */
export const AbTestSegment = z.object({
  segment: z.string(),
  arms: z.array(AbTestArmReport),
});
export type AbTestSegment = z.output<typeof AbTestSegment>;

export const AbTestSegments = z.object({
  by: z.string(),
  alpha: z.number().describe("Of one comparison: the alpha of the test, divided by all comparisons of all segments."),
  comparisons: z.number(),
  segments: z.array(AbTestSegment).describe("The segments with the most units first."),
  leftOut: z.number().describe("Segments beyond the first 20, which are not compared."),
  worst: z
    .object({ segment: z.string(), variant: z.string(), key: z.string(), lowerBound: z.number() })
    .nullable()
    .describe("The segment with the largest harm that is shown at this alpha. Null if no harm is shown in any."),
});
export type AbTestSegments = z.output<typeof AbTestSegments>;
