import type { ChangeCounts, DatasetSchema } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ItemStreams } from "../chunks/item-streams.ts";
import type { Manifest } from "../chunks/manifest.ts";
import type { Drafts } from "../drafts/drafts-service.ts";
import type { Content } from "../files/row.ts";
import type { FileKeeper } from "./file-keeper.ts";
import type { Tally } from "./import-items.ts";
import { importRows } from "./import-rows.ts";
import { createImportStore, type ImportRecord, toDatasetImport } from "./import-store.ts";
import { inspectFile, type NamedContent, type ResolvedReading } from "./inspect-file.ts";
import { upsertItems } from "./upsert-items.ts";

/** The draft of a branch as an import finds it, and what its dataset asks of items. */
type DraftHead = { readonly revision: number; readonly manifest: Manifest; readonly schema: DatasetSchema };
/** The draft functions for imports. */
export type ImportDrafts = Pick<Drafts, "push"> & {
  head(scope: Scope, datasetId: string, branch: string): Promise<DraftHead>;
};
type Deps = {
  readonly db: Postgres;
  readonly keeper: FileKeeper;
  readonly objects: Pick<Objects, "get">;
  readonly streams: Pick<ItemStreams, "writeBehind" | "readItems" | "rewriteItems">;
  readonly drafts: ImportDrafts;
  readonly clock: Clock;
};

const Payload = z.object({ importId: z.string() });
type Payload = z.infer<typeof Payload>;
export const IMPORT_KIND: JobKind<Payload, null> = { name: "dataset-import", payload: Payload, state: z.null() };
type Run = JobRun<Payload, null>;
type Source = Pick<ImportRecord, "mode" | "keepGoodRows"> & {
  readonly file: NamedContent;
  readonly isGzip: boolean;
  readonly reading: ResolvedReading;
  readonly onRows: (rowsRead: number) => void;
};

/** How many times an import is repeated because another user changed the draft in the meantime. */
const MOST_TRIES = 3;

/**
 * Imports a file into a draft. Everything is written separately, and added to the draft at the end, in one transaction
 * with the import's record. A crash before that leaves the draft unchanged, and a crash after it imports nothing twice.
 */
export function createImporter({ db, keeper, objects, streams, drafts, clock }: Deps): JobHandler<Payload, null> {
  const store = createImportStore(db);

  async function build(run: Run, row: ImportRecord, head: DraftHead) {
    const { scope, report } = run;
    const { record, content } = await keeper.open(scope, row.fileId);
    const counted = countBytes(content, (bytes) => report({ done: bytes, total: content.sizeBytes, unit: "bytes" }));
    const file: NamedContent = { name: record.name, content };
    const { reading, isGzip } = await inspectFile(file, row.reading);
    const onRows = (rows: number) => report({ message: `${countOf(rows, "row")} read` });
    const given = { ...file, content: counted };
    const written = await write(run, head, { ...row, file: given, isGzip, reading, onRows });
    return { reading, ...(await settle(streams, run, { row, head, written })) };
  }

  /** Threads read the file. Its ids must differ from the ids of remaining items. */
  async function write({ scope, signal }: Run, { manifest, schema }: DraftHead, source: Source) {
    const { file, isGzip, reading, mode, keepGoodRows, onRows } = source;
    const { name, content } = file;
    const before = mode === "append" ? manifest.chunks : [];
    const settings = { name, sizeBytes: content.sizeBytes, reading, schema };
    const isPlainLines = reading.format === "jsonl" && !isGzip;
    const how = { content, settings, isPlainLines, keepGoodRows, before, objects, signal, onRows };
    const { promise: tally, resolve } = Promise.withResolvers<Tally>();
    const after = await streams.writeBehind(scope, before.slice(0, -1), async (writer) =>
      resolve(await importRows(writer, how)),
    );
    return { manifest: after, tally: await tally };
  }

  async function importOnce(run: Run, row: ImportRecord): Promise<Partial<ImportRecord>> {
    const { scope } = run;
    const { datasetId, branch } = row;
    const head = await drafts.head(scope, datasetId, branch);
    const { manifest, tally, reading, refusal, counts } = await build(run, row, head);
    const changes = { ...tally, endedAt: new Date(clock.now()) };
    if (refusal) {
      await store.update(scope.projectId, row.id, { ...changes, rowsAdded: 0, state: "refused" });
      throw refusal;
    }
    const step = {
      kind: "import" as const,
      summary: summaryOf(row, tally, counts),
      counts,
      recipe: recipeOf(row, reading),
    };
    await db.transaction(async (tx) => {
      const change = { datasetId, branch, expectedRevision: head.revision, step, manifest };
      await drafts.push(scope, change, tx);
      await createImportStore(tx).update(scope.projectId, row.id, { ...changes, state: "done" });
    });
    return { ...changes, state: "done" };
  }

  return {
    async run(run) {
      const row = await store.find(run.scope.projectId, run.payload.importId);
      if (!row) throw notFound("import", run.payload.importId);
      // The last attempt updated the draft, but the job did not record it.
      if (row.state === "done") return toDatasetImport(row);
      await keeper.extend(row.fileId);
      for (let tries = 1; ; tries++) {
        try {
          return toDatasetImport({ ...row, ...(await importOnce(run, row)) });
        } catch (error) {
          const isOvertaken = error instanceof AppError && error.code === "conflict";
          if (!isOvertaken || tries === MOST_TRIES) throw error;
        }
      }
    },
  };
}

type Written = { readonly manifest: Manifest; readonly tally: Tally };
type Settling = { readonly row: ImportRecord; readonly head: DraftHead; readonly written: Written };

/** The new state of the draft: the written rows, or, for an upsert, the existing items with the file's rows. */
async function settle(
  streams: Pick<ItemStreams, "readItems" | "rewriteItems">,
  { scope, signal, report }: Run,
  { row, head, written }: Settling,
): Promise<Written & { readonly refusal: AppError | null; readonly counts: ChangeCounts }> {
  const { tally, manifest } = written;
  const refusal = refusalOf(row, tally);
  const removed = row.mode === "replace" ? head.manifest.rows : 0;
  if (refusal || row.mode !== "upsert")
    return { ...written, refusal, counts: { added: tally.rowsAdded, removed, changed: 0 } };
  report({ message: "Replacing the existing rows" });
  const upserted = await upsertItems({ streams }, scope, { before: head.manifest, file: manifest, signal });
  return { ...upserted, tally: { ...tally, rowsAdded: upserted.counts.added }, refusal };
}

function refusalOf({ fileName, keepGoodRows }: ImportRecord, { rowsRead, rowsAdded, errorCount, errors }: Tally) {
  const [first] = errors;
  if (first && (!keepGoodRows || rowsAdded === 0)) {
    const place = `line ${first.line}${first.pointer === "" ? "" : `, ${first.pointer}`}`;
    const what = errorCount === 1 ? "One row has" : `${errorCount} of ${rowsRead} rows have`;
    const how = keepGoodRows
      ? "There are no valid rows."
      : "Nothing was imported. Correct the errors, or import only the valid rows.";
    return new AppError("unprocessable", { message: `${what} errors, the first in ${place}: ${first.message} ${how}` });
  }
  return rowsRead === 0 ? new AppError("unprocessable", { message: `"${fileName}" contains no rows.` }) : null;
}

function summaryOf({ fileName, mode }: ImportRecord, { rowsAdded, errorCount }: Tally, { changed }: ChangeCounts) {
  const what = mode === "replace" ? "Replaced everything with" : "Imported";
  const put = mode === "upsert" ? `, ${changed} changed` : "";
  const lost = errorCount > 0 ? `, ${countOf(errorCount, "row")} with errors skipped` : "";
  return `${what} ${rowsAdded} ${mode === "upsert" ? "new items" : "items"} from ${fileName}${put}${lost}`;
}

const recipeOf = ({ id, fileName, mode }: ImportRecord, { mapping, shape, ...reading }: ResolvedReading) => ({
  importId: id,
  file: fileName,
  mode,
  ...reading,
  shape,
  ...(shape === "table" && { mapping }),
});

/** A file that counts the bytes read. */
function countBytes(content: Content, tell: (bytes: number) => void): Content {
  let read = 0;
  async function* counted(pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      read += piece.byteLength;
      tell(Math.min(read, content.sizeBytes));
      yield piece;
    }
  }
  return {
    sizeBytes: content.sizeBytes,
    read: (range) => counted(content.read(range)),
    lend: () => counted(content.lend?.() ?? content.read()),
  };
}
