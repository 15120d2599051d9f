import type { TrainingSource } from "@treadle/contract";
import { type Drawing, factsOf, HIDDEN, ifThere, mayRead } from "./graph.ts";

const SOURCE_WORDS = {
  manual: "written by hand",
  file: "from files",
  trace: "from traces",
  feedback: "from feedback",
  synthetic: "made by a model",
} as const;

type Sourced = { readonly kind: keyof typeof SOURCE_WORDS; readonly rows: number };

type Data = Pick<TrainingSource, "ref" | "datasetId" | "version" | "root"> & {
  readonly fileId: string | null;
  readonly rows: number | null;
  readonly kept?: TrainingSource["kept"];
};
export const dataId = (datasetId: string, root: string | null) => `dataset:${datasetId}:${root ?? "?"}`;

/** A version of a dataset with what its rows were made of, or a file. */
export async function addData(drawing: Drawing, data: Data): Promise<string> {
  const { scope, graph, datasets } = drawing;
  const { datasetId, fileId, ref, root } = data;
  const rows = data.kept ?? data.rows;
  if (datasetId === null) return addFile(drawing, fileId ?? ref, rows);
  const id = dataId(datasetId, root);
  if (graph.has(id)) return id;
  const step = {
    id,
    kind: "dataset",
    label: ref,
    facts: factsOf({ "Rows used": rows, Root: root?.slice(0, 12) }),
  } as const;
  if (!mayRead(scope, "datasets:read")) return graph.add({ ...step, state: "hidden", note: HIDDEN });
  const at = root ?? (/^\d+$/.test(data.version ?? "") ? data.version : null);
  if (at === null) return graph.add({ ...step, state: "unknown", note: "The version was not recorded." });
  const version = await ifThere(datasets.getVersion(scope, datasetId, at));
  if (version) {
    const { name } = await datasets.get(scope, datasetId);
    graph.add({
      ...step,
      label: `${name} version ${version.version}`,
      facts: factsOf({ "Rows used": rows, Items: version.stats.rows, Root: version.root.slice(0, 12) }),
      target: { to: "dataset", datasetId, version: version.version },
    });
    addSources(drawing, id, { datasetId, version: version.version, sources: version.stats.sources });
    return id;
  }
  const there = await ifThere(datasets.get(scope, datasetId));
  const note = there
    ? "The dataset still exists, but none of its versions has these rows."
    : "The dataset was deleted. Its root still identifies the rows.";
  return graph.add({ ...step, state: "gone", note });
}

async function addFile(drawing: Drawing, fileId: string, rows: number | null): Promise<string> {
  if (!fileId.startsWith("file-")) return addUnread(drawing, fileId, "The dataset was not recorded.");
  const { scope, graph, training } = drawing;
  const isThere = !mayRead(scope, "training:read") || (await training.hasFile(scope, fileId));
  return graph.add({
    id: `file:${fileId}`,
    kind: "file",
    label: "Uploaded file",
    facts: factsOf({ File: fileId, Rows: rows }),
    ...(isThere ? {} : { state: "gone", note: "The file was deleted." }),
  });
}

function addSources(
  { graph }: Drawing,
  to: string,
  { datasetId, version, sources }: { datasetId: string; version: number; sources: readonly Sourced[] },
): void {
  for (const { kind, rows } of sources) {
    if (rows === 0) continue;
    const from = graph.add({
      id: `source:${datasetId}:${version}:${kind}`,
      kind: "source",
      label: `${rows} ${rows === 1 ? "row" : "rows"} ${SOURCE_WORDS[kind]}`,
      target: { to: "items", datasetId, version, filter: `source:${kind}` },
    });
    graph.join(from, to, rows === 1 ? "is in" : "are in");
  }
}

/** Data of which no more is known than how it was named. */
export const addUnread = ({ graph }: Pick<Drawing, "graph">, ref: string, note: string): string =>
  graph.add({ id: `data:${ref}`, kind: "dataset", label: ref, state: "unknown", note });
