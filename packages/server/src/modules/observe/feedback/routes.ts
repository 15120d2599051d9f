import { feedbackApi, scoreConfigsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { FeedbackService } from "./service.ts";

const DONE = { ok: true } as const;
const AGAIN = 200;

export const feedbackRoutes = (feedback: FeedbackService) =>
  mount(feedbackApi, {
    "POST /api/v1/feedback": async ({ scope, body, setStatus }) => {
      const receipt = await feedback.give(scope, body);
      if (receipt.isRepeat) setStatus(AGAIN);
      return receipt;
    },
    "POST /api/v1/feedback/batch": ({ scope, body }) => feedback.giveBatch(scope, body.items),
    "GET /api/v1/feedback": ({ scope, query }) => feedback.list(scope, query),
    "GET /api/v1/feedback/:feedbackId": ({ scope, params }) => feedback.get(scope, params.feedbackId),
    "DELETE /api/v1/feedback/:feedbackId": async ({ scope, params }) => {
      await feedback.retract(scope, params.feedbackId);
      return DONE;
    },
    "GET /api/v1/feedback-settings": ({ scope }) => feedback.configs.getSettings(scope),
    "PUT /api/v1/feedback-settings": ({ scope, body }) => feedback.configs.updateSettings(scope, body),
    "POST /api/v1/feedback-tokens": ({ scope, body }) => feedback.createToken(scope, body),
    "POST /api/v1/public/feedback": async ({ body, remoteAddress, setStatus }) => {
      const receipt = await feedback.givePublic(body, remoteAddress);
      if (receipt.isRepeat) setStatus(AGAIN);
      return receipt;
    },
  });

export const scoreConfigRoutes = ({ configs }: FeedbackService) =>
  mount(scoreConfigsApi, {
    "GET /api/v1/score-configs": ({ scope, query }) => configs.list(scope, query),
    "POST /api/v1/score-configs": ({ scope, body }) => configs.create(scope, body),
    "GET /api/v1/score-configs/:scoreConfigId": ({ scope, params }) => configs.get(scope, params.scoreConfigId),
    "PATCH /api/v1/score-configs/:scoreConfigId": ({ scope, params, body }) =>
      configs.update(scope, params.scoreConfigId, body),
    "DELETE /api/v1/score-configs/:scoreConfigId": async ({ scope, params }) => {
      await configs.delete(scope, params.scoreConfigId);
      return DONE;
    },
  });
