import { createReadStream } from "node:fs";
import { basename, resolve } from "node:path";
import { type Client, type RequestFor, sendDatasetFile } from "@treadle/sdk";
import { findDataset } from "../shared/find-dataset.ts";
import { followJob } from "../shared/follow-job.ts";
import { UsageError } from "../shared/usage-error.ts";
import type { Suite } from "./read-suite.ts";

type ExperimentDataset = RequestFor<"POST /api/v1/experiments">["body"]["dataset"];

/** The dataset of a suite on the server; items that the suite brings are imported, and the same ones make no new version. */
export async function bringItems(client: Client, suite: Suite): Promise<ExperimentDataset> {
  const { dataset, items } = suite;
  if (items !== undefined) return { datasetId: await importItems(client, suite, items), version: "main" };
  if (dataset === undefined) throw new UsageError("The suite has no `items`.");
  if (typeof dataset !== "string") {
    const { name, ...chosen } = dataset;
    return { ...chosen, datasetId: (await findDataset(client, name)).datasetId };
  }
  const [name = "", version = "main"] = dataset.split("@");
  return { datasetId: (await findDataset(client, name)).datasetId, version };
}

async function importItems(
  client: Client,
  { suite, folder }: Suite,
  items: NonNullable<Suite["items"]>,
): Promise<string> {
  const file =
    typeof items === "string"
      ? { name: basename(items), content: createReadStream(resolve(folder, items)) }
      : { name: "items.jsonl", content: new Blob([items.map((item) => `${JSON.stringify(item)}\n`).join("")]) };
  const { fileId } = await sendDatasetFile(client, file).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new UsageError(
        `${resolve(folder, String(items))} does not exist. \`items\` must name a file in the suite's folder.`,
      );
    throw error;
  });
  const datasetId = await findOrMake(client, `suite ${suite}`);
  const params = { datasetId };
  const body = { fileId, mode: "replace" as const, ...(typeof items !== "string" && { shape: "treadle" as const }) };
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/imports", { params, body });
  await followJob(client, jobId, { isQuiet: true });
  await commit(client, datasetId, `Items of the suite ${suite}`);
  return datasetId;
}

/** Makes a version of the draft, unless it says the same as the one before, which is then the one to answer. */
async function commit(client: Client, datasetId: string, message: string): Promise<void> {
  const params = { datasetId };
  const { base } = await client.call("GET /api/v1/datasets/:datasetId/draft", { params });
  const query = { from: "main", to: "draft", limit: 1 };
  const counts =
    base === null ? null : (await client.call("GET /api/v1/datasets/:datasetId/diff", { params, query })).counts;
  const isSame = counts !== null && counts.added + counts.removed + counts.changed === 0;
  if (isSame) await client.call("POST /api/v1/datasets/:datasetId/draft/discard", { params, body: {} });
  else await client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message } });
}

async function findOrMake(client: Client, name: string): Promise<string> {
  const { items } = await client.call("GET /api/v1/datasets", { query: { name } });
  if (items[0]) return items[0].datasetId;
  return (await client.call("POST /api/v1/datasets", { body: { name } })).datasetId;
}
