import { kolmogorovSurvival } from "../src/drift/kolmogorov.ts";
import * as metrics from "../src/index.ts";

/** What a case asks for: the metric's name and its input, as golden/classification.json and the comparison have them. */
export type Case = Readonly<Record<string, unknown>> & { readonly metric: string };

type Answer = number | null | readonly (number | null)[];

/** The value or values that this package gives for a case. */
export function measure(asked: Case): Answer {
  const metric = MEASURES[asked.metric];
  if (!metric) throw new RangeError(`There is no metric ${asked.metric}.`);
  return metric(asked);
}

const list = (asked: Case, key: string): unknown[] => {
  const value = asked[key];
  if (!Array.isArray(value)) throw new RangeError(`${key} is no list.`);
  return value;
};
const numbers = (asked: Case, key: string): number[] => list(asked, key).map(Number);
const bits = (asked: Case, key: string): (0 | 1)[] => list(asked, key).map((value) => (value ? 1 : 0));
const label = (value: unknown) => (typeof value === "string" || typeof value === "number" ? value : null);
const labels = (asked: Case, key: string): (metrics.Label | null)[] => list(asked, key).map(label);
const present = (asked: Case, key: string): metrics.Label[] => labels(asked, key).filter((value) => value !== null);
const table = (asked: Case, key: string): unknown[][] => list(asked, key).map((row) => (Array.isArray(row) ? row : []));
const matrix = (asked: Case, key: string): number[][] => table(asked, key).map((row) => row.map(Number));
const units = (asked: Case, key: string): metrics.Units => table(asked, key).map((row) => row.map(label));
const number = (asked: Case, key: string): number => Number(asked[key]);
const order = (asked: Case) => (Array.isArray(asked.order) ? present(asked, "order") : undefined);

function oneOf<const Choices extends readonly (string | number | null)[]>(asked: Case, key: string, choices: Choices) {
  const found = choices.find((choice) => choice === asked[key]);
  if (found === undefined) throw new RangeError(`${key} is ${String(asked[key])}.`);
  return found as Choices[number];
}

const confusion = (asked: Case) =>
  metrics.confusionOf({ actual: labels(asked, "actual"), predicted: labels(asked, "predicted") });
const averaging = (asked: Case): metrics.AverageOptions => ({
  average: oneOf(asked, "average", ["micro", "macro", "weighted"]),
  zeroDivision: oneOf(asked, "zero", [null, 0, 1, "exclude"]),
  ...(asked.beta === undefined ? {} : { beta: number(asked, "beta") }),
});
const forecast = (asked: Case) => ({ actual: bits(asked, "actual"), probability: numbers(asked, "probability") });
const classes = (asked: Case) => ({
  actual: present(asked, "actual"),
  probabilities: matrix(asked, "probabilities"),
  labels: present(asked, "labels"),
});
const scored = (asked: Case) => ({ actual: bits(asked, "actual"), score: numbers(asked, "score") });
const answers = (asked: Case) => ({ confidence: numbers(asked, "confidence"), correct: bits(asked, "correct") });
const retrieval = (asked: Case): metrics.Retrieval => ({
  retrieved: list(asked, "retrieved").map(String),
  relevant: new Map(table(asked, "relevant").map(([document, gain]) => [String(document), Number(gain)])),
});
const passes = (asked: Case) => ({ samples: number(asked, "samples"), passed: number(asked, "passed") });
const cut = (asked: Case) => (asked.k === undefined ? {} : { k: number(asked, "k") });

const CLASSIFICATION: Record<string, (asked: Case) => Answer> = {
  accuracy: (asked) => metrics.accuracy(confusion(asked)).value,
  balanced_accuracy: (asked) => metrics.balancedAccuracy(confusion(asked)).value,
  precision: (asked) => metrics.precision(confusion(asked), averaging(asked)).value,
  recall: (asked) => metrics.recall(confusion(asked), averaging(asked)).value,
  f: (asked) => metrics.fScore(confusion(asked), averaging(asked)).value,
  label_scores: (asked) =>
    metrics
      .labelScores(confusion(asked))
      .flatMap(({ precision, recall, f, support }) => [precision, recall, f, support]),
  mcc: (asked) => metrics.matthews(confusion(asked), { zeroDivision: oneOf(asked, "zero", [null, 0]) }).value,
  log_loss: (asked) => metrics.logLoss(forecast(asked)).value,
  log_loss_classes: (asked) => metrics.logLoss(classes(asked)).value,
  brier: (asked) => metrics.brierScore(forecast(asked)).value,
  brier_classes: (asked) => metrics.brierScore(classes(asked)).value,
  roc_auc: (asked) => metrics.rocAuc(scored(asked)).value,
  roc_auc_ovr: (asked) =>
    metrics.rocAucOneVersusRest(classes(asked), oneOf(asked, "average", ["macro", "weighted"])).value,
  average_precision: (asked) => metrics.averagePrecision(scored(asked)).value,
};

const CALIBRATION: Record<string, (asked: Case) => Answer> = {
  ece: (asked) =>
    metrics.expectedCalibrationError(answers(asked), {
      bins: number(asked, "bins"),
      edges: oneOf(asked, "edges", ["(l,u]", "[l,u)"]),
    }).value,
  adaptive_ece: (asked) => metrics.adaptiveCalibrationError(answers(asked), number(asked, "bins")).value,
  aurc: (asked) => metrics.riskCoverageArea(answers(asked)).value,
  excess_aurc: (asked) => metrics.excessRiskCoverageArea(answers(asked)).value,
  temperature: (asked) => {
    const fit = metrics.fitTemperature({ logits: matrix(asked, "logits"), actual: numbers(asked, "actual") });
    return [fit.temperature, fit.lossBefore, fit.lossAfter];
  },
};

const AGREEMENT: Record<string, (asked: Case) => Answer> = {
  cohen_kappa: (asked) =>
    metrics.cohenKappa(units(asked, "units"), {
      weights: oneOf(asked, "weights", ["none", "linear", "quadratic"]),
      order: order(asked),
    }).value,
  fleiss_kappa: (asked) => metrics.fleissKappa(units(asked, "units")).value,
  fleiss_kappa_counts: (asked) => metrics.fleissKappaOfCounts(matrix(asked, "counts")).value,
  krippendorff_alpha: (asked) =>
    metrics.krippendorffAlpha(units(asked, "units"), {
      level: oneOf(asked, "level", ["nominal", "ordinal", "interval", "ratio"]),
      order: order(asked),
    }).value,
  raw_agreement: (asked) => metrics.rawAgreement(units(asked, "units")).value,
};

const SAMPLING: Record<string, (asked: Case) => Answer> = {
  pass_at_k: (asked) => metrics.passAtK(passes(asked), number(asked, "k")).value,
  pass_hat_k: (asked) => metrics.passHatK(passes(asked), number(asked, "k")).value,
  perplexity: (asked) => {
    const texts = [{ logProbabilities: numbers(asked, "log_probabilities"), text: String(asked.text) }];
    const per = (["token", "word", "byte"] as const).map((unit) => metrics.perplexity(texts, unit).value);
    return [...per, metrics.bitsPerByte(texts).value];
  },
};

const RETRIEVAL: Record<string, (asked: Case) => Answer> = {
  ndcg_scores: (asked) => {
    const ranked = { gains: numbers(asked, "gains"), scores: numbers(asked, "scores") };
    return metrics.ndcgOfScores(ranked, { gain: oneOf(asked, "gain", ["linear", "exponential"]), ...cut(asked) }).value;
  },
  retrieval: (asked) => {
    const one = retrieval(asked);
    const k = number(asked, "k");
    const found = [metrics.precisionAtK, metrics.recallAtK, metrics.hitAtK].map((metric) => metric(one, k).value);
    return [
      ...found,
      metrics.reciprocalRank(one).value,
      metrics.averagePrecisionAtK(one, { k }).value,
      metrics.ndcg(one, { k }).value,
    ];
  },
  average_precision_per: (asked) =>
    (["relevant", "reachable", "found"] as const).map(
      (per) => metrics.averagePrecisionAtK(retrieval(asked), { k: number(asked, "k"), per }).value,
    ),
  ndcg_exponential: (asked) => metrics.ndcg(retrieval(asked), { k: number(asked, "k"), gain: "exponential" }).value,
};

const DRIFT: Record<string, (asked: Case) => Answer> = {
  psi_shares: (asked) => metrics.psiOfShares(numbers(asked, "expected"), numbers(asked, "current")).value,
  psi: (asked) => {
    const { value, noise, pValue } = metrics.psi(numbers(asked, "reference"), numbers(asked, "current"));
    return [value, noise, pValue];
  },
  jensen_shannon: (asked) =>
    metrics.jensenShannonDistance(numbers(asked, "p"), numbers(asked, "q"), oneOf(asked, "base", [2, "e"])).value,
  ks: (asked) => {
    const { distance, pValue } = metrics.kolmogorovSmirnov(numbers(asked, "first"), numbers(asked, "second"));
    return [distance, pValue];
  },
  kolmogorov: (asked) => kolmogorovSurvival(number(asked, "distance"), number(asked, "n")),
  mmd: (asked) => {
    const samples = { reference: matrix(asked, "reference"), current: matrix(asked, "current") };
    const options = { random: metrics.createRandom(1), permutations: 1 };
    const { value, bandwidth } = metrics.maximumMeanDiscrepancy(samples, options);
    return [value, bandwidth];
  },
};

const CORRECTION: Record<string, (asked: Case) => Answer> = {
  prediction_powered: (asked) => {
    const scores = {
      labels: numbers(asked, "labels"),
      judgedLabelled: numbers(asked, "judged_labelled"),
      judgedOnly: numbers(asked, "judged_only"),
    };
    const tuning = oneOf(asked, "tuning", ["ppi", "ppi++"]);
    const options = { tuning, alpha: number(asked, "alpha"), interval: "normal" as const };
    const { corrected, labelled } = metrics.predictionPoweredMean(scores, options);
    return [corrected, labelled].flatMap((one) => (one ? [one.value, ...one.interval] : [null, null, null]));
  },
  rogan_gladen: (asked) => {
    const judged = { positives: number(asked, "positives"), judged: number(asked, "judged") };
    const [truePositives = 0, falseNegatives = 0, trueNegatives = 0, falsePositives = 0] = numbers(
      asked,
      "calibration",
    );
    const by = { truePositives, falseNegatives, trueNegatives, falsePositives };
    const { corrected } = metrics.correctedRate(judged, by);
    return corrected ? [corrected.value, ...corrected.interval] : [null, null, null];
  },
};

const MEASURES: Record<string, (asked: Case) => Answer> = {
  ...CLASSIFICATION,
  ...CALIBRATION,
  ...AGREEMENT,
  ...SAMPLING,
  ...RETRIEVAL,
  ...DRIFT,
  ...CORRECTION,
};
