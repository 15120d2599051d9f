import type { DatasetVersion, ItemRow, LineageRow, TrainingRun } from "@treadle/contract";
import { type Drawing, factsOf, type Graph, ifThere, mayRead } from "./graph.ts";
import { previewOf } from "./list-rows.ts";
import { dataId } from "./trace-data.ts";
import { runId } from "./trace-origins.ts";
import { addOfData } from "./trace-uses.ts";

/** The number of dataset versions that are searched for the row, last trained first. */
const MOST_VERSIONS = 20;
const MOST_RUNS = 50;

type Place = { readonly datasetId: string; readonly itemId: string; readonly at: string };

/**
 * Adds a row with its origin, and each dataset version with this row that was used for training, with its results.
 * Returns the row's step.
 */
export async function addRow(drawing: Drawing, place: Place): Promise<string> {
  const { scope, graph, datasets } = drawing;
  const { datasetId, itemId } = place;
  const row = await datasets.getItem(scope, place);
  const version = await ifThere(datasets.getVersion(scope, datasetId, place.at));
  const focus = graph.add({
    id: `row:${itemId}`,
    kind: "row",
    label: previewOf(row.inputs),
    facts: factsOf({ Row: itemId, Split: row.split }),
    target: version ? { to: "row", datasetId, version: version.version, itemId } : null,
  });
  const source = addSource(graph, row);
  if (source) graph.join(source, focus, "became");
  const { roots, runs } = await trainedRoots(drawing, datasetId);
  if (roots.length > MOST_VERSIONS) graph.cut();
  let isTrained = false;
  for (const root of roots.slice(0, MOST_VERSIONS)) {
    const there = await ifThere(datasets.getItem(scope, { datasetId, itemId, at: root }));
    const trained = there && (await ifThere(datasets.getVersion(scope, datasetId, root)));
    if (!there || !trained) continue;
    isTrained = true;
    const { name } = await datasets.get(scope, datasetId);
    const id = graph.add({
      id: dataId(datasetId, root),
      kind: "dataset",
      label: `${name} version ${trained.version}`,
      facts: factsOf({ "This row": there.rowHash === row.rowHash ? "as it is here" : "worded otherwise" }),
      target: { to: "dataset", datasetId, version: trained.version },
    });
    graph.join(focus, id, "is in");
    await addOfData(drawing, id, { datasetId, root });
    await addUses(drawing, { id, runs, row: there, trained });
  }
  if (!isTrained) addUntrained({ graph, focus, version, datasetId });
  return focus;
}

type Used = {
  readonly id: string;
  readonly runs: readonly TrainingRun[];
  readonly row: ItemRow;
  readonly trained: DatasetVersion;
};

/** A run that was given a version did not train on each of its rows: shows what it did with this one. */
async function addUses({ scope, graph, training }: Drawing, { id, runs, row, trained }: Used): Promise<void> {
  const splits = new Set(trained.stats.splits.map(({ split }) => split));
  for (const run of runs) {
    const source = run.data?.sources.findIndex(({ root }) => root === trained.root) ?? -1;
    if (source < 0 || !graph.has(runId(run.trainingRunId))) continue;
    const [use] = await training.usesOf(scope, { run, source, splits }, [row]);
    if (use) graph.join(id, runId(run.trainingRunId), `was given to (this row: ${useWords(use)})`);
  }
}

const REASONS = { too_long: "too long", nothing_to_learn: "nothing to learn" } as const;
const useWords = ({ use, reason }: Pick<LineageRow, "use" | "reason">) =>
  reason === null ? use : `left out by the trainer, ${REASONS[reason]}`;

type Untrained = {
  readonly graph: Graph;
  readonly focus: string;
  readonly version: { readonly version: number; readonly root: string } | undefined;
  readonly datasetId: string;
};

function addUntrained({ graph, focus, version, datasetId }: Untrained): void {
  const id = graph.add({
    id: dataId(datasetId, version?.root ?? null),
    kind: "dataset",
    label: version ? `Version ${version.version}` : "The draft",
    note: "No model was trained on this row yet.",
    target: version ? { to: "dataset", datasetId, version: version.version } : null,
  });
  graph.join(focus, id, "is in");
}

/** The roots of the dataset's versions that something was trained on, the newest first, and the runs. */
async function trainedRoots({ scope, training, registry }: Drawing, datasetId: string) {
  const data = { datasetId, root: null };
  const runs: readonly TrainingRun[] = mayRead(scope, "training:read")
    ? await training.listMadeOf(scope, data, MOST_RUNS)
    : [];
  const made = mayRead(scope, "models:read") ? await registry.listMadeOf(scope, data, MOST_RUNS) : [];
  const known = runs.flatMap((run) => run.data?.sources ?? []);
  const orphans = made.filter((one) => !runs.some(({ trainingRunId }) => trainingRunId === one.runId));
  for (const { name, version } of orphans) {
    const found = await ifThere(registry.get(scope, { name, version: String(version) }));
    known.push(...(found?.data ?? []).map((one) => ({ ...one, fileId: null, rows: one.rows ?? 0 })));
  }
  const own = known.filter((source) => source.datasetId === datasetId);
  return { roots: [...new Set(own.flatMap(({ root }) => root ?? []))], runs };
}

function addSource(graph: Graph, { source }: ItemRow): string | null {
  const { kind, traceId, spanId, file, line, model } = source;
  const facts = factsOf({ File: file, Line: line, Model: model, Trace: traceId });
  const step = { id: `source:${kind}`, kind: "source", facts } as const;
  switch (kind) {
    case "trace":
    case "feedback": {
      const label = kind === "trace" ? "An answer that was recorded" : "Feedback on an answer";
      if (traceId === undefined)
        return graph.add({ ...step, label, state: "unknown", note: "The trace was not recorded." });
      return graph.add({ ...step, label, target: spanId ? { to: "span", traceId, spanId } : null });
    }
    case "file":
      return graph.add({ ...step, label: file ?? "A file" });
    case "synthetic":
      return graph.add({ ...step, label: model ? `Written by ${model}` : "Written by a model" });
    case "manual":
      return graph.add({ ...step, label: "Written by hand" });
  }
}
