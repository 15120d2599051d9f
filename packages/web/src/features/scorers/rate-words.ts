import { formatValue } from "./score-value.ts";
import type { ScoreRate } from "./use-score-rates.ts";

type Estimate = ScoreRate["raw"];
type Calibration = ScoreRate["calibration"];

/** What the numbers are: the share that passes where the judge is calibrated for pass or fail, else the mean. */
export const isPassRate = (calibration: Calibration): boolean => calibration?.scale === "pass";

const write = (value: number, isShare: boolean) =>
  formatValue(value, { type: isShare ? "boolean" : "number", min: null, max: null, unit: "" });

/** Such as `40.0%`, and `[31.2%, 49.0%]`; without a number its reason is for a tooltip. */
export function estimateWords({ value, interval }: Estimate, isShare: boolean): { value: string; range: string } {
  if (value === null) return { value: "–", range: "" };
  const range = interval ? `[${write(interval.low, isShare)}, ${write(interval.high, isShare)}]` : "";
  return { value: write(value, isShare), range };
}

/** The number to go by: by Rogan and Gladen, else prediction-powered. Null where there is none. */
export function correctedOf({
  corrected,
  predictionPowered,
}: Pick<ScoreRate, "corrected" | "predictionPowered">): { estimate: Estimate; way: string } | null {
  if (corrected.value !== null) return { estimate: corrected, way: "by Rogan and Gladen" };
  return predictionPowered.value === null ? null : { estimate: predictionPowered, way: "prediction-powered" };
}

/** What is corrected, where that is not the mean itself. */
export const rateName = (calibration: Calibration): string =>
  isPassRate(calibration) && typeof calibration?.passAt === "number" ? `share at ${calibration.passAt} or above` : "";
