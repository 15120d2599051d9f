import type { Span } from "../text/sentences.ts";
import type { Citation } from "./citation.ts";
import { createAnswerWalker } from "./walk-answer.ts";
import { wordsOf } from "./words.ts";

/** A sentence of fewer words, such as a greeting or a heading of one word, makes no claim. */
const LEAST_WORDS = 3;

export type CitationMeasures = {
  /** Verified citations among all citations; null without citations. */
  readonly precision: number | null;
  /** Sentences with a verified citation among the sentences that make a claim; null without such sentences. */
  readonly recall: number | null;
  readonly citations: number;
  readonly sentences: number;
  /** The claims without a verified citation, as offsets in the answer. */
  readonly uncited: readonly Span[];
};

/**
 * How well an answer is cited. `citations` is the result of `verifyClaims` on this answer. Questions, headings, code and sentences of one
 * or two words make no claim.
 */
export function measureCitations(answer: string, citations: readonly Citation[]): CitationMeasures {
  const claims: Span[] = [];
  const walker = createAnswerWalker({
    judge: () => [],
    policy: "keep",
    onSentence: ({ start, end, text }) => {
      if (wordsOf(text).length >= LEAST_WORDS && !/^#|[?？؟:]$/.test(text)) claims.push({ start, end });
    },
  });
  walker.push(answer);
  walker.end();
  const verified = citations.filter(({ verified: isVerified }) => isVerified);
  const isCited = ({ start, end }: Span) =>
    verified.some(({ claimStart, claimEnd }) => claimStart < end && claimEnd > start);
  const uncited = claims.filter((claim) => !isCited(claim));
  return {
    precision: citations.length === 0 ? null : verified.length / citations.length,
    recall: claims.length === 0 ? null : (claims.length - uncited.length) / claims.length,
    citations: citations.length,
    sentences: claims.length,
    uncited,
  };
}
