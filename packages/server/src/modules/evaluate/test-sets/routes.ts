import { testSetsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { TestSets } from "./service.ts";

export const testSetRoutes = (testSets: TestSets) =>
  mount(testSetsApi, {
    "GET /api/v1/test-sets": async () => testSets.list(),
    "POST /api/v1/test-sets/:testSetId/datasets": ({ scope, params, body }) =>
      testSets.createDataset(scope, params.testSetId, body),
  });
