import { counted, inDigits, inMoney, inRange, inTime } from "./number-words.ts";
import type { Experiment } from "./run-suite.ts";
import { textTable } from "./text-table.ts";

type Run = Experiment["runs"][number];

/**
 * The result of an experiment for a terminal: a row per variant, each score with its interval and the number of items.
 */
export function showExperiment({ name, runs, spent, repeats, stopped, error }: Experiment): string {
  const scorers = [...new Set(runs.flatMap((run) => run.scores.map(({ scorer }) => scorer)))];
  const head = ["variant", ...scorers, "cost", "p50", "answers", "run"];
  const rows = runs.map((run) => [
    run.name,
    ...scorers.map((key) => scoreOf(run, key)),
    inMoney(run.costUsd),
    inTime(run.latencyP50Ms),
    run.errors > 0 ? `${run.answers} (${counted(run.errors, "error")})` : String(run.answers),
    run.runId,
  ]);
  const first = [
    counted(runs.length, "variant"),
    ...(repeats > 1 ? [`${repeats} repeats`] : []),
    ...[
      counted(spent.calls, "call"),
      `${counted(spent.tokens, "token")}`,
      inMoney(spent.unpricedCalls > 0 && spent.usd === 0 ? null : spent.usd),
    ],
  ].join(", ");
  const ended = error ?? (stopped === null || stopped === "finished" ? null : `It stopped early: ${WHY[stopped]}.`);
  return [`${name}: ${first}`, ...(ended === null ? [] : [ended]), "", textTable([head, ...rows])].join("\n");
}

const WHY: Readonly<Record<Exclude<Experiment["stopped"], null>, string>> = {
  finished: "all items are answered",
  precision: "the requested precision is reached",
  "budget-usd": "the cost budget is used up",
  "budget-tokens": "the token budget is used up",
  "price-unknown": "the price of a call is unknown, and there is a cost budget",
};

/** Such as `0.742 [0.660, 0.810] of 120, 3 without`. */
function scoreOf({ scores }: Run, key: string): string {
  const score = scores.find(({ scorer }) => scorer === key);
  if (!score) return "–";
  const without = [
    ...(score.undefined > 0 ? [`${score.undefined} without`] : []),
    ...(score.failed > 0 ? [`${score.failed} failed`] : []),
  ];
  return [`${inDigits(score.value)}${inRange(score.interval)} of ${score.items}`, ...without].join(", ");
}
