/** A class: a number or a text. Numbers and texts are not mixed. */
export type Label = string | number;

/** The labels without repetition, numbers by size, texts by code point. Throws when numbers and texts are mixed. */
export function sortedLabels(labels: Iterable<Label>): Label[] {
  const once = [...new Set(labels)];
  const numbers = once.filter((label) => typeof label === "number");
  if (numbers.some(Number.isNaN)) throw new RangeError("A label is NaN. Write null for a label that is missing.");
  if (numbers.length === once.length) return numbers.sort((a, b) => a - b);
  if (numbers.length > 0) throw new RangeError("Labels are numbers and texts at once. Write all of them the same way.");
  return once.map(String).sort(byCodePoint);
}

/** Throws where two columns that belong together differ in length. */
export function sameLength(what: string, a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length !== b.length) throw new RangeError(`${what} differ in length: ${a.length} and ${b.length}.`);
}

/** Sorting by UTF-16 units, as JavaScript does by itself, puts an emoji before U+FF21. */
function byCodePoint(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    if (a.charCodeAt(at) === b.charCodeAt(at)) continue;
    return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
  }
  return a.length - b.length;
}
