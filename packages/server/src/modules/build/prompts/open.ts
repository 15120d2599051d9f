import type { Module } from "../../../kernel/module.ts";
import type { PromptsDeps } from "./read/deps.ts";
import { promptRoutes } from "./routes.ts";
import { createPrompts, type Prompts } from "./service.ts";

export function openPrompts(deps: PromptsDeps): Module<Prompts> {
  const api = createPrompts(deps);
  return { api, routes: [promptRoutes(api)], close: api.close };
}
