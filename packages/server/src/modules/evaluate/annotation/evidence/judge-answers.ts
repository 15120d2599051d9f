import { type AnswerEvidence, type JudgedAnswer, keyOf, type Message, mergeOrigins, textOf } from "./evidence.ts";

/** The combined judgement of several people on an answer, as shares, so that one click does not outvote others. */
export function judgeAnswers(all: readonly AnswerEvidence[]): JudgedAnswer[] {
  const byAnswer = Map.groupBy(all, ({ prompt, tools, answer }) => keyOf([prompt, tools ?? [], answer]));
  return [...byAnswer.values()].flatMap((group) => {
    const [first, ...others] = group;
    return first ? [judgeOne([first, ...others])] : [];
  });
}

function judgeOne(group: readonly [AnswerEvidence, ...AnswerEvidence[]]): JudgedAnswer {
  const [{ prompt, tools, answer, origin }, ...others] = group;
  const good = group.filter(({ isGood }) => isGood === true).length;
  const bad = group.filter(({ isGood }) => isGood === false).length;
  const [ratings, scaled] = [present(group.map(({ rating }) => rating)), present(group.map((one) => one.scaled))];
  const corrections = group.flatMap(({ correction }) => (correction === null ? [] : [correction]));
  return {
    prompt,
    tools,
    answer,
    corrections: mostGivenFirst(corrections),
    expected: group.flatMap(({ expected }) => (expected === undefined ? [] : [expected])),
    isGood: good === bad ? null : good > bad,
    agreement: good + bad === 0 ? null : Math.max(good, bad) / (good + bad),
    rating: meanOf(ratings),
    scaled: meanOf(scaled),
    origin: mergeOrigins([origin, ...others.map((one) => one.origin)]),
  };
}

/** Each correction once, the most frequent first. Of equally frequent ones, the earliest first. */
function mostGivenFirst(corrections: readonly (readonly Message[])[]): (readonly Message[])[] {
  const same = [...Map.groupBy(corrections, textOf).values()];
  return same.toSorted((one, other) => other.length - one.length).flatMap(([first]) => (first ? [first] : []));
}

const present = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
