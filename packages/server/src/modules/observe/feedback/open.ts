import type { Module } from "../../../kernel/module.ts";
import { feedbackRoutes, scoreConfigRoutes } from "./routes.ts";
import { createFeedback, type FeedbackService } from "./service.ts";
import type { FeedbackDeps } from "./stores/deps.ts";

export function openFeedback(deps: FeedbackDeps): Module<FeedbackService> {
  const api = createFeedback(deps);
  return { api, routes: [feedbackRoutes(api), scoreConfigRoutes(api)] };
}
