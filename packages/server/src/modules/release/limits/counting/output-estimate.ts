const REMEMBERED = 200;
/** How many answers come between two sorts. */
const SORT_EVERY = 20;
const DEFAULT_TOKENS = 1_000;
const SHARE = 0.95;
const MARGIN = 1.2;
const MOST_NAMES = 5_000;

type Named = { readonly projectId: string; readonly endpoint: string; readonly model: string };
type Answers = { readonly tokens: number[]; seen: number; estimate: number };

/** Estimates the length of an answer that has no limit, from recent answers of the same endpoint or model. */
export function createOutputEstimate() {
  const byName = new Map<string, Answers>();
  return {
    estimate: (order: Named): number => byName.get(nameOf(order))?.estimate ?? DEFAULT_TOKENS,
    note(order: Named, tokens: number): void {
      const name = nameOf(order);
      const answers = byName.get(name) ?? { tokens: [], seen: 0, estimate: DEFAULT_TOKENS };
      if (!byName.has(name)) {
        if (byName.size >= MOST_NAMES) byName.clear();
        byName.set(name, answers);
      }
      answers.tokens[answers.seen % REMEMBERED] = tokens;
      answers.seen += 1;
      if (answers.seen % SORT_EVERY === 0) answers.estimate = Math.ceil(high(answers.tokens) * MARGIN);
    },
  };
}

const nameOf = ({ projectId, endpoint, model }: Named) => `${projectId} ${endpoint || model}`;

/** The 95th percentile. */
function high(tokens: readonly number[]): number {
  const sorted = tokens.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * SHARE))] ?? DEFAULT_TOKENS;
}
