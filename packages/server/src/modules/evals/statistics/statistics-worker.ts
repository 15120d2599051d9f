import { parentPort } from "node:worker_threads";
import { type Comparison, compareCorpus, compareRuns } from "@treadle/metrics";
import { compareGroups } from "./compare-groups.ts";
import { findTruth } from "./find-truth.ts";
import { measureAgreement } from "./measure-agreement.ts";
import { measureRaters } from "./measure-raters.ts";
import type { CorpusOrder, Question, Reply } from "./orders.ts";
import { rankAnswers, rankRuns } from "./rank-runs.ts";

/** The kinds of scorers are read only where a metric of a whole set is asked for. */
async function compareSets({ kind, params, ...corpora }: CorpusOrder): Promise<Comparison> {
  const { openKind } = await import("../../scorers/index.ts");
  const score = openKind(kind, params).kind.fromStats?.(params);
  if (!score) throw new Error(`The kind "${kind}" has no score of a whole set.`);
  return compareCorpus({ ...corpora, score: (sum) => score([...sum]) });
}

function answer(question: Question): unknown {
  switch (question.name) {
    case "compare":
      return question.order.map(compareRuns);
    case "corpus":
      return compareSets(question.order);
    case "groups":
      return question.order.map(compareGroups);
    case "raters":
      return question.order.map(measureRaters);
    case "agreement":
      return measureAgreement(question.order);
    case "rank":
      return rankRuns(question.order);
    case "matches":
      return rankAnswers(question.order);
    case "truth":
      return findTruth(question.order);
    default:
      return question satisfies never;
  }
}

parentPort?.on("message", (question: Question) => {
  const { id } = question;
  new Promise((resolve) => resolve(answer(question))).then(
    (given) => parentPort?.postMessage({ id, answer: given } satisfies Reply),
    (error: unknown) =>
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Reply),
  );
});
