import type { Module } from "../../../kernel/module.ts";
import { issueRoutes } from "./routes.ts";
import { createIssues, type Issues } from "./service.ts";
import type { IssuesDeps } from "./stores/deps.ts";

/** How often projects are checked for their first failures. */
const CHECK_MS = 60_000;

export function openIssues(deps: IssuesDeps): Module<Issues> {
  const api = createIssues(deps);
  let timer: NodeJS.Timeout | undefined;
  const check = () =>
    api.followOthers().catch((error) => deps.log.warn({ error }, "projects could not be checked for failures"));
  return {
    api,
    routes: [issueRoutes(api)],
    async start() {
      await api.start();
      timer = setInterval(check, CHECK_MS).unref();
    },
    close: () => clearInterval(timer),
  };
}
