import type { Random } from "../random.ts";
import { shuffle } from "./shuffle.ts";

type Placing = { readonly folds: number; readonly random: Random };
type Groups = { readonly reference: readonly string[]; readonly current: readonly string[] };
type Size = { reference: number; current: number };
type Fill = Readonly<Size>;

/**
 * The fold of each vector. Groups are placed largest first, each in the fold that stays the emptiest. Null if a fold has no vectors of a
 * sample.
 */
export function placeGroups(groups: Groups, { folds, random }: Placing) {
  const sizes = sizesOf(groups);
  const totals = Array.from({ length: folds }, (): Size => ({ reference: 0, current: 0 }));
  const foldOf = new Map<string, number>();
  const [n, m] = [groups.reference.length, groups.current.length];
  const fullness = (total: Fill, more: Fill) =>
    ((total.reference + more.reference) / n) ** 2 -
    (total.reference / n) ** 2 +
    (((total.current + more.current) / m) ** 2 - (total.current / m) ** 2);
  for (const name of largestFirst(sizes, random)) {
    const size = sizes.get(name) ?? { reference: 0, current: 0 };
    const levels = totals.map((total) => fullness(total, size));
    const fold = levels.indexOf(Math.min(...levels));
    foldOf.set(name, fold);
    add(totals[fold], size);
  }
  if (totals.some(({ reference, current }) => reference === 0 || current === 0)) return null;
  const placesOf = (side: readonly string[]) => side.map((name) => foldOf.get(name) ?? 0);
  return { reference: placesOf(groups.reference), current: placesOf(groups.current) };
}

function sizesOf(groups: Groups): ReadonlyMap<string, Size> {
  const sizes = new Map<string, Size>();
  for (const side of ["reference", "current"] as const)
    for (const name of groups[side]) {
      const size = sizes.get(name) ?? { reference: 0, current: 0 };
      sizes.set(name, size);
      size[side] += 1;
    }
  return sizes;
}

/** Groups of the same size are in a random order. */
function largestFirst(sizes: ReadonlyMap<string, Fill>, random: Random): string[] {
  const names = [...sizes.keys()];
  const order = Uint32Array.from(names.keys());
  shuffle(order, random);
  const totalOf = (name: string) => (sizes.get(name)?.reference ?? 0) + (sizes.get(name)?.current ?? 0);
  return [...order].map((at) => names[at] ?? "").sort((one, other) => totalOf(other) - totalOf(one));
}

function add(total: Size | undefined, { reference, current }: Fill): void {
  if (!total) return;
  total.reference += reference;
  total.current += current;
}
