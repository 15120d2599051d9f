import type { Answer } from "@treadle/sdk";
import { counted, inChange, inDigits, inMoney, inProbability, inRange } from "../suites/number-words.ts";
import { textTable } from "../suites/text-table.ts";

type Optimisation = Answer<"GET /api/v1/optimisations/:optimisationId">;
type Candidate = Optimisation["candidates"][number];

const MOST_ITEMS = 5;

/** The candidates as a tree, how the best was made, and its test result, for a terminal. */
export function showOptimisation(found: Optimisation): string {
  const { candidates, best, test, message, warnings, spent, scorer, curve } = found;
  const verdict = test?.comparison.verdict ?? "nothing better";
  const steps = curve.map(({ answers, best: value }) => `${inDigits(value)} after ${answers}`);
  return [
    `${verdict.toUpperCase()}: ${message}`,
    "",
    textTable([["candidate", scorer, "wins", "tokens", "length", ""], ...rowsOf(found)], isNumber),
    ...(best === null ? [] : showLine(lineTo(candidates, best))),
    ...(test ? ["", ...showTest(test)] : []),
    ...(steps.length > 1 ? ["", `the best by answers: ${steps.join(", ")}`] : []),
    ...warnings.map((warning) => `\n! ${warning}`),
    "",
    `${counted(spent.calls, "call")}, ${counted(spent.tokens, "token")}, ${inMoney(spent.unpricedCalls > 0 ? null : spent.usd)}  ${found.optimisationId}`,
  ].join("\n");
}

const isNumber = (column: number) => column > 0 && column < 5;

/** Each candidate under its parent. */
function rowsOf({ candidates, best }: Optimisation): string[][] {
  const childrenOf = (parent: number | undefined) => candidates.filter(({ parents }) => parents[0] === parent);
  const walk = (candidate: Candidate, depth: number): string[][] => {
    const { quality, wins, tokens, length, isOnFrontier, change } = candidate;
    // The start is not the best of anything: no candidate was better.
    const isBest = candidate.candidate === best && best > 0;
    const marks = [isBest ? "best" : "", isOnFrontier ? "frontier" : ""].filter(Boolean).join(", ");
    const row = [
      `${"  ".repeat(depth)}${candidate.candidate} ${change}`,
      ...[inDigits(quality), String(wins), inDigits(tokens), String(length), marks],
    ];
    return [row, ...childrenOf(candidate.candidate).flatMap((child) => walk(child, depth + 1))];
  };
  return childrenOf(undefined).flatMap((start) => walk(start, 0));
}

/** From the start to a candidate, by first parents. */
function lineTo(candidates: readonly Candidate[], best: number): Candidate[] {
  const line: Candidate[] = [];
  for (let at = candidates[best]; at && at.parents.length > 0; at = candidates[at.parents[0] ?? -1]) line.unshift(at);
  return line;
}

const showLine = (line: readonly Candidate[]): string[] =>
  line.flatMap(({ candidate, parents, reflection, changes }) => [
    "",
    `${parents.join(" and ")} → ${candidate}${reflection === "" ? "" : `  ${reflection}`}`,
    ...changes.flatMap(({ before, after }) => [...marked("- ", before), ...marked("+ ", after)]),
  ]);

const marked = (mark: string, text: string): string[] =>
  text === "" ? [] : text.split("\n").map((line) => `${mark}${line}`);

function showTest({ comparison, items }: NonNullable<Optimisation["test"]>): string[] {
  const { meanBase, meanHead, difference, interval, pValue, better, worse } = comparison;
  const lost = items.slice(0, Math.min(worse, MOST_ITEMS));
  return [
    `on ${counted(comparison.items, "untouched item")}  ${inDigits(meanBase)} → ${inDigits(meanHead)}, ${inChange(difference)}${inRange(interval, inChange)}, p ${inProbability(pValue)}`,
    `${counted(better, "item")} better, ${worse} worse`,
    ...lost.map(({ itemId, before, after }) => `  ${itemId}  ${inDigits(before)} → ${inDigits(after)}`),
  ];
}
