import type { DriftCluster, DriftExplanation, DriftSignal, DriftWord } from "@treadle/contract";
import { benjaminiHochberg } from "@treadle/metrics";
import { compareDomains, compareUnlike, measureDiscrepancy } from "./compare-vectors.ts";
import type { DriftSide, DriftTopic, ReferenceModel } from "./drift-item.ts";
import { explainChange } from "./explain-change.ts";
import { compareTopics, NEW_CLUSTER, topicWords } from "./find-topics.ts";
import { countWords, findWords } from "./find-words.ts";
import type { Finding } from "./finding.ts";
import { measureSignals, type Sides, unitsOf } from "./measure-signals.ts";

export const LARGE_SHARE = 0.05;
export const LARGE_AUC = 0.1;
export const ALPHA = 0.01;

type Order = Sides & {
  readonly model: ReferenceModel;
  /** The 7 days before the day. Null with too few texts. */
  readonly week: DriftSide | null;
};

/** Places of texts in their side with their scores, the most extreme first. */
type Extreme = { readonly at: number; readonly score: number };

export type Comparison = {
  /** Whether a signal is confirmed needs the days before. */
  readonly signals: readonly Omit<DriftSignal, "isConfirmed">[];
  readonly clusters: readonly DriftCluster[];
  readonly words: readonly DriftWord[];
  readonly explanations: readonly DriftExplanation[];
  readonly currentExamples: readonly Extreme[];
  readonly referenceExamples: readonly Extreme[];
};

/** Compares the texts of a day with the reference. */
export function compareSides({ model, week, ...sides }: Order): Comparison {
  const units = unitsOf(sides);
  const unlike = compareUnlike(sides, units);
  const topics = compareTopics(model.topics, vectorsOf(sides), units);
  const findings = [
    ...measureSignals(sides),
    ...topics,
    ...known([compareDomains(sides), unlike?.finding, measureDiscrepancy(sides, units)]),
  ];
  const steps = week ? stepsOf({ reference: week, current: sides.current }, model.topics) : new Map();
  const signals = judge(findings, steps);
  const strongest = findings.find(({ signal }) => signal === signals[0]?.signal);
  const isChanged = signals[0]?.isChanged === true;
  const texts = sides.current.items.map(({ text }) => text);
  return {
    signals,
    clusters: toClusters(topics, model.topics, { texts, signals }),
    words: findWords(
      { words: countWords(texts), texts: texts.length },
      { words: model.words, texts: sides.reference.items.length },
    ),
    explanations: isChanged && strongest?.marks ? explainChange(sides, strongest.marks, strongest.signal) : [],
    currentExamples: extremesOf(sides.current, unlike?.scores.current, 1),
    referenceExamples: extremesOf(sides.reference, unlike?.scores.reference, -1),
  };
}

const known = (findings: readonly (Finding | null | undefined)[]) =>
  findings.filter((one) => one !== null && one !== undefined);
const vectorsOf = ({ reference, current }: Sides) => ({ reference: reference.vectors, current: current.vectors });

/** The same signals against the last week, by name. */
function stepsOf(sides: Sides, topics: readonly DriftTopic[]): ReadonlyMap<string, number> {
  const units = unitsOf(sides);
  const found = [
    ...measureSignals(sides),
    ...compareTopics(topics, vectorsOf(sides), units),
    ...known([compareDomains(sides), compareUnlike(sides, units)?.finding]),
  ];
  return new Map(found.map(({ signal, value }) => [signal, value]));
}

function judge(findings: readonly Finding[], steps: ReadonlyMap<string, number>): Comparison["signals"] {
  const pValues = benjaminiHochberg(findings.map(({ pValue }) => pValue));
  return findings
    .map(({ marks: _, ...finding }, at) => {
      const pValue = pValues[at] ?? 1;
      const isLarge = strengthOf(finding) >= 1;
      return {
        ...finding,
        pValue,
        isLarge,
        isChanged: isLarge && pValue < ALPHA,
        step: steps.get(finding.signal) ?? null,
      };
    })
    .sort((one, other) => Number(other.isChanged) - Number(one.isChanged) || strengthOf(other) - strengthOf(one));
}

/** The effect in units of the smallest large effect. */
export function strengthOf({ effect, value }: Pick<Finding, "effect" | "value">): number {
  if (effect === "mmd") return 0;
  // A difference such as 0.55 − 0.5 is a little less than 0.05.
  return effect === "share" ? Math.abs(value) / LARGE_SHARE + 1e-9 : Math.abs(value - 0.5) / LARGE_AUC + 1e-9;
}

type Shown = { readonly texts: readonly string[]; readonly signals: Comparison["signals"] };

function toClusters(findings: readonly Finding[], topics: readonly DriftTopic[], { texts, signals }: Shown) {
  return findings.map(({ signal, reference, current, lower, upper, marks }): DriftCluster => {
    const cluster = signal === "new-cluster" ? NEW_CLUSTER : Number(signal.split(":")[1]);
    const isMember = (at: number) => (marks?.current[at] ?? 0) > 0;
    const words =
      cluster === NEW_CLUSTER
        ? topicWords(
            texts.filter((_, at) => isMember(at)),
            texts.filter((_, at) => !isMember(at)),
          )
        : (topics[cluster]?.words ?? []);
    const pValue = signals.find((one) => one.signal === signal)?.pValue ?? 1;
    return {
      cluster,
      words: [...words],
      referenceShare: reference ?? 0,
      currentShare: current ?? 0,
      lower,
      upper,
      pValue,
    };
  });
}

const MOST_EXAMPLES = 8;
const MOST_OF_GROUP = 3;

/** The texts with the highest or lowest scores, without repeats and with few of one user. */
function extremesOf({ items }: DriftSide, scores: Float64Array | undefined, sign: 1 | -1): Extreme[] {
  if (!scores) return [];
  const order = [...items.keys()].sort((one, other) => sign * ((scores[other] ?? 0) - (scores[one] ?? 0)));
  const [seen, groups] = [new Set<string>(), new Map<string, number>()];
  const chosen: Extreme[] = [];
  for (const at of order) {
    const item = items[at];
    if (!item || seen.has(item.fingerprint) || (groups.get(item.group) ?? 0) >= MOST_OF_GROUP) continue;
    seen.add(item.fingerprint);
    groups.set(item.group, (groups.get(item.group) ?? 0) + 1);
    chosen.push({ at, score: scores[at] ?? 0 });
    if (chosen.length === MOST_EXAMPLES) break;
  }
  return chosen;
}
