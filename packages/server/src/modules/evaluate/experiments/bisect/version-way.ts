import type { VersionHead } from "../run/deps.ts";

/**
 * The versions on the path from one state of a dataset to another: the versions after the first, up to the second, by
 * parent, on the shortest path through merges. If the second is older, the path leads back. Null if neither is an
 * ancestor of the other, and if one of the two is not a version.
 */
export function versionWay(
  versions: readonly VersionHead[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly VersionHead[] | null {
  const forth = descent(versions, { from, to });
  if (forth) return forth.slice(1);
  return descent(versions, { from: to, to: from })?.toReversed().slice(1) ?? null;
}

/** From an older state to its descendant, including both. Null if it is not a descendant. */
function descent(
  versions: readonly VersionHead[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly VersionHead[] | null {
  const byNumber = new Map(versions.map((version) => [version.number, version]));
  const newest = versions.filter(({ root }) => root === to).sort((a, b) => b.number - a.number)[0];
  if (!newest) return null;
  const numbers = new Set([newest.number]);
  for (let ways: VersionHead[][] = [[newest]]; ways.length > 0; ) {
    const found = ways.find(([oldest]) => oldest?.root === from);
    if (found) return found;
    ways = ways.flatMap((way) =>
      [way[0]?.parent, way[0]?.mergedFrom].flatMap((number) => {
        const before = number == null ? undefined : byNumber.get(number);
        if (!before || numbers.has(before.number)) return [];
        numbers.add(before.number);
        return [[before, ...way]];
      }),
    );
  }
  return null;
}
