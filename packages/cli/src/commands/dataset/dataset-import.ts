import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { type Answer, ApiError, type Client, type RequestFor, sendDatasetFile } from "@treadle/sdk";
import { type Command, Option } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { findDataset } from "../../shared/find-dataset.ts";
import { followJob } from "../../shared/follow-job.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { inMegabytes } from "../../shared/show-job.ts";
import { UsageError } from "../../shared/usage-error.ts";
import { readMapping } from "./dataset-mapping.ts";

type Body = RequestFor<"POST /api/v1/datasets/:datasetId/imports">["body"];
type Reading = RequestFor<"POST /api/v1/dataset-files/:fileId/preview">["body"];
type Import = Answer<"GET /api/v1/dataset-imports/:importId">;
type Flags = ServerFlags & {
  readonly dataset?: string;
  readonly format?: Body["format"];
  readonly shape?: Body["shape"];
  readonly map: string[];
  readonly header: boolean;
  readonly ids: Body["ids"];
  readonly split?: string;
  readonly branch: string;
  readonly replace?: boolean;
  readonly upsert?: boolean;
  readonly keepGoodRows?: boolean;
  readonly preview?: boolean;
  readonly commit?: string;
  readonly name?: string;
};

const ERRORS_SHOWN = 20;

/** Adds `import` to the commands of datasets. */
export function addDatasetImport(dataset: Command) {
  withServerFlags(
    dataset
      .command("import")
      .description("import a file into the draft of a dataset: CSV, TSV, JSON, JSONL or Parquet, also gzip-compressed")
      .argument("<file>", "the file, or - for standard input")
      .option(
        "--dataset <dataset>",
        "the name or id of the dataset; created if it does not exist (default: the file's name)",
      )
      .option("--format <format>", "csv, tsv, json, jsonl or parquet (default: detected)")
      .option("--shape <shape>", "the shape of the rows, such as openai-chat (default: detected)")
      .option("--map <column=place>", "the field for a column, such as text=inputs.text or label=expected", keepAll, [])
      .option("--no-header", "the first line of a CSV file is a row, not column names")
      .addOption(new Option("--ids <source>", "the source of item ids").choices(["file", "content"]).default("file"))
      .option("--split <name>", "the split of rows that do not name one")
      .option("--branch <name>", "the branch whose draft changes", "main")
      .option("--replace", "remove all items that are not in the file")
      .addOption(
        new Option("--upsert", "replace items with the same id, and add other rows at the end").conflicts("replace"),
      )
      .option("--keep-good-rows", "import the valid rows of a file with errors")
      .option("--preview", "show what would be imported, and change nothing")
      .option("--commit <message>", "commit the draft after the import")
      .option("--name <name>", "the file name, for standard input"),
  )
    .addHelpText("after", "\nInvalid rows are listed with their lines. Ctrl-C cancels the import and changes nothing.")
    .action((file: string, flags: Flags) => run(file, flags).catch((error: unknown) => reportFailure(error, flags)));
}

const keepAll = (value: string, all: string[]) => [...all, value];

async function run(path: string, flags: Flags) {
  const { client } = connect(flags);
  const file = await send(client, path, flags);
  const params = { fileId: file.fileId };
  const reading = await readingOf(client, file.fileId, flags);
  if (flags.preview) {
    const preview = await client.call("POST /api/v1/dataset-files/:fileId/preview", { params, body: reading });
    await client.call("DELETE /api/v1/dataset-files/:fileId", { params });
    return showPreview(preview, flags);
  }
  const dataset = await findOrMake(client, flags.dataset ?? nameOf(file.name));
  const { datasetId } = dataset;
  const { branch, keepGoodRows = false } = flags;
  const mode = flags.replace ? "replace" : flags.upsert ? "upsert" : "append";
  const begun = await client.call("POST /api/v1/datasets/:datasetId/imports", {
    params: { datasetId },
    body: { ...reading, fileId: file.fileId, branch, mode, keepGoodRows },
  });
  const ended = await follow(client, begun, flags);
  if (flags.json) console.log(JSON.stringify(ended));
  else {
    showErrors(ended);
    const replaced = flags.upsert ? `, and ${ended.rowsReplaced} replaced existing items` : "";
    console.log(`${ended.rowsAdded} items are in the draft of ${branch} of "${dataset.name}"${replaced}.`);
  }
  if (flags.commit !== undefined) await commit(client, datasetId, flags);
}

async function send(client: Client, path: string, { json, name = basename(path) }: Flags) {
  const total = path === "-" ? null : sizeOf(path);
  const content = path === "-" ? process.stdin : createReadStream(path);
  let last = "";
  const onProgress = (sentBytes: number) => {
    const share = total ? `, ${Math.floor((sentBytes / total) * 10) * 10} %` : "";
    const line = `Sent ${inMegabytes(sentBytes)} of ${name}${share}`;
    if (!json && line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
  return sendDatasetFile(client, { name: path === "-" && name === "-" ? "rows" : name, content, onProgress });
}

function sizeOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new UsageError(`There is no file "${path}".`);
  if (stats.isDirectory()) throw new UsageError(`"${path}" is a folder. Name a file.`);
  return stats.size;
}

/** The flags that describe the file. Mapped columns override guesses. */
async function readingOf(client: Client, fileId: string, flags: Flags): Promise<Reading> {
  const { format, shape, header: hasHeader, ids, split, map } = flags;
  const reading: Reading = { format, shape, hasHeader, ids, split };
  if (map.length === 0) return reading;
  const asTable: Reading = { ...reading, shape: "table" };
  const guessed = await client.call("POST /api/v1/dataset-files/:fileId/preview", {
    params: { fileId },
    body: asTable,
  });
  return { ...asTable, mapping: readMapping(map, guessed.mapping) };
}

async function findOrMake(client: Client, named: string) {
  return findDataset(client, named).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.code === "not_found")) throw error;
    return client.call("POST /api/v1/datasets", { body: { name: named } });
  });
}

/** `chats.v2` of `chats.v2.jsonl.gz`. */
const nameOf = (file: string) => file.replace(/\.gz$/i, "").replace(/\.(csv|tsv|json|jsonl|ndjson|parquet)$/i, "");

async function follow(client: Client, { importId, jobId }: { importId: string; jobId: string }, { json }: Flags) {
  const params = { importId };
  try {
    await followJob(client, jobId, { isQuiet: json ?? false });
  } catch (error) {
    const refused = await client.call("GET /api/v1/dataset-imports/:importId", { params });
    if (json) console.log(JSON.stringify(refused));
    else showErrors(refused);
    throw error;
  }
  return client.call("GET /api/v1/dataset-imports/:importId", { params });
}

function showErrors({ errors, errorCount }: Pick<Import, "errors" | "errorCount">) {
  for (const { line, pointer, message } of errors.slice(0, ERRORS_SHOWN))
    process.stderr.write(`line ${line}${pointer ? `, ${pointer}` : ""}: ${message}\n`);
  const more = errorCount - Math.min(errors.length, ERRORS_SHOWN);
  if (more > 0) process.stderr.write(`and ${more} more rows with errors; --json lists the first 1,000\n`);
}

function showPreview(preview: Answer<"POST /api/v1/dataset-files/:fileId/preview">, { json }: Flags) {
  if (json) return console.log(JSON.stringify(preview));
  const { format, shape, fittingShapes, columns, mapping, rowsRead, isWholeFile, items, errorCount } = preview;
  console.log(
    `${format}, ${shape}${fittingShapes.length > 1 ? ` (also ${fittingShapes.filter((id) => id !== shape).join(", ")})` : ""}`,
  );
  for (const { column, types, examples } of columns) {
    const place = mapping.find((one) => one.column === column);
    const to = shape === "table" && place ? ` → ${place.to}${place.name === null ? "" : `.${place.name}`}` : "";
    console.log(`  ${column}: ${types.join(" or ")}${to}, such as ${JSON.stringify(examples[0] ?? "")}`);
  }
  for (const { line, inputs, expected } of items.slice(0, 3))
    console.log(`line ${line}: ${JSON.stringify(inputs).slice(0, 150)} → ${JSON.stringify(expected).slice(0, 100)}`);
  showErrors(preview);
  console.log(
    `${rowsRead} rows checked${isWholeFile ? " (the whole file)" : ""}; ${errorCount} with errors. Nothing was imported.`,
  );
}

async function commit(client: Client, datasetId: string, { branch, commit: message = "", json }: Flags) {
  const version = await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
    params: { datasetId },
    body: { branch, message },
  });
  console.log(
    json ? JSON.stringify(version) : `Version ${version.version}, ${version.stats.rows} items, root ${version.root}`,
  );
}
