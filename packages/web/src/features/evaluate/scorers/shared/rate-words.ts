import { formatValue } from "./score-value.ts";
import type { ScoreRate } from "./use-score-rates.ts";

type Estimate = ScoreRate["raw"];
type Calibration = ScoreRate["calibration"];

/** Whether the numbers are pass rates (for a judge calibrated on pass or fail) or means. */
export const isPassRate = (calibration: Calibration): boolean => calibration?.scale === "pass";

const write = (value: number, isShare: boolean) =>
  formatValue(value, { type: isShare ? "boolean" : "number", min: null, max: null, unit: "" });

/** For example `40.0%` and `[31.2%, 49.0%]`; a missing number has its reason in a tooltip. */
export function estimateWords({ value, interval }: Estimate, isShare: boolean): { value: string; range: string } {
  if (value === null) return { value: "–", range: "" };
  const range = interval ? `[${write(interval.low, isShare)}, ${write(interval.high, isShare)}]` : "";
  return { value: write(value, isShare), range };
}

/** The best estimate: Rogan-Gladen, or else prediction-powered. Null if there is none. */
export function correctedOf({
  corrected,
  predictionPowered,
}: Pick<ScoreRate, "corrected" | "predictionPowered">): { estimate: Estimate; way: string } | null {
  if (corrected.value !== null) return { estimate: corrected, way: "Rogan-Gladen" };
  return predictionPowered.value === null ? null : { estimate: predictionPowered, way: "prediction-powered" };
}

/** The name of the corrected quantity, unless it is the mean. */
export const rateName = (calibration: Calibration): string =>
  isPassRate(calibration) && typeof calibration?.passAt === "number"
    ? `share of scores of at least ${calibration.passAt}`
    : "";
