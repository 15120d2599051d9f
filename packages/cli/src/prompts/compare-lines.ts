/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Lists whose lengths multiply to more than this are not matched line by line. */
const LARGEST_TABLE = 4_000_000;

type Line = { readonly mark: " " | "-" | "+"; readonly text: string };

/** What changed between two texts, as `diff -u` writes it, without the names of files; empty when they are the same. */
export function compareLines(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const lines = align(before.split("\n"), after.split("\n"));
  return hunksOf(lines).flatMap(([from, to]) => [headOf(lines, from, to), ...lines.slice(from, to).map(written)]);
}

const written = ({ mark, text }: Line) => `${mark}${text}`;

/** The stretches of lines to show: each change with its context, those that touch joined. */
function hunksOf(lines: readonly Line[]): readonly [from: number, to: number][] {
  const hunks: [number, number][] = [];
  for (const [at, { mark }] of lines.entries()) {
    if (mark === " ") continue;
    const last = hunks.at(-1);
    const [from, to] = [Math.max(0, at - CONTEXT), Math.min(lines.length, at + CONTEXT + 1)];
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function headOf(lines: readonly Line[], from: number, to: number): string {
  const range = (skipped: Line["mark"]) => {
    const count = (part: readonly Line[]) => part.filter(({ mark }) => mark !== skipped).length;
    return `${count(lines.slice(0, from)) + 1},${count(lines.slice(from, to))}`;
  };
  return `@@ -${range("+")} +${range("-")} @@`;
}

function align(a: readonly string[], b: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const same = (text: string): Line => ({ mark: " ", text });
  return [
    ...a.slice(0, head).map(same),
    ...alignMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** By the longest common subsequence, or all of one and then all of the other where that would take too long. */
function alignMiddle(a: readonly string[], b: readonly string[]): Line[] {
  const removedLine = (text = ""): Line => ({ mark: "-", text });
  const come = (text = ""): Line => ({ mark: "+", text });
  if (a.length * b.length > LARGEST_TABLE) return [...a.map(removedLine), ...b.map(come)];
  const longest = longestCommon(a, b);
  const width = b.length + 1;
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const isBelow = (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0);
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: " ", text: a[i++] ?? "" });
      j += 1;
    } else if (j >= b.length || (i < a.length && isBelow)) lines.push(removedLine(a[i++]));
    else lines.push(come(b[j++]));
  }
  return lines;
}

function longestCommon(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
  return longest;
}
