import type { Span } from "../finding.ts";

/** As many words in the same order do not repeat by chance. */
const WORDS = 8;
const LETTER = /[\p{L}\p{N}]/u;
const BASE = 0x01000193;
/** The weight of the first word of a run, to take it out of the sum when the run moves on. */
const LEAVING = Array.from({ length: WORDS - 1 }).reduce<number>((weight) => Math.imul(weight, BASE), 1);

type Words = {
  readonly hashes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
};

/** The words of a text without regard to case, as numbers. */
function wordsOf(text: string): Words {
  const words = { hashes: [] as number[], starts: [] as number[], ends: [] as number[] };
  let [hash, start] = [0, -1];
  for (let at = 0; at <= text.length; at++) {
    const letter = at < text.length ? letterCode(text, at) : 0;
    if (letter === 0) {
      if (start >= 0) {
        words.hashes.push(hash);
        words.starts.push(start);
        words.ends.push(at);
      }
      start = -1;
      continue;
    }
    if (start < 0) [hash, start] = [0x811c9dc5, at];
    hash = Math.imul(hash ^ letter, BASE);
  }
  return words;
}

/** The code of a letter or digit in lower case; 0 for another sign. */
function letterCode(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 97 && code <= 122) return code;
  if (code >= 65 && code <= 90) return code + 32;
  if (code < 128) return code >= 48 && code <= 57 ? code : 0;
  const sign = text.charAt(at);
  return LETTER.test(sign) ? sign.toLowerCase().charCodeAt(0) : 0;
}

/** A number for each run of eight words, at all places. Two different runs have the same one in 4,000,000,000 cases. */
function runsOf({ hashes }: Words): number[] {
  const runs: number[] = [];
  let run = 0;
  for (const [at, hash] of hashes.entries()) {
    run = (Math.imul(run - Math.imul(hashes[at - WORDS] ?? 0, LEAVING), BASE) + hash) | 0;
    if (at >= WORDS - 1) runs.push(run);
  }
  return runs;
}

/** The runs of eight words in a secret text. */
export const wordRuns = (text: string): ReadonlySet<number> => new Set(runsOf(wordsOf(text)));

/** The parts of a text that repeat at least eight words of a secret text in order. */
export function findRepeated(text: string, secretRuns: ReadonlySet<number>): Span[] {
  if (secretRuns.size === 0) return [];
  const words = wordsOf(text);
  const spans: Span[] = [];
  for (const [at, run] of runsOf(words).entries()) {
    if (!secretRuns.has(run)) continue;
    const start = words.starts[at] ?? 0;
    const end = words.ends[at + WORDS - 1] ?? 0;
    const last = spans.at(-1);
    if (last && start <= last.end) spans[spans.length - 1] = { start: last.start, end };
    else spans.push({ start, end });
  }
  return spans;
}
