/** A stretch of a text that somebody marked; places count characters, the end is left out. */
export type Mark = { readonly start: number; readonly end: number; readonly label: string };

/**
 * How alike two people marked one text, from 0 to 1: the F1 of the characters that both gave the same label, 2·both / (one + other).
 * It is the same whichever of the two is taken for the truth, a character counts once for each label, and it is 1 where nobody
 * marked anything. Chance is not taken out: there is no telling how many stretches nobody marked, and as these grow κ comes
 * near to F1 (Hripcsak and Rothschild, 2005).
 */
export function markF1(one: readonly Mark[], other: readonly Mark[]): number {
  const [mine, theirs] = [stretchesOf(one), stretchesOf(other)];
  const total = lengthOf(mine) + lengthOf(theirs);
  if (total === 0) return 1;
  const labels = [...mine.keys()];
  const shared = labels.reduce((sum, label) => sum + sharedBy(mine.get(label) ?? [], theirs.get(label) ?? []), 0);
  return (2 * shared) / total;
}

/** The mean {@link markF1} of all pairs of people who marked one text; null with fewer than two. */
export function pairwiseMarkF1(people: readonly (readonly Mark[])[]): number | null {
  const found = people.flatMap((one, at) => people.slice(at + 1).map((other) => markF1(one, other)));
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
}

type Stretch = readonly [start: number, end: number];

/** The characters that have each label, as stretches from left to right that do not touch. */
function stretchesOf(marks: readonly Mark[]): ReadonlyMap<string, readonly Stretch[]> {
  const all = new Map<string, Stretch[]>();
  for (const { start, end, label } of marks.toSorted((a, b) => a.start - b.start)) {
    const own = all.get(label) ?? [];
    all.set(label, own);
    const last = own.at(-1);
    if (last && start <= last[1]) own[own.length - 1] = [last[0], Math.max(last[1], end)];
    else if (end > start) own.push([start, end]);
  }
  return all;
}

const lengthOf = (stretches: ReadonlyMap<string, readonly Stretch[]>) =>
  [...stretches.values()].flat().reduce((sum, [start, end]) => sum + end - start, 0);

function sharedBy(mine: readonly Stretch[], theirs: readonly Stretch[]): number {
  let [shared, at, other] = [0, 0, 0];
  for (;;) {
    const [one, two] = [mine[at], theirs[other]];
    if (!one || !two) return shared;
    shared += Math.max(0, Math.min(one[1], two[1]) - Math.max(one[0], two[0]));
    if (one[1] <= two[1]) at += 1;
    else other += 1;
  }
}
