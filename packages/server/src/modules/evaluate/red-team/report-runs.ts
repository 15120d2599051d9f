import type { ParsedOf, RedTeamRun, redTeamApi } from "@treadle/contract";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { toAttack } from "./report/list-attacks.ts";
import { toMarkdown } from "./report/markdown-report.ts";
import { writeReport } from "./report/write-report.ts";
import type { RedTeamDeps } from "./stores/deps.ts";

type AttackQuery = ParsedOf<(typeof redTeamApi)["GET /api/v1/red-team-runs/:redTeamRunId/attacks"]>["query"];
type Format = ParsedOf<(typeof redTeamApi)["GET /api/v1/red-team-runs/:redTeamRunId/export"]>["query"]["format"];

const TYPES = { markdown: "text/markdown; charset=utf-8", json: "application/json" } as const;
const ENDINGS = { markdown: "md", json: "json" } as const;

/** Reports on runs, and their attacks with the answers. */
export function createReports(deps: RedTeamDeps, get: (scope: Scope, id: string) => Promise<RedTeamRun>) {
  return {
    report: async (scope: Scope, id: string) => writeReport(deps, scope, await get(scope, id)),

    async export(scope: Scope, id: string, format: Format) {
      const run = await get(scope, id);
      const report = await writeReport(deps, scope, run);
      const text = format === "json" ? JSON.stringify({ run, report }, null, 1) : toMarkdown(run, report);
      return { name: `red-team-${id}.${ENDINGS[format]}`, contentType: TYPES[format], text };
    },

    /** In the order of their ids. */
    async listAttacks(scope: Scope, id: string, { limit, cursor, succeededIn, ...which }: AttackQuery) {
      const run = await get(scope, id);
      if (run.experimentId === null) return { items: [], nextCursor: null };
      const after = cursor === undefined ? "" : String(fromCursor(cursor, 1)[0]);
      const filter = { metadata: metadataOf(which), after, limit: limit + 1, scoredIn: succeededIn ?? null };
      const found = await deps.experiments.outcomes.listItems(scope, run.experimentId, filter);
      const page = toPage(found, limit, ({ item }) => [item.itemId]);
      return { ...page, items: page.items.flatMap((one) => toAttack(one, run.arms) ?? []) };
    },
  };
}

const metadataOf = ({ plugin, strategy, intent }: Pick<AttackQuery, "plugin" | "strategy" | "intent">) => ({
  ...(plugin && { plugin }),
  ...(strategy && { strategy }),
  ...(intent && { intent: intent === "attack" ? "attack" : "benign" }),
});
