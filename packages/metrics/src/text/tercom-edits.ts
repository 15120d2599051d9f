import { type Alignment, createBeamTable } from "./beam-table.ts";

const MAX_SHIFT_SIZE = 10;
const MAX_SHIFT_DISTANCE = 50;
const MAX_CANDIDATES = 1000;

type Shift = { readonly start: number; readonly length: number; readonly target: number; readonly gain: number };
type Search = { readonly distance: number; best: Shift | undefined; checked: number };

/**
 * The number of edits from the words to the reference, if moving a run of words counts as one edit. It is tercom's
 * greedy search for shifts, with its limits (10 words, 50 places, 1,000 candidates), then the edit distance of the
 * result.
 */
export function countTercomEdits(hypothesis: Int32Array, reference: Int32Array): number {
  if (reference.length === 0) return hypothesis.length;
  const table = createBeamTable(hypothesis.length, reference);
  let words = hypothesis;
  let [shifts, checked] = [0, 0];
  for (;;) {
    const shift = findShift(words, reference, { table, checked });
    checked = shift.checked;
    if (checked >= MAX_CANDIDATES || !shift.best || shift.best.gain <= 0) return shifts + shift.distance;
    words = performShift(words, shift.best);
    shifts += 1;
  }
}

type Beam = ReturnType<typeof createBeamTable>;

/** The shift that lowers the distance most; of two that do, the longer, then the one from further left, then to further left. */
function findShift(
  words: Int32Array,
  reference: Int32Array,
  { table, checked }: { table: Beam; checked: number },
): Search {
  const distance = table.fill(words);
  const alignment = table.align();
  const search: Search = { distance, best: undefined, checked };
  for (let start = 0; start < words.length; start += 1) {
    const end = Math.min(reference.length - 1, start + MAX_SHIFT_DISTANCE);
    for (let place = Math.max(0, start - MAX_SHIFT_DISTANCE); place <= end; place += 1) {
      const most = Math.min(MAX_SHIFT_SIZE, words.length - start, reference.length - place);
      for (let length = 1; length <= most && words[start + length - 1] === reference[place + length - 1]; length += 1) {
        if (!isWorthMoving(alignment, { start, place, length })) continue;
        tryTargets(search, alignment, {
          start,
          place,
          length,
          gainOf: (target) =>
            distance - table.probe(performShift(words, { start, length, target }), Math.min(start, target)),
        });
        if (search.checked >= MAX_CANDIDATES) return search;
      }
    }
  }
  return search;
}

type Run = { readonly start: number; readonly place: number; readonly length: number };

/** Only words that stand wrong, for a place that is filled wrong, and not within themselves. */
function isWorthMoving(
  { aligned, hypothesisErrors, referenceErrors }: Alignment,
  { start, place, length }: Run,
): boolean {
  const at = aligned[place] ?? -1;
  return (
    hypothesisErrors[start] !== hypothesisErrors[start + length] &&
    referenceErrors[place] !== referenceErrors[place + length] &&
    !(start <= at && at < start + length)
  );
}

function tryTargets(search: Search, { aligned }: Alignment, run: Run & { gainOf: (target: number) => number }) {
  const { start, place, length, gainOf } = run;
  let previous = -1;
  for (let offset = -1; offset < length; offset += 1) {
    const target = place + offset === -1 ? 0 : (aligned[place + offset] ?? -1) + 1;
    if (target === previous) continue;
    previous = target;
    const shift = { start, length, target, gain: gainOf(target) };
    search.checked += 1;
    if (!search.best || isBetter(shift, search.best)) search.best = shift;
  }
}

function isBetter(shift: Shift, best: Shift): boolean {
  if (shift.gain !== best.gain) return shift.gain > best.gain;
  if (shift.length !== best.length) return shift.length > best.length;
  if (shift.start !== best.start) return shift.start < best.start;
  return shift.target < best.target;
}

function performShift(
  words: Int32Array,
  { start, length, target }: { start: number; length: number; target: number },
): Int32Array {
  const run = words.subarray(start, start + length);
  const parts =
    target < start
      ? [words.subarray(0, target), run, words.subarray(target, start), words.subarray(start + length)]
      : target > start + length
        ? [words.subarray(0, start), words.subarray(start + length, target), run, words.subarray(target)]
        : [
            words.subarray(0, start),
            words.subarray(start + length, length + target),
            run,
            words.subarray(length + target),
          ];
  const shifted = new Int32Array(words.length);
  let at = 0;
  for (const part of parts) {
    shifted.set(part, at);
    at += part.length;
  }
  return shifted;
}
