/** A topic of a run, with the traces in it. */
export type Matchable = { readonly center: ArrayLike<number>; readonly members: ReadonlySet<string> };

/** Topics are the same from here on: nearly equal centers, or half of the traces they could share. */
const SAME_CENTER = 0.88;
const SAME_MEMBERS = 0.5;
/** With fewer traces in both runs, only the centers say something. */
const FEWEST_SHARED = 5;

/**
 * The topic of the run before that each topic continues, as its place in `before`, or null. The most similar pairs are matched first,
 * and each topic once. Traces that only one of the runs read say nothing, so `shared` names the traces of both.
 */
export function matchTopics(found: readonly Matchable[], before: readonly Matchable[]): (number | null)[] {
  const inBoth = sharedOf(found, before);
  const pairs = found.flatMap((one, place) =>
    before.flatMap((other, otherPlace) => {
      const [center, members] = [cosineOf(one.center, other.center), overlapOf(one, other, inBoth)];
      const isSame = center >= SAME_CENTER || members >= SAME_MEMBERS;
      return isSame ? [{ place, otherPlace, score: center + members }] : [];
    }),
  );
  const result: (number | null)[] = found.map(() => null);
  const taken = new Set<number>();
  for (const { place, otherPlace } of pairs.sort((one, two) => two.score - one.score)) {
    if (result[place] !== null || taken.has(otherPlace)) continue;
    result[place] = otherPlace;
    taken.add(otherPlace);
  }
  return result;
}

function sharedOf(found: readonly Matchable[], before: readonly Matchable[]): ReadonlySet<string> {
  const known = new Set(before.flatMap(({ members }) => [...members]));
  return new Set(found.flatMap(({ members }) => [...members].filter((id) => known.has(id))));
}

/** The share of the traces of either topic that are in both, among the traces of both runs. */
function overlapOf({ members }: Matchable, other: Matchable, inBoth: ReadonlySet<string>): number {
  const own = [...members].filter((id) => inBoth.has(id));
  const others = [...other.members].filter((id) => inBoth.has(id)).length;
  if (Math.min(own.length, others) < FEWEST_SHARED) return 0;
  const common = own.filter((id) => other.members.has(id)).length;
  return common / (own.length + others - common);
}

export function cosineOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [dot, left, right] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [one[at] ?? 0, other[at] ?? 0];
    dot += a * b;
    left += a * a;
    right += b * b;
  }
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right);
}
