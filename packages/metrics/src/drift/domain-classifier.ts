import { normalCdf } from "../distributions/normal.ts";
import { aucInterval } from "../monitoring/auc-interval.ts";
import type { Random } from "../random.ts";
import type { Interval } from "../statistics/shared/comparison.ts";
import { effectiveSize } from "../statistics/shared/effective-size.ts";
import { areaUnder } from "./area-under.ts";
import { fitLogisticRegression } from "./logistic-regression.ts";
import type { VectorSamples } from "./mmd.ts";
import { placeGroups } from "./place-groups.ts";

/** How well a classifier distinguishes two samples of vectors. */
export type DomainClassifier = {
  /** 0.5 if they cannot be distinguished, 1 if they are fully distinguishable. */
  readonly auc: number;
  readonly interval: Interval;
  /** One-sided: the probability of such an area if both samples have the same source. */
  readonly pValue: number;
  /** The log-odds that a vector is of the current sample, from a model that was trained without its group. */
  readonly scores: { readonly reference: Float64Array; readonly current: Float64Array };
};

export type DomainOptions = {
  readonly random: Random;
  readonly folds?: number;
  /** Vectors of one group, such as a user, are never divided between training and test. By default each is a group. */
  readonly groups?: { readonly reference: readonly string[]; readonly current: readonly string[] };
};

/**
 * A two-sample test by classification (Lopez-Paz and Oquab 2017): logistic regression distinguishes the samples, cross-validated.
 * The areas of the folds are averaged. The interval is that of Hanley and McNeil, made wider because the folds share their training
 * data (Nadeau and Bengio 2003, section 3), with the effective numbers of vectors if groups are alike within. Null if a sample has
 * fewer groups than folds.
 */
export function domainClassifier(samples: VectorSamples, options: DomainOptions): DomainClassifier | null {
  const { random, folds = 5 } = options;
  const { reference, current } = samples;
  const groups = {
    reference: options.groups?.reference ?? reference.map((_, at) => `r${at}`),
    current: options.groups?.current ?? current.map((_, at) => `c${at}`),
  };
  const placed = placeGroups(groups, { folds, random });
  if (placed === null) return null;
  const scores = { reference: new Float64Array(reference.length), current: new Float64Array(current.length) };
  const vectors = [...reference, ...current];
  const labels = Uint8Array.from(vectors, (_, at) => (at < reference.length ? 0 : 1));
  const foldOf = [...placed.reference, ...placed.current];
  let sum = 0;
  for (let fold = 0; fold < folds; fold += 1) {
    const training = [...labels.keys()].filter((at) => foldOf[at] !== fold);
    const score = fitLogisticRegression(
      training.map((at) => vectors[at] ?? []),
      training.map((at) => labels[at] ?? 0),
    );
    for (const [at, vector] of reference.entries())
      if (placed.reference[at] === fold) scores.reference[at] = score(vector);
    for (const [at, vector] of current.entries()) if (placed.current[at] === fold) scores.current[at] = score(vector);
    const heldOut = (side: "reference" | "current") => scores[side].filter((_, at) => placed[side][at] === fold);
    sum += areaUnder(heldOut("reference"), heldOut("current"));
  }
  return { auc: sum / folds, ...evidenceOf(sum / folds, { scores, groups, folds }), scores };
}

type Scored = Pick<DomainClassifier, "scores"> & {
  readonly groups: NonNullable<DomainOptions["groups"]>;
  readonly folds: number;
};

function evidenceOf(auc: number, { scores, groups, folds }: Scored): Pick<DomainClassifier, "interval" | "pValue"> {
  const overlap = 1 + folds / (folds - 1);
  const negatives = Math.max(1, effectiveSize(scores.reference, groups.reference) / overlap);
  const positives = Math.max(1, effectiveSize(scores.current, groups.current) / overlap);
  const error = Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
  return { interval: aucInterval({ auc, positives, negatives }), pValue: normalCdf((0.5 - auc) / error) };
}
