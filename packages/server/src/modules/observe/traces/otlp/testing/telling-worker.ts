import { parentPort } from "node:worker_threads";
import type { Answer, Question } from "../digest/digest-worker.ts";

// Reads nothing, and refuses each order with the word of how it is to be read.
parentPort?.on("message", (question: Question) => {
  if (!("order" in question)) return;
  const message = question.mayRest ? "with rests" : "at a stretch";
  const answer: Answer = { id: question.id, refusal: { code: "invalid_request", message, details: null } };
  parentPort?.postMessage(answer);
});
