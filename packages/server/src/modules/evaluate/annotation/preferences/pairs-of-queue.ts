import type { AnnotationQuestion, AnnotationValue } from "@treadle/contract";
import { mergeOrigins, type PairEvidence } from "../evidence/evidence.ts";
import type { AnsweredItem } from "../evidence/read-answered.ts";
import { answerOf, promptOf, toolsOf } from "../evidence/read-content.ts";
import { originOf, type Voice, voicesOf } from "../evidence/read-queue.ts";

/** A pair with how often its winner was on the left and on the right when it was chosen. */
export type QueuePair = PairEvidence & { readonly leftWins: number; readonly rightWins: number };

type Votes = { first: number; second: number; tie: number; leftWins: number; rightWins: number };
type Reading = { readonly questions: readonly AnnotationQuestion[]; readonly guidelineVersion: number };

/** The pairs of candidates that people compared or ranked, one per pair of an item, with all votes. */
export function pairsOfQueue(items: readonly AnsweredItem[], { questions, guidelineVersion }: Reading): QueuePair[] {
  const question = questions.find(({ type }) => type === "pairwise") ?? questions.find(ranksCandidates);
  if (!question) return [];
  const kind = question.type === "pairwise" ? "pairwise" : "ranking";
  return items.flatMap((item) => {
    if (item.isGold) return [];
    const { candidates } = item.content;
    const voices = voicesOf(item).filter(({ answers }) => answers[question.key] !== undefined);
    return candidates.flatMap((first, place) =>
      candidates.slice(place + 1).flatMap((second) => {
        const votes = countVotes(voices, { key: question.key, first: first.id, second: second.id });
        const pair = pairOf(item, [first.id, second.id], votes);
        const [origin, ...others] = voices.map((voice) => originOf(item, voice, guidelineVersion));
        return pair && origin ? [{ ...pair, kind, origin: mergeOrigins([origin, ...others]) }] : [];
      }),
    );
  });
}

const ranksCandidates = (question: AnnotationQuestion) => question.type === "ranking" && question.options === null;

type Compared = { readonly key: string; readonly first: string; readonly second: string };

function countVotes(voices: readonly Voice[], { key, first, second }: Compared): Votes {
  const votes: Votes = { first: 0, second: 0, tie: 0, leftWins: 0, rightWins: 0 };
  for (const { answers, order } of voices) {
    const winner = winnerOf(answers[key], first, second);
    if (winner === null) continue;
    votes[winner] += 1;
    const place = order.indexOf(winner === "first" ? first : second);
    if (winner === "tie" || order.length !== 2 || place < 0) continue;
    votes[place === 0 ? "leftWins" : "rightWins"] += 1;
  }
  return votes;
}

/**
 * The preferred candidate of one person. Null if the answer does not show it. Both bad counts as a tie, because neither
 * is better.
 */
function winnerOf(
  value: AnnotationValue | undefined,
  first: string,
  second: string,
): "first" | "second" | "tie" | null {
  if (typeof value === "string") {
    if (value === "tie" || value === "neither") return "tie";
    return value === first ? "first" : value === second ? "second" : null;
  }
  if (!Array.isArray(value)) return null;
  const rankOf = (id: string) => value.findIndex((group) => Array.isArray(group) && group.includes(id));
  const [one, other] = [rankOf(first), rankOf(second)];
  if (one < 0 || other < 0) return null;
  return one === other ? "tie" : one < other ? "first" : "second";
}

type Pair = Omit<QueuePair, "kind" | "origin">;

function pairOf(item: AnsweredItem, [first, second]: readonly [string, string], votes: Votes): Pair | null {
  const { content } = item;
  if (votes.first + votes.second + votes.tie === 0) return null;
  const [better, worse] = votes.second > votes.first ? [second, first] : [first, second];
  const fieldsOf = (id: string) => content.candidates.find((one) => one.id === id)?.fields ?? [];
  const [chosen, rejected] = [answerOf(fieldsOf(better)), answerOf(fieldsOf(worse))];
  const prompt = promptOf(content);
  if (prompt.length === 0 || chosen.length === 0 || rejected.length === 0) return null;
  const [won, lost] = better === first ? [votes.first, votes.second] : [votes.second, votes.first];
  return {
    prompt,
    tools: toolsOf(content),
    chosen,
    rejected,
    chosenVariant: variantOf(item, better),
    rejectedVariant: variantOf(item, worse),
    isTie: won === lost,
    votes: { chosen: won, rejected: lost, tie: votes.tie },
    margin: won === lost ? null : logOdds(won + votes.tie / 2, lost + votes.tie / 2),
    conflict: null,
    leftWins: votes.leftWins,
    rightWins: votes.rightWins,
  };
}

/** Half a vote for each side makes unanimous results finite. */
const logOdds = (won: number, lost: number) => Math.log((won + 0.5) / (lost + 0.5));

/** The run of a candidate. For a custom item, the candidate's id. */
function variantOf({ source: { runIds }, content: { candidates } }: AnsweredItem, id: string): string {
  return runIds[candidates.findIndex((one) => one.id === id)] ?? id;
}
