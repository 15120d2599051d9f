/** A contiguous stretch of the answer and where it begins in the result. */
type Stretch = { readonly from: number; to: number; readonly start: number };

/** Collects the text of a result, and maps offsets of the answer to the result. */
export function createMappedOutput() {
  const stretches: Stretch[] = [];
  let out = "";
  /** The length of what was taken already. */
  let taken = 0;
  let last = "\n";
  return {
    /** Adds text of the answer that starts at an offset. */
    write(text: string, from: number): void {
      if (text === "") return;
      addStretch(stretches, { from, to: from + text.length, start: taken + out.length });
      out += text;
      last = text.at(-1) ?? last;
    },
    /** The length of the result so far. */
    length: (): number => taken + out.length,
    /** The last character of the result, or a line break before the first. */
    last: (): string => last,
    /** Where an offset of the answer is in the result. */
    place: (offset: number): number => placeIn(stretches, offset),
    /** What was written since the last call. */
    take(): string {
      const text = out;
      taken += text.length;
      out = "";
      return text;
    },
  };
}
export type MappedOutput = ReturnType<typeof createMappedOutput>;

/** A stretch that continues the last one makes it longer. */
function addStretch(stretches: Stretch[], next: Stretch): void {
  const before = stretches.at(-1);
  const continues = before?.to === next.from && before.start + (before.to - before.from) === next.start;
  if (before && continues) before.to = next.to;
  else stretches.push(next);
}

function placeIn(stretches: readonly Stretch[], offset: number): number {
  const stretch = stretches.findLast(({ from }) => from <= offset);
  return stretch === undefined ? 0 : stretch.start + Math.min(offset - stretch.from, stretch.to - stretch.from);
}
