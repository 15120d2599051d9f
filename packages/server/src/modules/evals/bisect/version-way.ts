import type { VersionHead } from "../deps.ts";

/**
 * The versions on the way from one state of a dataset to another: those after the first, up to the second, along what each was made
 * from, the shortest way where branches were merged. When the second is the older one, the way leads back. Null when neither was
 * made from the other, and when one of the two is no version.
 */
export function versionWay(
  versions: readonly VersionHead[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly VersionHead[] | null {
  const forth = descent(versions, { from, to });
  if (forth) return forth.slice(1);
  return descent(versions, { from: to, to: from })?.toReversed().slice(1) ?? null;
}

/** From an older state to one that was made from it, both with it; null when it was not. */
function descent(
  versions: readonly VersionHead[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly VersionHead[] | null {
  const byNumber = new Map(versions.map((version) => [version.number, version]));
  const newest = versions.filter(({ root }) => root === to).sort((a, b) => b.number - a.number)[0];
  if (!newest) return null;
  const seen = new Set([newest.number]);
  for (let ways: VersionHead[][] = [[newest]]; ways.length > 0; ) {
    const found = ways.find(([oldest]) => oldest?.root === from);
    if (found) return found;
    ways = ways.flatMap((way) =>
      [way[0]?.parent, way[0]?.mergedFrom].flatMap((number) => {
        const before = number == null ? undefined : byNumber.get(number);
        if (!before || seen.has(before.number)) return [];
        seen.add(before.number);
        return [[before, ...way]];
      }),
    );
  }
  return null;
}
