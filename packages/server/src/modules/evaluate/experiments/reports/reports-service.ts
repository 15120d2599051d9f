import { type RUN_FORMATS, RunItemsQuery } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Analysis } from "../results/analysis-service.ts";
import type { Runs } from "../results/runs-service.ts";
import { toHtml } from "./html-report.ts";
import { toMarkdown } from "./markdown-report.ts";
import type { Report } from "./report.ts";
import { readRunItems, toCsv, toJson } from "./run-rows.ts";

type Format = (typeof RUN_FORMATS)[number];
type Exported = { readonly name: string; readonly contentType: string; readonly chunks: AsyncIterable<string> };

const TYPES: Readonly<Record<Format, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  markdown: "text/markdown; charset=utf-8",
  html: "text/html; charset=utf-8",
};
const ENDINGS: Readonly<Record<Format, string>> = { csv: "csv", json: "json", markdown: "md", html: "html" };
const MOST_WORST = 20;
const TERMS = { alpha: 0.05, margin: 0.02 };

/** Runs as files. */
export function createReports({ runs, analysis }: { runs: Runs; analysis: Pick<Analysis, "compare"> }) {
  async function gather(scope: Scope, runId: string, base: string | undefined): Promise<Report> {
    const run = await runs.get(scope, runId);
    const compared = base === undefined ? null : await analysis.compare(scope, { base, heads: runId, ...TERMS });
    const sort =
      base === undefined ? (run.scorers[0]?.output.direction === "lower" ? "-score" : "score") : "regression";
    const query = { limit: MOST_WORST, sort, ...(base !== undefined && { base, changed: "worse" }) };
    const { items } =
      run.scorers.length === 0 ? { items: [] } : await runs.listItems(scope, runId, RunItemsQuery.parse(query));
    return { run, comparison: compared?.heads[0] ?? null, baseName: compared?.base.name ?? null, worst: items };
  }

  return {
    /** Throws `not_found` before anything is written. */
    async export(
      scope: Scope,
      runId: string,
      { format, base }: { format: Format; base?: string | undefined },
    ): Promise<Exported> {
      const run = await runs.get(scope, runId);
      const name = `${run.name.replaceAll(/[^\w.-]+/g, "-")}.${ENDINGS[format]}`;
      const shared = { name, contentType: TYPES[format] };
      const items = () => readRunItems(runs, scope, runId);
      if (format === "csv") return { ...shared, chunks: toCsv(run, items()) };
      if (format === "json") return { ...shared, chunks: toJson(run, items()) };
      const report = await gather(scope, runId, base);
      return { ...shared, chunks: once(format === "markdown" ? toMarkdown(report) : toHtml(report)) };
    },
  };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
