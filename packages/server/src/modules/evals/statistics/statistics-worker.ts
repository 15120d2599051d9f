import { parentPort } from "node:worker_threads";
import { compareRuns } from "@treadle/metrics";
import { compareGroups } from "./compare-groups.ts";
import { findTruth } from "./find-truth.ts";
import { measureAgreement } from "./measure-agreement.ts";
import { measureRaters } from "./measure-raters.ts";
import type { Question, Reply } from "./orders.ts";
import { rankMatches, rankRuns } from "./rank-runs.ts";
import { boundSet, compareSets } from "./score-sets.ts";

function answer(question: Question): unknown {
  switch (question.name) {
    case "compare":
      return question.order.map(compareRuns);
    case "corpus":
      return compareSets(question.order);
    case "corpusInterval":
      return boundSet(question.order);
    case "groups":
      return question.order.map(compareGroups);
    case "raters":
      return question.order.map(measureRaters);
    case "agreement":
      return measureAgreement(question.order);
    case "rank":
      return rankRuns(question.order);
    case "matches":
      return rankMatches(question.order);
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
