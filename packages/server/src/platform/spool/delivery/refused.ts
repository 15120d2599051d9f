import { mkdir, open, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { notFound } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import type { RefusedBatch } from "../port.ts";
import { syncFolder, writeAll } from "../segments/write-all.ts";

const Head = z.object({
  table: z.string(),
  rows: z.number(),
  error: z.string(),
  firstFailedAt: z.string(),
  attempts: z.number(),
});
const MAX_ERROR_CHARACTERS = 2_000;
const EXTENSION = ".jsonl";
const UNFINISHED = ".new";
const LINE_FEED = Buffer.from("\n");

type Added = {
  readonly id: string;
  readonly table: string;
  /** Lines of JSON with line feeds between them, `rows` of them. */
  readonly lines: Buffer;
  readonly rows: number;
  readonly error: string;
  readonly at: number;
};

/**
 * The list of permanently rejected rows: one file each, with the reason in the first line and the rows in the others.
 */
export async function openRefused(folder: string, log: Log) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const batches = new Map<string, RefusedBatch>();
  for (const name of (await readdir(folder)).sort()) {
    const batch = name.endsWith(EXTENSION) ? await readHead(folder, name) : null;
    if (batch) batches.set(batch.id, batch);
    else if (name.endsWith(UNFINISHED)) await unlink(join(folder, name));
    else log.warn({ file: join(folder, name) }, "ignored an unknown file in the folder of undeliverable rows");
  }
  const pathOf = (id: string) => join(folder, id + EXTENSION);

  /** Written to a separate file and renamed, so that a crash leaves the old file or the new one. */
  async function save(batch: Omit<RefusedBatch, "bytes">, lines: Buffer) {
    const { id, table, rows, error, firstFailedAt, attempts } = batch;
    const head = Buffer.from(`${JSON.stringify({ table, rows, error, firstFailedAt, attempts })}\n`);
    const file = await open(`${pathOf(id)}${UNFINISHED}`, "w", 0o600);
    let bytes = 0;
    try {
      bytes = await writeAll(file, [head, lines, LINE_FEED], 0);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${pathOf(id)}${UNFINISHED}`, pathOf(id));
    await syncFolder(folder);
    batches.set(id, { id, table, rows, error, firstFailedAt, attempts, bytes });
  }

  async function read(id: string): Promise<{ batch: RefusedBatch; lines: Buffer }> {
    const batch = batches.get(id);
    if (!batch) throw notFound("undeliverable batch", id);
    const content = await readFile(pathOf(id));
    return { batch, lines: content.subarray(content.indexOf("\n") + 1, content.length - 1) };
  }

  return {
    list: (): RefusedBatch[] => [...batches.values()].sort((a, b) => b.firstFailedAt.localeCompare(a.firstFailedAt)),
    rows: () => [...batches.values()].reduce((sum, batch) => sum + batch.rows, 0),
    read,
    /** Adds rows, or replaces rows with the same id: a batch that is delivered again after a crash is listed once. */
    add: ({ id, table, lines, rows, error, at }: Added) =>
      save(
        {
          id,
          table,
          rows,
          error: error.slice(0, MAX_ERROR_CHARACTERS),
          firstFailedAt: new Date(at).toISOString(),
          attempts: 1,
        },
        lines,
      ),
    /** Notes that another try failed too. */
    async failedAgain(id: string, error: string): Promise<void> {
      const { batch, lines } = await read(id);
      await save({ ...batch, error: error.slice(0, MAX_ERROR_CHARACTERS), attempts: batch.attempts + 1 }, lines);
    },
    async remove(id: string): Promise<void> {
      if (!batches.has(id)) throw notFound("undeliverable batch", id);
      await unlink(pathOf(id));
      await syncFolder(folder);
      batches.delete(id);
    },
  };
}
export type Refused = Awaited<ReturnType<typeof openRefused>>;

async function readHead(folder: string, name: string): Promise<RefusedBatch | null> {
  const content = await readFile(join(folder, name), "utf8");
  const head = Head.safeParse(parseOrNull(content.slice(0, content.indexOf("\n"))));
  return head.success
    ? { id: name.slice(0, -EXTENSION.length), bytes: Buffer.byteLength(content), ...head.data }
    : null;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
