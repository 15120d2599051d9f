import type { Item, TrainingSource } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createFileStore } from "../stores/file-store.ts";
import { readFileItems } from "./file-items.ts";

/** The data source of a configuration: its items in order, read again for each iteration. */
export type Source = Omit<TrainingSource, "rows"> & { items(signal: AbortSignal): AsyncIterable<Item> };

const SCHEME = /^(dataset|file):\/\//;

/** Finds a dataset's version, or an uploaded file. Throws `not_found` with the missing name. */
export async function openSource(deps: TrainingDeps, scope: Scope, ref: string): Promise<Source> {
  const name = ref.replace(SCHEME, "");
  return name.startsWith("file-") ? openFile(deps, scope, name) : openDataset(deps, scope, name);
}

async function openFile({ db, objects }: TrainingDeps, scope: Scope, fileId: string): Promise<Source> {
  const row = await createFileStore(db).find(scope.projectId, fileId);
  if (!row) throw notFound("file", fileId);
  if (row.purpose !== "fine-tune")
    throw new AppError("invalid_request", {
      message: `The file ${fileId} was uploaded with the purpose ${row.purpose}. Upload it again with the purpose fine-tune.`,
      details: { param: "training_file" },
    });
  const place = { ref: fileId, datasetId: null, fileId, version: null, root: row.sha256 };
  return { ...place, items: (signal) => readFileItems(objects, row, signal) };
}

async function openDataset({ datasets }: TrainingDeps, scope: Scope, name: string): Promise<Source> {
  const at = name.lastIndexOf("@");
  const [named, version] = at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, "main"];
  const all = await datasets.listAll(scope);
  const found = all.find(({ datasetId }) => datasetId === named) ?? all.find((dataset) => dataset.name === named);
  if (!found)
    throw new AppError("not_found", {
      message: `There is no dataset "${named}" in this project. It may have been deleted. Name another dataset under \`datasets\`.`,
      details: { param: "datasets", kind: "dataset", id: named },
    });
  const { manifest } = await openVersion(datasets, scope, { datasetId: found.datasetId, version, name: named });
  const place = { ref: name, datasetId: found.datasetId, fileId: null, version, root: manifest.root };
  return { ...place, items: (signal) => datasets.readItems(scope, manifest, { signal }) };
}

type Version = { readonly datasetId: string; readonly version: string; readonly name: string };

async function openVersion(datasets: TrainingDeps["datasets"], scope: Scope, { name, ...which }: Version) {
  try {
    return await datasets.openVersion(scope, which);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    throw new AppError("not_found", {
      message: `The dataset "${name}" has no version "${which.version}". It may have been deleted. Name another version under \`datasets\`.`,
      details: { param: "datasets" },
      cause: error,
    });
  }
}
