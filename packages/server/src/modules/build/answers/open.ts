import type { Module } from "../../../kernel/module.ts";
import { answerRoutes } from "./routes.ts";
import { type Answers, type AnswersDeps, createAnswers } from "./service.ts";

export function openAnswers(deps: AnswersDeps): Module<Answers> {
  const api = createAnswers(deps);
  return { api, routes: [answerRoutes(api)] };
}
