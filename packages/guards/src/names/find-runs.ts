import { PARTICLES } from "./name-words.ts";

/** A word of a run, in small letters, with its place. */
export type RunWord = {
  readonly start: number;
  readonly end: number;
  readonly folded: string;
  readonly isParticle: boolean;
  /** Whether it is spelled like a name: `Ann`, `McCarthy`, and not `LoRA` or `IBAN`. */
  readonly isProper: boolean;
};
/** Words with capitals that follow each other with one space between, and the small words of names between them. */
export type Run = readonly RunWord[];

/** A longer run is a headline or a list, and a detector reads only so far. */
const MOST_WORDS = 9;
const MOST_CHARACTERS = 100;
const WORD = /\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*/gu;
const CAPITAL = /^\p{Lu}/u;
const PROPER = /^(?:\p{Lu}['’]|Mc|Mac|Di|De|La|Le|Van|Von)?\p{Lu}[\p{Ll}\p{M}]*(?:['’-]\p{L}[\p{Ll}\p{M}]*)*$/u;
/** What may stand between two words of a run: a space, after an initial or a short title with its dot. */
const GAP = /^(?: | ?\. ?)$/;
const LONGEST_BEFORE_DOT = 4;

/** The runs of a text, in order. Whether a place begins a run depends on the 100 characters before it alone. */
export function* findRuns(text: string): Generator<Run> {
  let run: RunWord[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const isCapital = CAPITAL.test(word);
    const folded = word.normalize("NFC").toLowerCase().replaceAll("’", "'");
    const last = run.at(-1);
    const isNext = last !== undefined && isGap(text.slice(last.end, index), last);
    const isParticle = !isCapital && PARTICLES.has(folded);
    if (!isNext) {
      yield* named(run);
      run = [];
    }
    if (isCapital || (isNext && isParticle))
      run.push({ start: index, end: index + word.length, folded, isParticle, isProper: PROPER.test(word) });
    else {
      yield* named(run);
      run = [];
    }
  }
  yield* named(run);
}

const isGap = (gap: string, { start, end }: RunWord) =>
  gap === " " || (end - start <= LONGEST_BEFORE_DOT && GAP.test(gap));

/** A run without the small words at its end. */
function* named(run: readonly RunWord[]): Generator<Run> {
  const words = run.slice(0, run.findLastIndex(({ isParticle }) => !isParticle) + 1);
  const [first, last] = [words[0], words.at(-1)];
  if (first && last && words.length <= MOST_WORDS && last.end - first.start <= MOST_CHARACTERS) yield words;
}
