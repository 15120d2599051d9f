import { copyFile, link, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openColumnar } from "../../packages/server/src/platform/columnar/open.ts";
import type { Columnar } from "../../packages/server/src/platform/columnar/port.ts";
import { lockDataFolder } from "../../packages/server/src/platform/data-folder/lock.ts";
import { createProcesses } from "../gateway/gateway-processes.ts";
import { clientOf, startServer } from "../gateway/gateway-treadle.ts";
import { insertRows } from "./span-columns.ts";
import { BLOCK_ROWS, type SpanTable } from "./span-traces.ts";

export const DEFAULT_SEED = 1;
/** The default folder for a table of this many rows. */
export const defaultSpanFolder = (rows: number) => join(tmpdir(), `treadle-spans-${rows}`);

/** Rows per insert. Its memory use grows with this number. */
const SLICE_ROWS = 200_000;
/** A record next to the server's files: which table the folder contains, and how much of it is written. */
const NOTE = "span-table.json";
type Note = SpanTable & { readonly writtenRows: number };

type Wanted = {
  readonly folder: string;
  readonly rows: number;
  readonly seed: number;
  /** The project of most rows. Without it a server is started on the folder once, and its first project takes them. */
  readonly projectId?: string;
  /** Called after each slice, and once for the last one. */
  progress(line: string): void;
};

/**
 * Returns a data folder whose table `spans` has this many generated rows. A server can be started on it. A complete
 * folder is reused, and an incomplete one is finished. Throws if the folder contains another table.
 */
export async function fillSpanFolder({ folder, rows, seed, projectId, progress }: Wanted): Promise<SpanTable> {
  if (!Number.isInteger(rows) || rows <= 0 || rows % BLOCK_ROWS !== 0)
    throw new Error(`${rows} rows cannot be made: take a multiple of ${BLOCK_ROWS}.`);
  const found = await readNote(folder);
  if (found && (found.rows !== rows || found.seed !== seed || (projectId ?? found.projectId) !== found.projectId))
    throw new Error(
      `${folder} holds a table of ${found.rows} rows (seed ${found.seed}, project ${found.projectId}). Ask for that one, or take another folder.`,
    );
  if (found?.writtenRows === rows) return found;
  const note = found ?? {
    projectId: projectId ?? (await makeFirstProject(folder)),
    rows,
    seed,
    until: Date.now(),
    writtenRows: 0,
  };
  const lock = await lockDataFolder(folder);
  const columnar = await openColumnar({ folder: join(folder, "columnar") });
  try {
    await fill(columnar, note, { folder, progress });
  } finally {
    await columnar.close();
    await removeMerged(join(folder, "columnar"));
    await lock.release();
  }
  return note;
}

async function fill(columnar: Columnar, note: Note, { folder, progress }: Pick<Wanted, "folder" | "progress">) {
  const startedAt = performance.now();
  // One merge at the end is less work than many in between.
  await columnar.command("SYSTEM STOP MERGES spans");
  for (let start = note.writtenRows; start < note.rows; start += SLICE_ROWS) {
    const end = Math.min(start + SLICE_ROWS, note.rows);
    await columnar.command(insertRows(note, start, end));
    await writeFile(join(folder, NOTE), JSON.stringify({ ...note, writtenRows: end < note.rows ? end : start }));
    const rate = Math.round(((end - note.writtenRows) * 1_000) / (performance.now() - startedAt));
    progress(`${end} of ${note.rows} rows, ${rate} rows/s, ${await megabytes(columnar)} MB`);
  }
  progress("merging to one part for each month");
  await columnar.command("SYSTEM START MERGES spans");
  await columnar.command("OPTIMIZE TABLE spans FINAL SETTINGS optimize_throw_if_noop = 1");
  await writeFile(join(folder, NOTE), JSON.stringify({ ...note, writtenRows: note.rows }));
  progress(`done in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
}

/** Removes the parts of tables that others replaced; the engine itself would do so at leisure while it is open. */
async function removeMerged(folder: string): Promise<void> {
  const parts = (await readdir(folder, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isDirectory() && PART.test(entry.name))
    .map(({ parentPath, name }) => {
      const [partition, first, last, level] = name.split("_");
      return {
        table: `${parentPath} ${partition}`,
        first: Number(first),
        last: Number(last),
        level: Number(level),
        path: join(parentPath, name),
      };
    });
  const merged = parts.filter((part) =>
    parts.some(
      (other) =>
        other.table === part.table && other.level > part.level && other.first <= part.first && other.last >= part.last,
    ),
  );
  for (const { path } of merged) await rm(path, { recursive: true });
}
/** Partition, first and last block, and how often it was merged. */
const PART = /^\d+_\d+_\d+_\d+$/;

const megabytes = async (columnar: Columnar) => Math.round((await columnar.sizeBytes()) / 1e6);

async function readNote(folder: string): Promise<Note | null> {
  const text = await readFile(join(folder, NOTE), "utf8").catch(() => null);
  return text === null ? null : JSON.parse(text);
}

/** The id of the project that a server makes at its first start; the folder has all its stores afterwards. */
async function makeFirstProject(folder: string): Promise<string> {
  const processes = await createProcesses();
  try {
    const server = await startServer(processes, folder);
    const { items } = await clientOf(server).call("GET /api/v1/projects");
    const [first] = items;
    if (!first) throw new Error("the server has no project");
    return first.projectId;
  } finally {
    await processes.close();
  }
}

/** A copy that may be written to, made in no time: a part of a table never changes, so its files are shared. */
export async function copySpanFolder(folder: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(`${resolve(folder)}-copy-`);
  const copy = async (names: readonly string[], isPart: boolean): Promise<void> => {
    await mkdir(join(path, ...names), { recursive: true });
    for (const entry of await readdir(join(folder, ...names), { withFileTypes: true })) {
      const inner = [...names, entry.name];
      if (entry.isDirectory()) await copy(inner, isPart || PART.test(entry.name));
      // The engine's links are relative, so that they lead into the copy.
      else if (entry.isSymbolicLink()) await symlink(await readlink(join(folder, ...inner)), join(path, ...inner));
      else if (entry.isFile()) await (isPart ? link : copyFile)(join(folder, ...inner), join(path, ...inner));
    }
  };
  await copy([], false);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
