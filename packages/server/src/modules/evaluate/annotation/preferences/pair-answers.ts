import { editSimilarity } from "@treadle/metrics";
import { type JudgedAnswer, mergeOrigins, type PairEvidence, promptKey, textOf } from "../evidence/evidence.ts";

/** A person's answer instead of a model's. */
export const HUMAN = "human";
/** Ratings nearer than this, in standard deviations, say nothing of which answer is better. */
const LEAST_APART = 0.5;
/** The maximum per prompt, so that a frequent prompt does not create millions of pairs. */
const MOST_OF_A_PROMPT = 40;

/**
 * Preferences derived from individual judgements: a correction is better than the corrected answer, and a good answer
 * is better than a bad one.
 */
export function pairAnswers(judged: readonly JudgedAnswer[], minChange: number): PairEvidence[] {
  const byPrompt = Map.groupBy(judged, promptKey);
  return [
    ...judged.flatMap((answer) => pairCorrections(answer, minChange)),
    ...[...byPrompt.values()].flatMap((answers) => pairWithin(answers.slice(0, MOST_OF_A_PROMPT))),
  ];
}

/** Whether a correction changes enough of the text to say anything, as a share of the longer one. */
export const changesEnough = (from: JudgedAnswer["answer"], to: JudgedAnswer["answer"], minChange: number): boolean => {
  const [before, after] = [textOf(from), textOf(to)];
  return before !== after && 1 - editSimilarity(before, after) >= minChange;
};

function pairCorrections({ prompt, tools, answer, corrections, origin }: JudgedAnswer, minChange: number) {
  return corrections
    .filter((correction) => changesEnough(answer, correction, minChange))
    .map(
      (chosen): PairEvidence => ({
        kind: "correction",
        prompt,
        tools,
        chosen,
        rejected: answer,
        isTie: false,
        margin: null,
        conflict: null,
        chosenVariant: HUMAN,
        rejectedVariant: origin.model,
        votes: { chosen: 1, rejected: 0, tie: 0 },
        origin,
      }),
    );
}

function pairWithin(answers: readonly JudgedAnswer[]): PairEvidence[] {
  return answers.flatMap((one, place) =>
    answers.slice(place + 1).flatMap((other) => {
      const apart = distanceOf(one, other);
      if (apart === null || textOf(one.answer) === textOf(other.answer)) return [];
      const [better, worse] = apart.by > 0 ? [one, other] : [other, one];
      return [
        {
          kind: "thumbs" as const,
          prompt: one.prompt,
          tools: one.tools,
          isTie: false,
          conflict: null,
          chosen: better.answer,
          rejected: worse.answer,
          margin: apart.isRated ? Math.abs(apart.by) : null,
          chosenVariant: better.origin.model,
          rejectedVariant: worse.origin.model,
          votes: { chosen: 1, rejected: 0, tie: 0 },
          origin: mergeOrigins([better.origin, worse.origin]),
        },
      ];
    }),
  );
}

/** How much better the first is. Null if unknown. */
function distanceOf(one: JudgedAnswer, other: JudgedAnswer): { by: number; isRated: boolean } | null {
  if (one.scaled !== null && other.scaled !== null) {
    const by = one.scaled - other.scaled;
    return Math.abs(by) < LEAST_APART ? null : { by, isRated: true };
  }
  if (one.isGood === null || other.isGood === null || one.isGood === other.isGood) return null;
  return { by: one.isGood ? 1 : -1, isRated: false };
}
