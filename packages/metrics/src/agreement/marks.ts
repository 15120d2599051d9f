/** A marked range of a text. Positions count characters, and the end is exclusive. */
export type Mark = { readonly start: number; readonly end: number; readonly label: string };

/**
 * How similarly two people marked one text, from 0 to 1. It is the F1 of the characters with the same label, 2·both /
 * (one + other). It is symmetric, counts a character once per label, and is 1 if nothing is marked. Chance is not
 * removed, because the number of unmarked ranges is unknown. As it grows, κ approaches F1 (Hripcsak and Rothschild,
 * 2005).
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
  const scores = people.flatMap((one, at) => people.slice(at + 1).map((other) => markF1(one, other)));
  return scores.length === 0 ? null : scores.reduce((sum, value) => sum + value, 0) / scores.length;
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
