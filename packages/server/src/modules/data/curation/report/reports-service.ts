import type { QualityReport, ReportHead, ReportInput } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Models } from "../../../build/models/index.ts";
import type { ToolsFor } from "../apply/step-tools.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { createCurationStore } from "../stores/store.ts";
import type { TextThread } from "../texts/text-thread.ts";
import { createBuildReport, reportJob } from "./build-report.ts";
import { COMMON_MODELS, type Price } from "./count-costs.ts";
import { toMarkdown } from "./to-markdown.ts";

type Deps = {
  readonly db: Postgres;
  readonly datasets: CuratedDatasets;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly prices: Pick<Models["prices"], "cost">;
  readonly thread: TextThread;
  readonly toolsFor: ToolsFor;
  readonly clock: Clock;
};
type Place = { readonly datasetId: string; readonly reportId: string };

/** Reports on the quality of a dataset: measured by a job, kept, and given as data or as a page. */
export function createReports(deps: Deps) {
  const { db, datasets, jobs } = deps;
  const store = createCurationStore(db);
  jobs.register(reportJob, createBuildReport({ ...deps, priceFor: createPriceFor(deps.prices) }));

  async function getReport(scope: Scope, place: Place): Promise<ReportHead & { report: QualityReport }> {
    const report = await store.findReport(scope.projectId, place);
    if (!report) throw notFound("report", place.reportId);
    return report;
  }

  return {
    /** Gives the id of the job; its result names the report. */
    async createReport(scope: Scope, datasetId: string, input: ReportInput): Promise<{ jobId: string }> {
      const { name } = await datasets.get(scope, datasetId);
      await datasets.openVersion(scope, { datasetId, version: input.version });
      const payload = { ...input, datasetId, models: [...(input.models ?? COMMON_MODELS)] };
      const title = `Measure ${name} (${input.version})`.slice(0, 200);
      const order = { kind: reportJob, payload, title, subject: datasetId };
      return { jobId: await db.transaction((tx) => jobs.send(tx, scope, order)) };
    },
    async listReports(scope: Scope, datasetId: string): Promise<ReportHead[]> {
      await datasets.get(scope, datasetId);
      return store.listReports(scope.projectId, datasetId);
    },
    getReport,
    async getMarkdown(scope: Scope, place: Place): Promise<string> {
      const { report, ...head } = await getReport(scope, place);
      return toMarkdown(report, head);
    },
  };
}

const createPriceFor =
  (prices: Deps["prices"]) =>
  ({ projectId }: Scope): Price =>
  ({ provider, model, inputTokens, outputTokens }) =>
    prices.cost(projectId, {
      provider,
      model,
      usage: { inputTokens, outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    });
