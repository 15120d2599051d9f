import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RequestFor } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { findDataset } from "../../shared/find-dataset.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";

type Body = NonNullable<RequestFor<"POST /api/v1/datasets/:datasetId/exports">["body"]>;
type Flags = ServerFlags & {
  readonly version: string;
  readonly out?: string;
  readonly format?: Body["format"];
  readonly shape?: Body["shape"];
  readonly gzip?: boolean;
  readonly splits?: string;
  readonly plain?: boolean;
  readonly keepGoodRows?: boolean;
};
type Result = { readonly fileId: string; readonly name: string; readonly rows: number; readonly skipped: number };

/** Adds `export` to the commands of datasets. */
export function addDatasetExport(dataset: Command) {
  withServerFlags(
    dataset
      .command("export")
      .description("write a version of a dataset to a file")
      .argument("<dataset>", "the name or id of the dataset")
      .option("--version <version>", "a number, a root, a tag, a branch, or draft", "main")
      .option(
        "--out <file>",
        "the file to write, or - for standard output (default: named after the dataset and version)",
      )
      .option(
        "--format <format>",
        "csv, tsv, json, jsonl or parquet (default: from the extension of --out, otherwise jsonl)",
      )
      .option("--shape <shape>", "the shape, such as treadle, openai-chat, trl-preference or table (default: treadle)")
      .option("--gzip", "compress the file (default if --out ends with .gz)")
      .option("--splits <names>", "only these splits, separated by commas")
      .option("--plain", "only the fields of the shape, without ids, splits and metadata")
      .option("--keep-good-rows", "leave out items that the shape cannot express"),
  ).action((named: string, flags: Flags) => run(named, flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(named: string, flags: Flags) {
  const { client } = connect(flags);
  const { datasetId } = await findDataset(client, named);
  const { version, shape, plain: isPlain, keepGoodRows, out = "", json } = flags;
  const [, ending, packed] = /\.(csv|tsv|json|jsonl|parquet)(\.gz)?$/.exec(out) ?? [];
  const format = flags.format ?? toFormat(ending);
  const gzip = flags.gzip ?? packed !== undefined;
  const splits = flags.splits?.split(",").map((split) => split.trim());
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/exports", {
    params: { datasetId },
    body: { version, shape, format, gzip, splits, isPlain, keepGoodRows },
  });
  const { result } = await followJob(client, jobId, { isQuiet: json ?? out === "-" });
  const written = toResult(result);
  const params = { fileId: written.fileId };
  const { body } = await client.send("GET /api/v1/dataset-files/:fileId/content", { params });
  const target = out === "" ? written.name : out;
  const source = Readable.from(body ?? []);
  await (target === "-" ? pipeline(source, process.stdout, { end: false }) : toFile(source, target));
  await client.call("DELETE /api/v1/dataset-files/:fileId", { params });
  if (json && target !== "-") return console.log(JSON.stringify({ ...written, file: target }));
  const skipped = written.skipped > 0 ? `; ${written.skipped} were left out, which the shape cannot express` : "";
  process.stderr.write(`${written.rows} items are in ${target === "-" ? "standard output" : target}${skipped}.\n`);
}

/** Creates the folder too, so that a finished export is not lost for a missing one. */
async function toFile(source: Readable, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await pipeline(source, createWriteStream(path));
}

const FORMATS = ["csv", "tsv", "json", "jsonl", "parquet"] as const;
const toFormat = (ending: string | undefined) => FORMATS.find((format) => format === ending);

/** The result of a job, which knows nothing of what it ran. */
function toResult(result: unknown): Result {
  if (typeof result === "object" && result !== null && "fileId" in result && "name" in result && "rows" in result) {
    const { fileId, name, rows } = result;
    const skipped = "skipped" in result ? Number(result.skipped) : 0;
    if (typeof fileId === "string" && typeof name === "string")
      return { ...result, fileId, name, rows: Number(rows), skipped };
  }
  throw new Error("The job wrote no file.");
}
