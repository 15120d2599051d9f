import { knowledgeAnswersApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Answers } from "./service.ts";

export const answerRoutes = (answers: Answers) =>
  mount(knowledgeAnswersApi, {
    "POST /api/v1/knowledge/:knowledgeBaseId/ask": ({ scope, params, body, headers, signal }) =>
      answers.ask(scope, { knowledgeBaseId: params.knowledgeBaseId, question: body, headers, signal }),
  });
