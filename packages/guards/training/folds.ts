import type { Calibration } from "../src/injection/model.ts";
import type { Raw } from "../src/injection/score.ts";
import { balance, calibrate } from "./calibrate.ts";
import { type Corpus, examplesWithout, type Row } from "./corpus.ts";
import type { Scores } from "./evaluate.ts";
import { type FitOptions, type Fitted, fit, quantize } from "./fit.ts";
import { withoutNearCopies } from "./near-copies.ts";
import { probabilityOf, rawOf } from "./raw-scores.ts";
import type { Text } from "./texts.ts";

/** The raw score of a text that its model was not trained on. */
export type Measured = { readonly source: string; readonly raw: Raw };
/** One group of attack sources, scored by a model that never saw it. */
export type Fold = {
  readonly group: string;
  readonly attacks: readonly Measured[];
  /** The same attacks inside documents. */
  readonly documents: readonly Measured[];
  readonly ordinary: readonly Measured[];
};

/** Every third attack is put into a document. */
const DOCUMENT_STEP = 3;
const LONGEST_IN_DOCUMENT = 1500;

export const measureTexts = (model: Fitted, texts: readonly Text[]): readonly Measured[] =>
  texts.map(({ source, text }) => ({ source, raw: rawOf(model, text) }));

/** Puts attacks into documents after one to three of their quarters. */
export function insertAttacks(attacks: readonly Text[], documents: readonly Text[]): readonly Text[] {
  const chosen = attacks.filter(
    (attack, place) => place % DOCUMENT_STEP === 0 && attack.text.length <= LONGEST_IN_DOCUMENT,
  );
  return chosen.flatMap((attack, place) => {
    const document = documents[place % Math.max(1, documents.length)];
    if (document === undefined) return [];
    const cut = document.text.indexOf(" ", Math.floor((document.text.length * ((place % 3) + 1)) / 4));
    const at = cut < 0 ? document.text.length : cut;
    return [{ ...attack, text: `${document.text.slice(0, at)}\n${attack.text}\n${document.text.slice(at)}` }];
  });
}

/** Trains without each group of attack sources in turn and scores it. Near copies of texts in other groups are left out. */
export function measureFolds(corpus: Corpus, ordinary: readonly Text[], options: FitOptions): readonly Fold[] {
  const documents = ordinary.filter(isDocument);
  const groups = [...new Set(corpus.attacks.map(({ group }) => group))];
  return groups.map((group) => {
    const model = quantize(fit(examplesWithout(corpus, group), options));
    const isOwn = (row: Row) => row.group === group;
    const attacks = withoutNearCopies(
      corpus.attacks.filter(isOwn),
      corpus.attacks.filter((row) => !isOwn(row)),
    );
    return {
      group,
      attacks: measureTexts(model, attacks),
      documents: measureTexts(model, insertAttacks(attacks, documents)),
      ordinary: measureTexts(model, ordinary),
    };
  });
}

export const isDocument = ({ source }: Pick<Text, "source">) => source.startsWith("bipia-");

/** Fits both calibrations on the scores of texts that the model of a fold was not trained on. */
export function calibrateFolds(folds: readonly Fold[]): { prompts: Calibration; windows: Calibration } {
  const label = (measured: readonly Measured[], isAttack: boolean) =>
    measured.map(({ source, raw }) => ({ source, raw, isAttack }));
  const prompts = folds.flatMap(({ attacks, ordinary }) => [...label(attacks, true), ...label(ordinary, false)]);
  const documents = folds.flatMap((fold) => [...label(fold.documents, true), ...label(fold.ordinary, false)]);
  return {
    prompts: calibrate(balance(prompts.map(({ raw, ...rest }) => ({ ...rest, raw: raw.whole })))),
    windows: calibrate(
      balance(documents.flatMap(({ raw, ...rest }) => (raw.highest === null ? [] : [{ ...rest, raw: raw.highest }]))),
    ),
  };
}

/** Probabilities of scored texts, by source. */
export function bySource(
  measured: readonly Measured[],
  calibrations: Parameters<typeof probabilityOf>[0],
): readonly Scores[] {
  const sources = Map.groupBy(measured, ({ source }) => source);
  return [...sources].map(([source, own]) => ({
    source,
    scores: own.map(({ raw }) => probabilityOf(calibrations, raw)),
  }));
}
