import type { RoutingStrategy } from "@treadle/contract";

/** What is known of a variant or a fallback when one has to be chosen. */
export type Candidate = {
  readonly weight: number;
  /** The lowest number is chosen first. */
  readonly priority: number;
  /** False while its circuit breaker is open, or while its provider has asked for a pause. */
  readonly isAvailable: boolean;
  /** The mean of recent calls in milliseconds; null without one. */
  readonly firstTokenMs: number | null;
  readonly inFlight: number;
  /** The estimated price of the request in US dollars; null if the table has none. */
  readonly costUsd: number | null;
};

type Strategy = {
  /** Lower is better. Null means unmeasured, and counts as best. */
  score(candidate: Candidate): number | null;
  /** How far above the best score a candidate may be and still share the load, as a part of the best. */
  readonly buffer: number;
  /** The part of the requests that all candidates share, so that none is measured only once. */
  readonly exploration: number;
};

const STRATEGIES: Readonly<Record<RoutingStrategy, Strategy>> = {
  weight: { score: () => 0, buffer: 0, exploration: 0 },
  latency: { score: ({ firstTokenMs }) => firstTokenMs, buffer: 0.2, exploration: 0.05 },
  busy: { score: ({ inFlight, weight }) => inFlight / Math.max(1, weight), buffer: 0, exploration: 0 },
  cost: { score: ({ costUsd }) => costUsd ?? Number.POSITIVE_INFINITY, buffer: 0, exploration: 0 },
};

/**
 * The probability of each candidate. Only the lowest priority counts; a strategy that measures also leaves out what is
 * not available, as long as something is. The best candidates, and those that are almost equal, share the load by weight.
 */
export function probabilitiesOf(strategy: RoutingStrategy, candidates: readonly Candidate[]): readonly number[] {
  const { score, buffer, exploration } = STRATEGIES[strategy];
  const group = firstGroup(strategy, candidates);
  const scores = candidates.map((candidate) => (group.has(candidate) ? score(candidate) : null));
  const best = Math.min(...scores.filter((value) => value !== null));
  const isNear = (place: number) => {
    const value = scores[place] ?? null;
    return value === null || value <= best * (1 + buffer);
  };
  const weights = weightsOf(candidates, group);
  const near = weights.map((weight, place) => (isNear(place) ? weight : 0));
  const [all, nearAll] = [sum(weights), sum(near)];
  return weights.map(
    (weight, place) => ((1 - exploration) * (near[place] ?? 0)) / nearAll + (exploration * weight) / all,
  );
}

/**
 * All items in the order in which they are tried: by priority, then what is available, then by the strategy's score.
 * Equal ones are in random order, by weight.
 */
export function inOrder<Item extends Candidate>(
  strategy: RoutingStrategy,
  items: readonly Item[],
  random: () => number,
): readonly Item[] {
  if (items.length < 2) return items;
  const { score } = STRATEGIES[strategy];
  const scored = items.map((item) => ({
    item,
    rank: score(item) ?? 0,
    // Efraimidis and Spirakis: the order of these keys is a draw by weight without replacement.
    key: random() ** (1 / Math.max(1, item.weight)),
  }));
  return scored
    .toSorted(
      (one, other) =>
        one.item.priority - other.item.priority ||
        Number(other.item.isAvailable) - Number(one.item.isAvailable) ||
        compare(one.rank, other.rank) ||
        other.key - one.key,
    )
    .map(({ item }) => item);
}

/** A difference of two infinities is not a number. */
const compare = (one: number, other: number) => (one === other ? 0 : one - other);

/** The candidates of the lowest priority that have a weight. If none has one, the weights count as equal. */
function firstGroup(strategy: RoutingStrategy, candidates: readonly Candidate[]): ReadonlySet<Candidate> {
  const weighted = candidates.filter(({ weight }) => weight > 0);
  const possible = weighted.length > 0 ? weighted : candidates;
  const available = strategy === "weight" ? possible : possible.filter(({ isAvailable }) => isAvailable);
  const usable = available.length > 0 ? available : possible;
  const lowest = Math.min(...usable.map(({ priority }) => priority));
  return new Set(usable.filter(({ priority }) => priority === lowest));
}

function weightsOf(candidates: readonly Candidate[], group: ReadonlySet<Candidate>): readonly number[] {
  const isWithout = [...group].every(({ weight }) => weight === 0);
  return candidates.map((candidate) => (group.has(candidate) ? (isWithout ? 1 : candidate.weight) : 0));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
