import type { LoggedUnit } from "./logged-store.ts";

export type Reward = Pick<LoggedUnit, "variant" | "day"> & { readonly reward: number };
export type Expected = { readonly logged: number; readonly target: number };

/** Fewer units of a variant on a day give no separate mean. */
const LEAST = 20;
const FOLDS = 2;

/**
 * A model's expectation for each unit: the mean of the variant on that day, over units of the other half. A unit's own
 * reward is not in its expectation, so the doubly robust estimate stays unbiased.
 */
export function expectRewards(units: readonly Reward[], policy: Readonly<Record<string, number>>): Expected[] {
  const models = Array.from({ length: FOLDS }, (_, fold) => createMeans(units.filter((_, at) => at % FOLDS !== fold)));
  return units.map(({ variant, day }, at) => {
    const meanOf = models[at % FOLDS] ?? (() => 0);
    const target = Object.entries(policy).reduce((sum, [name, share]) => sum + share * meanOf(name, day), 0);
    return { logged: meanOf(variant, day), target };
  });
}

function createMeans(units: readonly Reward[]) {
  const cells = meansBy(units, ({ variant, day }) => `${day} ${variant}`);
  const variants = meansBy(units, ({ variant }) => variant);
  const all = meansBy(units, () => "all").get("all")?.mean ?? 0;
  return (variant: string, day: string): number => {
    const cell = cells.get(`${day} ${variant}`);
    return cell && cell.count >= LEAST ? cell.mean : (variants.get(variant)?.mean ?? all);
  };
}

function meansBy(units: readonly Reward[], keyOf: (unit: Reward) => string) {
  const sums = new Map<string, { count: number; sum: number }>();
  for (const unit of units) {
    const key = keyOf(unit);
    const { count, sum } = sums.get(key) ?? { count: 0, sum: 0 };
    sums.set(key, { count: count + 1, sum: sum + unit.reward });
  }
  return new Map([...sums].map(([key, { count, sum }]) => [key, { count, mean: sum / count }]));
}
