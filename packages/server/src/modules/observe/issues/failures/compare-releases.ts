const VERSION = /^v?(\d+(?:\.\d+){0,5})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

type Version = { readonly numbers: readonly number[]; readonly stage: readonly string[] };

function readVersion(text: string): Version | null {
  const match = VERSION.exec(text.trim());
  if (!match?.[1]) return null;
  return { numbers: match[1].split(".").map(Number), stage: match[2]?.split(".") ?? [] };
}

/** The order of two releases by their version numbers (semver.org). Null if one of them is not a version number. */
export function compareReleases(one: string, other: string): number | null {
  const [left, right] = [readVersion(one), readVersion(other)];
  if (left === null || right === null) return null;
  for (let place = 0; place < Math.max(left.numbers.length, right.numbers.length); place++) {
    const difference = (left.numbers[place] ?? 0) - (right.numbers[place] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return compareStages(left.stage, right.stage);
}

/** A version with a stage, such as `-rc.1`, comes before the same version without one. */
function compareStages(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return Math.sign(right.length - left.length);
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const [one, other] = [left[place], right[place]];
    if (one === undefined) return -1;
    if (other === undefined) return 1;
    if (one === other) continue;
    const [isOne, isOther] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isOne && isOther) return Math.sign(Number(one) - Number(other));
    if (isOne !== isOther) return isOne ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}
