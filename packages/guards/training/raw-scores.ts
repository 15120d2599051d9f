import type { Model } from "../src/injection/model.ts";
import { scan } from "../src/injection/scan.ts";
import { probability, type Raw, rawScore, WINDOW } from "../src/injection/score.ts";
import type { Fitted } from "./fit.ts";

const UNCALIBRATED = { slope: 1, offset: 0 };
const NO_WORDS: Raw = { whole: -10, highest: null, start: 0, end: 0 };

export const withoutCalibration = (fitted: Fitted): Model => ({
  ...fitted,
  prompts: UNCALIBRATED,
  windows: UNCALIBRATED,
  threshold: 0.5,
});

/** The raw scores of a text by a model that is not calibrated yet. */
export const rawOf = (fitted: Fitted, text: string): Raw => rawScore(withoutCalibration(fitted), text) ?? NO_WORDS;

/** The probability that the scorer reports for raw scores. */
export const probabilityOf = ({ prompts, windows }: Pick<Model, "prompts" | "windows">, raw: Raw): number =>
  Math.max(probability(prompts, raw.whole), raw.highest === null ? 0 : probability(windows, raw.highest));

/** The windows of a text of several windows. */
export function windowTexts(text: string): readonly string[] {
  const { units } = scan(text);
  if (units.length <= WINDOW) return [];
  return units
    .slice(0, units.length - WINDOW + 1)
    .map(({ start }, place) => text.slice(start, units[place + WINDOW - 1]?.end));
}
