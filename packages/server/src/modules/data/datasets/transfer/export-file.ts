import { type DatasetExportResult, FILE_FORMATS, ITEM_SHAPES, type Item } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { createRowEncoder } from "../chunks/item-hash.ts";
import type { ItemStreams } from "../chunks/item-streams.ts";
import type { Manifests } from "../chunks/manifest.ts";
import type { Column, Row } from "../files/row.ts";
import { gzip, needsColumns, writeRows } from "../files/write-rows.ts";
import { shapeOf } from "../shapes/find-shape.ts";
import type { FileKeeper } from "./file-keeper.ts";
import { writeFile } from "./write-file.ts";

type Deps = {
  readonly keeper: FileKeeper;
  readonly streams: Pick<ItemStreams, "readItems">;
  readonly manifests: Pick<Manifests, "read">;
};

const Payload = z.object({
  manifestSha: z.string(),
  name: z.string(),
  format: z.enum(FILE_FORMATS),
  shape: z.enum(ITEM_SHAPES),
  gzip: z.boolean(),
  splits: z.array(z.string().nullable()).nullable(),
  isPlain: z.boolean(),
  keepGoodRows: z.boolean(),
});
type Payload = z.infer<typeof Payload>;
export const EXPORT_KIND: JobKind<Payload, null> = { name: "dataset-export", payload: Payload, state: z.null() };

type Run = JobRun<Payload, null>;
type Skipped = { count: number; readonly errors: DatasetExportResult["errors"] };
type Rows = AsyncGenerator<readonly Row[], void, undefined>;

const BATCH_ROWS = 200;
const ERRORS_KEPT = 100;
const MAX_COLUMNS = 1_000;

/** Writes the items of a manifest to a file. An interrupted export starts again, and no reader sees an incomplete file. */
export function createExporter({ keeper, streams, manifests }: Deps): JobHandler<Payload, null> {
  /** The rows of the file, some at a time; `skipped` hears of items that cannot be expressed. */
  async function* rowsOf(run: Run, skipped: Skipped, message: string): Rows {
    const { scope, payload, signal, report } = run;
    const manifest = await manifests.read(payload.manifestSha);
    const toRow = createRowWriter(payload, skipped);
    let batch: Row[] = [];
    let done = 0;
    for await (const item of streams.readItems(scope, manifest, { signal })) {
      const row = toRow(item);
      done += 1;
      if (row) batch.push(row);
      if (batch.length < BATCH_ROWS) continue;
      report({ done, total: manifest.rows, unit: "rows", message });
      yield batch;
      batch = [];
    }
    report({ done, total: manifest.rows, unit: "rows", message });
    yield batch;
  }

  return {
    async run(run) {
      const { format, name } = run.payload;
      const isTable = needsColumns(format);
      const columns = isTable ? await columnsOf(rowsOf(run, noneSkipped(), "Finding the columns")) : [];
      const skipped = noneSkipped();
      const { rows, countRows } = counted(rowsOf(run, skipped, "Writing the file"));
      const isGzip = run.payload.gzip && format !== "parquet";
      const bytes = writeRows(rows, { format, columns });
      const content = isGzip ? gzip(bytes) : bytes;
      const { signal, scope } = run;
      const file = await writeFile(keeper, scope, { name, format, isGzip, content, countRows, signal });
      const { fileId, sizeBytes } = file;
      const { count, errors } = skipped;
      return { fileId, name, rows: countRows(), sizeBytes, skipped: count, errors } satisfies DatasetExportResult;
    },
  };
}

const noneSkipped = (): Skipped => ({ count: 0, errors: [] });

function counted(source: Rows): { rows: Rows; countRows: () => number } {
  let count = 0;
  const rows = (async function* () {
    for await (const batch of source) {
      count += batch.length;
      yield batch;
    }
  })();
  return { rows, countRows: () => count };
}

/** The columns of all rows in order of appearance. A column with a value that is not text contains JSON. */
async function columnsOf(rows: Rows): Promise<Column[]> {
  const columns = new Map<string, boolean>();
  for await (const batch of rows)
    for (const row of batch)
      for (const [name, value] of Object.entries(row))
        if (value !== undefined) columns.set(name, columns.get(name) === true || typeof value !== "string");
  if (columns.size <= MAX_COLUMNS) return [...columns].map(([name, isJson]) => ({ name, isJson }));
  throw new AppError("unprocessable", {
    message: `The items have ${columns.size} different keys, but a table has at most ${MAX_COLUMNS} columns. Use the shape treadle or the format jsonl.`,
  });
}

/** Items as rows of a shape; null for an item that is filtered out, or that cannot be expressed and may be skipped. */
function createRowWriter({ shape: id, splits, isPlain, keepGoodRows }: Payload, skipped: Skipped) {
  const shape = shapeOf(id);
  const wanted = splits && new Set(splits);
  const ownIdOf = createOwnIds();
  return function toRow(item: Item): Row | null {
    if (wanted && !wanted.has(item.split)) return null;
    try {
      if (isPlain) return shape.write({ ...item, metadata: {}, split: null, ownId: null });
      return shape.write({ ...item, ownId: ownIdOf(item) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const message = `The item ${item.itemId} cannot be written as ${shape.label}. ${error.message} Or skip items that cannot be written.`;
      if (!keepGoodRows) throw new AppError("unprocessable", { message, cause: error });
      skipped.count += 1;
      if (skipped.errors.length < ERRORS_KEPT) skipped.errors.push({ itemId: item.itemId, message: error.message });
      return null;
    }
  };
}

/** Null for an item whose content gives it its id again when the file is read. */
function createOwnIds() {
  const encoder = createRowEncoder();
  return ({ itemId, ...draft }: Item) => (encoder.encode(draft)?.item.itemId === itemId ? null : itemId);
}
