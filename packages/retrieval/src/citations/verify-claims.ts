import type { Citation, CitedSource, MarkPolicy, VerifyOptions } from "./citation.ts";
import { findSupport, type PreparedSource, prepareSource, type Support, supportInGroup } from "./find-support.ts";
import type { Mark } from "./marks.ts";
import { type AnswerStep, type Claim, createAnswerWalker } from "./walk-answer.ts";

/** The share of a claim's content words that a source must hold near each other. */
const THRESHOLD = 0.5;

export type CitationReaderOptions = VerifyOptions & {
  /** What happens to marks that are not verified; they are removed when this is left out. */
  readonly policy?: MarkPolicy;
};

/**
 * Finds the citation marks of an answer: `[1]`, `[1, 2]`, `[1-3]`, `[^1]`, `【1】`, `［1］` and `([1])`, with numbers from 1 to 999.
 * Marks in code, links and lists of numbers in code are left out.
 */
export function readMarks(answer: string): readonly Mark[] {
  const marks: Mark[] = [];
  const judge = ({ mark, numbers }: Claim) => {
    marks.push({ ...mark, numbers });
    return [];
  };
  readWhole(answer, judge, "keep");
  return marks;
}

/**
 * Checks each citation of an answer against its source. The claim is the clause before the mark, or the whole sentence where the
 * clause has fewer than three words. Throws a RangeError for a threshold out of range or two sources with the same number.
 */
export function verifyClaims(
  { answer, sources }: { readonly answer: string; readonly sources: readonly CitedSource[] },
  options: VerifyOptions = {},
): readonly Citation[] {
  const citations: Citation[] = [];
  const judge = createJudge(sources, options);
  readWhole(
    answer,
    (claim) => {
      citations.push(...judge(claim));
      return [];
    },
    "keep",
  );
  return citations;
}

/**
 * The answer under a policy. `citations` is the result of `verifyClaims` on this answer; a judge may have changed `verified`. With
 * `remove`, only verified citations remain. The offsets of the result are offsets in its text.
 */
export function applyPolicy(answer: string, citations: readonly Citation[], policy: MarkPolicy): AnswerStep {
  const byMark = Map.groupBy(citations, ({ markStart }) => markStart);
  return readWhole(answer, ({ mark }) => byMark.get(mark.start) ?? [], policy);
}

/**
 * Reads an answer that arrives in pieces and gives the same text and citations as the whole text, however it is cut.
 *
 * Text is passed on immediately. Held back are: what may still become a mark, with the two characters after it; white space before it;
 * a mark whose clause has fewer than three words, with the rest of its sentence, until the sentence ends (at most 4,000 characters);
 * and the first line of a block of code. Offsets of citations are offsets in the text that was passed on.
 */
export function createCitationReader(sources: readonly CitedSource[], options: CitationReaderOptions = {}) {
  return createAnswerWalker({ judge: createJudge(sources, options), policy: options.policy ?? "remove" });
}

function readWhole(answer: string, judge: (claim: Claim) => readonly Citation[], policy: MarkPolicy): AnswerStep {
  const walker = createAnswerWalker({ judge, policy });
  const steps = [...walker.push(answer), ...walker.end()];
  return { text: steps.map(({ text }) => text).join(""), citations: steps.flatMap(({ citations }) => citations) };
}

function createJudge(sources: readonly CitedSource[], { threshold = THRESHOLD }: VerifyOptions) {
  if (!(threshold > 0 && threshold <= 1))
    throw new RangeError(`The threshold is ${threshold}. Pass a number above 0 and up to 1.`);
  const places = new Map(sources.map(({ number }, place) => [number, place]));
  if (places.size < sources.length)
    throw new RangeError("Two sources have the same number. Number the sources from 1, each once.");
  const prepare = createPreparer(sources);
  const supportOf = (claim: string, number: number): Support | null => {
    const source = prepare(places.get(number) ?? -1);
    return source === null ? null : findSupport(claim, source, threshold);
  };
  return ({ text, start, end, mark, numbers, groupNumbers }: Claim): readonly Citation[] =>
    numbers.map((number) => {
      const sourceIndex = places.get(number) ?? -1;
      const at = { number, sourceIndex, claimStart: start, claimEnd: end, markStart: mark.start, markEnd: mark.end };
      const own = supportOf(text, number);
      if (own === null) return { ...at, ...NO_SOURCE };
      const others = groupNumbers.filter((other) => other !== number).map((other) => supportOf(text, other));
      const support = supportInGroup(
        own,
        others.filter((other) => other !== null),
        threshold,
      );
      return { ...at, ...quoteOf(sources[sourceIndex]?.text ?? "", support) };
    });
}

const NO_SOURCE = {
  quote: "",
  sourceStart: 0,
  sourceEnd: 0,
  verified: false,
  score: 0,
  reason: "unknown-source",
} as const;

/** Each source is prepared once, when a mark first cites it. */
function createPreparer(sources: readonly CitedSource[]) {
  const prepared = new Map<number, PreparedSource>();
  return (place: number): PreparedSource | null => {
    const source = sources[place];
    if (source === undefined) return null;
    const ready = prepared.get(place) ?? prepareSource(source.text);
    prepared.set(place, ready);
    return ready;
  };
}

const quoteOf = (text: string, { start, end, verified, score, reason }: Support) => ({
  quote: text.slice(start, end),
  sourceStart: start,
  sourceEnd: end,
  verified,
  score,
  reason,
});
