import { toDataApi } from "@treadle/contract";
import { mount } from "../../../../platform/http/handlers.ts";
import type { ToData } from "./service.ts";

export const toDataRoutes = (toData: ToData) =>
  mount(toDataApi, { "POST /api/v1/feedback-to-dataset": ({ scope, body }) => toData.add(scope, body) });
