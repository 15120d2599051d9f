import type { QualityReport } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Above this AUC, splits count as different. A lower value may be chance or a small drift. */
const TELLING_AUC = 0.65;

type Rule = (report: Omit<QualityReport, "warnings">) => string | false;

/** The findings that a person should review first, most serious first. */
const rules: readonly Rule[] = [
  ({ rows }) => rows === 0 && "The dataset has no items.",
  ({ contamination }) => {
    const worst = contamination.toSorted((one, two) => two.rows - one.rows)[0];
    return (
      worst !== undefined &&
      worst.rows > 0 &&
      `${countOf(worst.rows, "item gives", "items give")} items of the evaluation dataset ${worst.name} away. A model trained on them cannot be measured by that dataset. Run decontamination.`
    );
  },
  ({ leaks }) => {
    const rows = leaks?.splitPairs.reduce((sum, pair) => sum + pair.rows, 0) ?? 0;
    return (
      rows > 0 &&
      `${countOf(rows, "item has", "items have")} the same text as an item in another split. Split again, with duplicates as groups.`
    );
  },
  ({ splitAuc = [] }) => {
    const worst = splitAuc.toSorted((one, two) => two.auc - one.auc)[0];
    return (
      worst !== undefined &&
      worst.low > TELLING_AUC &&
      `Words distinguish items of ${worst.to} from items of ${worst.from} (AUC ${worst.auc.toFixed(2)}; 0.5 means alike). Results on one split say little about the other. Split at random, or find out why the splits differ.`
    );
  },
  ({ privacy }) => {
    const secrets = privacy.kinds.filter(({ kind }) => /key|token|password|jwt/.test(kind));
    return (
      secrets.length > 0 &&
      `The dataset contains keys or passwords (${secrets.map(({ kind }) => kind).join(", ")}). Redact them, and replace them where they are in use.`
    );
  },
  ({ privacy, rows }) =>
    privacy.rows > 0 &&
    `Personal data or secrets: ${countOf(privacy.rows, "item")} (${percent(privacy.rows / rows)}). Redact before you train or share.`,
  ({ duplicates }) =>
    duplicates.exactShare > 0.01 &&
    `Exact duplicates: ${countOf(duplicates.exactRows, "item")} (${percent(duplicates.exactShare)}). Remove exact duplicates.`,
  ({ duplicates: { near } }) =>
    near !== null &&
    near.share > 0.05 &&
    `Near-duplicates: ${countOf(near.rows, "item")} (${percent(near.share)}). Remove near-duplicates.`,
  ({ duplicates: { sameInputOtherExpected: inputs } }) =>
    inputs > 0 && `${countOf(inputs, "input has", "inputs have")} more than one expected answer.`,
  ({ missing, rows }) =>
    missing.expected > 0 &&
    missing.expected < rows &&
    `${countOf(missing.expected, "item has", "items have")} no expected answer, but the others have one.`,
  ({ missing }) => missing.inputs > 0 && `${countOf(missing.inputs, "item has", "items have")} no input text.`,
  ({ quality, rows }) => {
    const broken = quality.reduce((sum, { rows: times }) => sum + times, 0);
    return (
      broken > rows * 0.02 &&
      `Failed quality rules for chats and short texts: ${countOf(broken, "item")} (${percent(broken / rows)}).`
    );
  },
  ({ labels }) =>
    labels !== null &&
    labels.largestToSmallest > 10 &&
    `The largest class has ${Math.round(labels.largestToSmallest)} times as many items as the smallest. Balance the classes.`,
  ({ languages }) => {
    const [main, ...others] = languages.filter(({ name }) => name !== "und");
    const share = others.reduce((sum, language) => sum + language.share, 0);
    return (
      main !== undefined && share > 0.05 && `${percent(share)} of the items are in languages other than ${main.name}.`
    );
  },
  ({ toxicity, rows }) =>
    toxicity.rows > rows * 0.01 &&
    `Words from the lists of toxic words: ${countOf(toxicity.rows, "item")} (${percent(toxicity.rows / rows)}).`,
];

export const findWarnings: (report: Omit<QualityReport, "warnings">) => string[] = (report) =>
  rules.map((rule) => rule(report)).filter((sentence) => sentence !== false);
