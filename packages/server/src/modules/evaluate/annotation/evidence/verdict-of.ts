import type { Feedback, ScoreConfig } from "@treadle/contract";

type Verdict = { readonly isGood: boolean | null; readonly rating: number | null };
const NONE: Verdict = { isGood: null, rating: null };

type Said = Pick<Feedback, "name" | "signal" | "value" | "number">;

/** The verdict of feedback on the answer, by the configuration of its name. None if no direction is better. */
export function verdictOf({ name, signal, value, number }: Said, config: ScoreConfig | undefined): Verdict {
  // A user action is stored as a true value under its name: it happened. It does not mean that the answer is good.
  if (signal !== null && value === true && (name === signal || signal === "regenerated" || signal === "abandoned"))
    return NONE;
  const isHigherBetter = config ? config.isHigherBetter : true;
  if (isHigherBetter === null) return NONE;
  if (typeof value === "boolean") return { isGood: value === isHigherBetter, rating: null };
  if (number === null) return NONE;
  const scale = scaleOf(config);
  if (scale) {
    const place = Math.min(1, Math.max(0, (number - scale.min) / (scale.max - scale.min)));
    return { isGood: null, rating: isHigherBetter ? place : 1 - place };
  }
  // Without a scale, thumbs are still known by their numbers.
  return number === 1 || number === 0 || number === -1 ? { isGood: number > 0 === isHigherBetter, rating: null } : NONE;
}

function scaleOf(config: ScoreConfig | undefined): { min: number; max: number } | null {
  if (!config) return null;
  const numbers = config.categories.flatMap(({ value }) => (value === null ? [] : [value]));
  const min = config.type === "category" ? Math.min(...numbers) : config.min;
  const max = config.type === "category" ? Math.max(...numbers) : config.max;
  return min !== null && max !== null && Number.isFinite(min) && max > min ? { min, max } : null;
}
