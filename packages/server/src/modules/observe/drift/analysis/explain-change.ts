import type { DriftExplanation } from "@treadle/contract";
import type { DriftItem } from "./drift-item.ts";
import type { Marks } from "./finding.ts";
import { languageName, type Sides, UNKNOWN_LANGUAGE } from "./measure-signals.ts";

type Dimension = DriftExplanation["dimension"];
type Tally = { texts: number; marked: number };
type Counts = { readonly values: Map<string, Tally>; readonly total: Tally };

const DIMENSIONS: Readonly<Record<Dimension, (item: DriftItem) => string>> = {
  release: ({ release }) => release,
  prompt: ({ prompt }) => prompt,
  model: ({ model }) => model,
  tenant: ({ tenant }) => tenant,
  user: ({ user }) => user,
  language: ({ language }) => language,
};
/** An explanation covers this part of the change, or it is not shown. */
const LEAST_EXPLAINED = 0.3;

/**
 * The values of dimensions that explain a change, the most likely first. The change of the mean mark is the sum over the values of
 * share × (mean − mean of the reference), in the day less the same in the reference, so that each value has its part of it. A value
 * explains more than its usual share of the traffic, and its texts show the change.
 */
export function explainChange(sides: Sides, marks: Marks, signal: string): DriftExplanation[] {
  const found = (Object.keys(DIMENSIONS) as Dimension[])
    .filter((dimension) => dimension !== "language" || !signal.startsWith("language:"))
    .flatMap((dimension) => explainBy(dimension, sides, marks) ?? []);
  return found.sort((one, other) => other.score - one.score).map(({ explanation }) => explanation);
}

type Ranked = { readonly explanation: DriftExplanation; readonly score: number };

/** The best value of a dimension. */
function explainBy(dimension: Dimension, { reference, current }: Sides, marks: Marks): Ranked | null {
  const read = DIMENSIONS[dimension];
  const before = countBy(reference.items.map(read), marks.reference);
  const now = countBy(current.items.map(read), marks.current);
  const usual = before.total.marked / before.total.texts;
  const change = now.total.marked / now.total.texts - usual;
  if (!(change > 0)) return null;
  const ranked = [...now.values].map(([value, tally]) => {
    const past = before.values.get(value) ?? { texts: 0, marked: 0 };
    const [referenceShare, currentShare] = [past.texts / before.total.texts, tally.texts / now.total.texts];
    const gain = (tally.marked - tally.texts * usual) / now.total.texts;
    const loss = (past.marked - past.texts * usual) / before.total.texts;
    const explained = (gain - loss) / change;
    const newShare = tally.marked / Math.max(1e-9, now.total.marked);
    const part = Math.min(1, Math.max(0, explained - Math.min(referenceShare, currentShare)));
    const hits = tally.marked / tally.texts;
    const score = part + hits === 0 ? 0 : (2 * part * hits) / (part + hits);
    const counted = { dimension, value, referenceShare, currentShare, newShare, explained };
    return { explanation: { ...counted, sentence: sentenceOf(counted) }, score, part };
  });
  const best = ranked.sort((one, other) => other.score - one.score)[0];
  return best && best.part >= LEAST_EXPLAINED ? best : null;
}

function countBy(values: readonly string[], marks: readonly (number | null)[]): Counts {
  const total: Tally = { texts: 0, marked: 0 };
  const counts = new Map<string, Tally>();
  for (const [at, value] of values.entries()) {
    const mark = marks[at];
    if (mark === null || mark === undefined) continue;
    const own = counts.get(value) ?? { texts: 0, marked: 0 };
    counts.set(value, own);
    for (const tally of [own, total]) {
      tally.texts++;
      tally.marked += mark;
    }
  }
  return { values: counts, total };
}

/** A share that is higher by this factor has grown. */
const GROWN = 1.5;

const NOUNS: Readonly<Record<Dimension, string>> = {
  release: "release",
  prompt: "prompt",
  model: "model",
  tenant: "tenant",
  user: "user",
  language: "texts in",
};

function sentenceOf(found: Omit<DriftExplanation, "sentence">): string {
  const { dimension, value, referenceShare, currentShare, explained } = found;
  const start = `${percent(Math.min(1, explained))} of the change comes from ${nameOf(dimension, value)}`;
  const who = dimension === "user" ? "who" : "which";
  if (referenceShare === 0)
    return `${start}, ${who} ${dimension === "language" ? "were" : "was"} not in the reference.`;
  const shares = `${percent(referenceShare)} of the reference and ${percent(currentShare)} of the day`;
  if (currentShare > referenceShare * GROWN) return `${start}, with ${shares}: its share grew.`;
  return `${start}, with ${shares}: its texts changed.`;
}

function nameOf(dimension: Dimension, value: string): string {
  if (dimension === "language")
    return value === UNKNOWN_LANGUAGE ? "texts in an unknown language" : `texts in ${languageName(value)}`;
  return value === "" ? `calls without a ${NOUNS[dimension]}` : `${NOUNS[dimension]} ${value}`;
}

/** Such as `4.2 %`. */
export const percent = (share: number): string => {
  const value = share * 100;
  return `${value !== 0 && Math.abs(value) < 10 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} %`;
};
