import type { Module } from "../../../kernel/module.ts";
import { testSetRoutes } from "./routes.ts";
import { createTestSets, type TestSets, type TestSetsDeps } from "./service.ts";

export function openTestSets(deps: TestSetsDeps): Module<TestSets> {
  const api = createTestSets(deps);
  return { api, routes: [testSetRoutes(api)] };
}
