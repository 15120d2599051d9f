import type { QualityReport } from "@treadle/contract";

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Splits that are told apart better than this are not alike; what lies below may be chance or a small drift. */
const TELLING_AUC = 0.65;

type Rule = (report: Omit<QualityReport, "warnings">) => string | false;

/** What a person should look at first, the gravest first. */
const rules: readonly Rule[] = [
  ({ rows }) => rows === 0 && "There are no items.",
  ({ contamination }) => {
    const worst = contamination.toSorted((one, two) => two.rows - one.rows)[0];
    return (
      worst !== undefined &&
      worst.rows > 0 &&
      `${worst.rows} items give items of the evaluation dataset ${worst.name} away: a model that learns from them is not measured by it. Decontaminate.`
    );
  },
  ({ leaks }) => {
    const rows = leaks?.splitPairs.reduce((sum, pair) => sum + pair.rows, 0) ?? 0;
    return (
      rows > 0 && `${rows} items have the same text as one in another split. Split again, with duplicates as groups.`
    );
  },
  ({ splitAuc = [] }) => {
    const worst = splitAuc.toSorted((one, two) => two.auc - one.auc)[0];
    return (
      worst !== undefined &&
      worst.low > TELLING_AUC &&
      `The words tell items of ${worst.to} from those of ${worst.from} (AUC ${worst.auc.toFixed(2)}, 0.5 is alike): what is measured on one says little of the other. Split at random, or know why they differ.`
    );
  },
  ({ privacy }) => {
    const secrets = privacy.kinds.filter(({ kind }) => /key|token|password|jwt/.test(kind));
    return (
      secrets.length > 0 &&
      `There are keys or passwords (${secrets.map(({ kind }) => kind).join(", ")}). Redact them, and change them where they are used.`
    );
  },
  ({ privacy, rows }) =>
    privacy.rows > 0 &&
    `${privacy.rows} items (${percent(privacy.rows / rows)}) hold personal data or secrets. Redact them before training or sharing.`,
  ({ duplicates }) =>
    duplicates.exactShare > 0.01 &&
    `${duplicates.exactRows} items (${percent(duplicates.exactShare)}) have the text of another. Remove exact duplicates.`,
  ({ duplicates: { near } }) =>
    near !== null &&
    near.share > 0.05 &&
    `${near.rows} items (${percent(near.share)}) are nearly another. Remove near-duplicates.`,
  ({ duplicates: { sameInputOtherExpected: inputs } }) =>
    inputs > 0 && `${inputs} inputs are there with more than one expected answer.`,
  ({ missing, rows }) =>
    missing.expected > 0 &&
    missing.expected < rows &&
    `${missing.expected} items have no expected answer, the others have one.`,
  ({ missing }) => missing.inputs > 0 && `${missing.inputs} items have no text to answer.`,
  ({ quality, rows }) => {
    const broken = quality.reduce((sum, { rows: times }) => sum + times, 0);
    return (
      broken > rows * 0.02 &&
      `${broken} items (${percent(broken / rows)}) break a rule of quality for chats and short texts.`
    );
  },
  ({ labels }) =>
    labels !== null &&
    labels.largestToSmallest > 10 &&
    `The largest class has ${Math.round(labels.largestToSmallest)} times the items of the smallest. Balance them.`,
  ({ languages }) => {
    const [main, ...others] = languages.filter(({ name }) => name !== "und");
    const share = others.reduce((sum, language) => sum + language.share, 0);
    return (
      main !== undefined && share > 0.05 && `${percent(share)} of the items are in other languages than ${main.name}.`
    );
  },
  ({ toxicity, rows }) =>
    toxicity.rows > rows * 0.01 &&
    `${toxicity.rows} items (${percent(toxicity.rows / rows)}) hold words of the lists of toxic words.`,
];

export const findWarnings: (report: Omit<QualityReport, "warnings">) => string[] = (report) =>
  rules.map((rule) => rule(report)).filter((sentence) => sentence !== false);
