import { type QualityReport, ReportModel } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Manifest } from "../../datasets/index.ts";
import type { ToolsFor } from "../apply/step-tools.ts";
import { CONTAMINATION_DEFAULTS, openContamination } from "../contamination/find-contamination.ts";
import { findNearDuplicates } from "../duplicates/find-near-duplicates.ts";
import { textOf } from "../items/item-text.ts";
import { inBatches } from "../step/row-step.ts";
import type { StepTools } from "../step/step.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { createCurationStore } from "../stores/store.ts";
import type { TextThread } from "../texts/text-thread.ts";
import { createCosts, type Price, tokenizerOf } from "./count-costs.ts";
import { findWarnings } from "./find-warnings.ts";
import { createGathering } from "./gather-report.ts";

const Payload = z.object({
  datasetId: z.string(),
  version: z.string(),
  models: z.array(ReportModel),
  epochs: z.number(),
  nearDuplicates: z.boolean(),
});
type Payload = z.output<typeof Payload>;

/** Nothing is written until the end, so a stopped job starts again. */
export const reportJob: JobKind<Payload, null> = { name: "dataset-report", payload: Payload, state: z.null() };

type Deps = {
  readonly db: Postgres;
  readonly datasets: CuratedDatasets;
  readonly toolsFor: ToolsFor;
  readonly thread: TextThread;
  readonly priceFor: (scope: Scope) => Price;
  readonly clock: Clock;
};
type Run = JobRun<Payload, null>;
type Task = { readonly run: Run; readonly manifest: Manifest; readonly tools: StepTools };

/** Measures the items of a version or a draft and stores the report. The result is the report's id. */
export const createBuildReport = (deps: Deps): JobHandler<Payload, null> => ({
  async run(run) {
    const { scope, payload, signal } = run;
    const { datasetId, version } = payload;
    const { name } = await deps.datasets.get(scope, datasetId);
    const { manifest } = await deps.datasets.openVersion(scope, { datasetId, version });
    const task = { run, manifest, tools: deps.toolsFor({ scope, datasetId, signal }) };
    const measured = await measureItems(deps, task);
    const near = payload.nearDuplicates && manifest.rows > 1 ? await countNear(deps, task) : null;
    const contamination = await countContaminated(deps, task);
    const found = { ...measured, name, duplicates: { ...measured.duplicates, near }, contamination };
    const report: QualityReport = { ...found, warnings: findWarnings(found) };
    const createdAt = new Date(deps.clock.now());
    const id = newId("drep", deps.clock.now());
    const row = {
      id,
      projectId: scope.projectId,
      datasetId,
      version,
      root: manifest.root,
      rows: manifest.rows,
      report,
      createdAt,
    };
    await createCurationStore(deps.db).createReport(row);
    return { reportId: id };
  },
});

async function measureItems({ datasets, thread, priceFor }: Deps, { run, manifest, tools }: Task) {
  const { scope, signal, payload } = run;
  const { models, epochs } = payload;
  const tokenizers = [...new Set(["o200k_base" as const, ...models.map((model) => tokenizerOf(model).tokenizer)])];
  const gathering = createGathering("o200k_base");
  const costs = createCosts({ models, epochs, price: priceFor(scope) });
  const locals = models.filter(({ provider }) => provider === "local").map(({ model }) => model);
  let done = 0;
  for await (const items of inBatches(datasets.readItems(scope, manifest, { signal }))) {
    const [facts, local] = await Promise.all([
      thread.ask("measure", { items, tokenizers }),
      Promise.all(locals.map((model) => countLocally(tools, { model, items }))),
    ]);
    for (const [index, item] of items.entries()) {
      const measured = facts[index];
      if (!measured) continue;
      gathering.add(measured, item);
      costs.add(measured, new Map(local.map(({ model, tokens }) => [model, tokens[index] ?? NONE])));
    }
    done += items.length;
    run.report({ done, total: manifest.rows, unit: "rows", message: "Measuring items" });
  }
  return { ...gathering.finish(), tokens: costs.finish(), epochs };
}

const NONE = { input: 0, output: 0 };
type Local = { readonly model: string; readonly items: Parameters<typeof textOf>[0][] };

async function countLocally(tools: StepTools, { model, items }: Local) {
  const count = (view: "prompt" | "answer") =>
    tools.countTokens(
      items.map((item) => textOf(item, view)),
      `local:${model}`,
    );
  const [input, output] = [await count("prompt"), await count("answer")];
  return { model, tokens: items.map((_, index) => ({ input: input[index] ?? 0, output: output[index] ?? 0 })) };
}

async function countNear({ datasets }: Deps, { run: { scope, signal, report }, manifest }: Task) {
  const { rows } = manifest;
  const progress = (share: number) =>
    report({ done: Math.round(share * rows), total: rows, unit: "rows", message: "Looking for near-duplicates" });
  const reading = { signal, rows, progress, read: () => datasets.readItems(scope, manifest, { signal }) };
  const { groups, keptRows, layers, layerRows } = await findNearDuplicates(reading, { of: "all" });
  const again = keptRows.reduce((sum, kept) => sum + (kept < 0 ? 0 : 1), 0);
  const clusters = new Set(groups.filter((group) => group >= 0)).size;
  const rules = layers.map(({ threshold, unit, size }, place) => ({
    threshold,
    unit,
    size,
    rows: layerRows[place] ?? 0,
  }));
  return { rows: again, share: again / Math.max(1, rows), rules: rules.filter((rule) => rule.rows > 0), clusters };
}

async function countContaminated({ datasets }: Deps, { run: { scope, signal, report }, manifest, tools }: Task) {
  const sets = await tools.evaluationSets();
  if (sets.length === 0) return [];
  const counts = new Map<string, number>();
  const checking = await openContamination({ sets, params: CONTAMINATION_DEFAULTS, signal });
  try {
    let done = 0;
    for await (const items of inBatches(datasets.readItems(scope, manifest, { signal }))) {
      for (const found of await checking.check(items))
        if (found) counts.set(found.datasetId, (counts.get(found.datasetId) ?? 0) + 1);
      done += items.length;
      report({ done, total: manifest.rows, unit: "rows", message: "Comparing with evaluation datasets" });
    }
  } finally {
    await checking.close();
  }
  return sets.map(({ datasetId, name }) => {
    const rows = counts.get(datasetId) ?? 0;
    return { datasetId, name, rows, share: rows / Math.max(1, manifest.rows) };
  });
}
