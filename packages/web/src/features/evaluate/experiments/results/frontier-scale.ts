/** Round tick values that cover all values, about as many as requested. */
export function ticksOf(least: number, most: number, count: number): readonly number[] {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((size) => size * power >= rough) ?? 10) * power;
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  // Multiples of the step by division, so that 0.30000000000000004 becomes 0.3.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Maps values between the first and the last tick to pixels. */
export function scaleOf(ticks: readonly number[], [from, to]: readonly [number, number]): (value: number) => number {
  const [least = 0, most = 1] = [ticks[0], ticks.at(-1)];
  return (value) => from + ((value - least) / (most - least || 1)) * (to - from);
}

type Dot = { readonly x: number; readonly y: number; readonly text: string };
type Label = { readonly x: number; readonly y: number; readonly anchor: "start" | "end"; readonly text: string };
const LETTER = 6.3;
const LINE = 14;

/** Label positions next to the points: on the left near the right edge, and moved down to avoid overlaps. */
export function placeLabels(dots: readonly Dot[], right: number): readonly Label[] {
  const placed: (Label & { left: number; end: number })[] = [];
  for (const { x, y, text } of dots) {
    const width = text.length * LETTER;
    const isRight = x + 10 + width <= right;
    const left = isRight ? x + 10 : x - 10 - width;
    let top = y - 6;
    while (placed.some((other) => Math.abs(other.y - top) < LINE && other.left < left + width && left < other.end))
      top += LINE;
    placed.push({
      x: isRight ? x + 10 : x - 10,
      y: top,
      anchor: isRight ? "start" : "end",
      text,
      left,
      end: left + width,
    });
  }
  return placed;
}
