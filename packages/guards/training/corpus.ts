import { type Example, type Fitted, toExample } from "./fit.ts";
import { rawOf, windowTexts } from "./raw-scores.ts";
import type { Data, Text } from "./texts.ts";

/** Attack sources count by this power of their size, so that the largest does not decide alone. */
const SOURCE_POWER = 0.7;
/** The weight of all attacks together for each benign text's weight of 1. Below 1 it favours few false positives. */
const ATTACK_SHARE = 0.5;
const HARD_NEGATIVE_SHARE = 0.01;
const HARD_NEGATIVE_WEIGHT = 2;
/** Parts of long benign texts, so that a window of a document is not judged like a prompt. */
const WINDOW_WEIGHT = 0.3;
const WINDOW_STEP = 3;

/** A text with its features, made once for all trainings. */
export type Row = Text & { readonly example: Example };
export type Corpus = {
  readonly attacks: readonly Row[];
  readonly benign: readonly Row[];
  readonly spare: readonly Text[];
};

/** The features of everything that is trained on. */
export function toCorpus({ texts, spare }: Data): Corpus {
  const attacks = texts.filter(({ role }) => role === "attack").map((text) => toRow(text, true));
  const benign = texts.filter(({ role }) => role === "benign" || role === "document");
  const windows = benign.flatMap((text) =>
    windowTexts(text.text)
      .filter((_, place) => place % WINDOW_STEP === 0)
      .map((part) => toRow({ ...text, text: part }, false, WINDOW_WEIGHT)),
  );
  return { attacks, benign: [...benign.map((text) => toRow(text, false)), ...windows], spare };
}

const toRow = (text: Text, isAttack: boolean, weight = 1): Row => ({
  ...text,
  example: toExample(text.text, { isAttack, weight }),
});

/** The examples without a group, weighted. */
export function examplesWithout({ attacks, benign }: Corpus, group: string | null): readonly Example[] {
  const isIn = (row: Row) => row.group !== group;
  const [negatives, positives] = [benign.filter(isIn), attacks.filter(isIn)];
  const sizes = new Map<string, number>();
  for (const { source } of positives) sizes.set(source, (sizes.get(source) ?? 0) + 1);
  const weightOf = ({ source }: Row) => (sizes.get(source) ?? 1) ** (SOURCE_POWER - 1);
  const total = positives.reduce((sum, row) => sum + weightOf(row), 0);
  const ofNegatives = negatives.reduce((sum, { example }) => sum + example.weight, 0);
  const scale = (ATTACK_SHARE * ofNegatives) / Math.max(1e-9, total);
  return [
    ...negatives.map(({ example }) => example),
    ...positives.map((row) => ({ ...row.example, weight: weightOf(row) * scale })),
  ];
}

/** The spare benign texts that a first model takes for attacks most: the top 1 %. */
export function hardNegatives({ spare }: Corpus, model: Fitted): readonly Row[] {
  const scored = spare.map((text) => ({ text, raw: rawOf(model, text.text).whole }));
  return scored
    .sort((one, other) => other.raw - one.raw)
    .slice(0, Math.ceil(spare.length * HARD_NEGATIVE_SHARE))
    .map(({ text }) => toRow(text, false, HARD_NEGATIVE_WEIGHT));
}
