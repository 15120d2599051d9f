/** What turns one text into another: the fewest insertions, deletions and substitutions of code points. */
export function editDistance(from: string, to: string): number {
  return sequenceDistance(codePoints(from), codePoints(to));
}

/** 1 − distance / the longer length, in code points: 1 for equal texts (two empty ones too), 0 when nothing is kept. */
export function editSimilarity(from: string, to: string): number {
  const [a, b] = [codePoints(from), codePoints(to)];
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - sequenceDistance(a, b) / longer;
}

/** The code points of a text; a lone surrogate is one of them. */
function codePoints(text: string): Uint32Array {
  const points = new Uint32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; count += 1) {
    const point = text.codePointAt(at) ?? 0;
    points[count] = point;
    at += point > 0xffff ? 2 : 1;
  }
  return points.subarray(0, count);
}

/** Levenshtein's distance, in one row of memory, after what both begin and end with is set aside. */
function sequenceDistance(a: Uint32Array, b: Uint32Array): number {
  let start = 0;
  let [endA, endB] = [a.length, b.length];
  while (start < endA && start < endB && a[start] === b[start]) start += 1;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [rest, other] = [a.subarray(start, endA), b.subarray(start, endB)];
  if (rest.length === 0 || other.length === 0) return Math.max(rest.length, other.length);

  const row = Uint32Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 0; i < rest.length; i += 1) {
    const point = rest[i];
    let diagonal = row[0] ?? 0;
    let left = i + 1;
    row[0] = left;
    for (let j = 1; j <= other.length; j += 1) {
      const above = row[j] ?? 0;
      const changed = point === other[j - 1] ? diagonal : diagonal + 1;
      left = Math.min(changed, above + 1, left + 1);
      row[j] = left;
      diagonal = above;
    }
  }
  return row[other.length] ?? 0;
}
