import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Log } from "../../kernel/log.ts";
import type { Journal } from "./port.ts";

const SYNC_AFTER_MS = 50;
/** Lines may take this much before a snapshot replaces them. */
const LINES_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 10;

type Options = { readonly folder: string; readonly name: string; readonly log: Log; readonly linesBytes?: number };
type Recovered = {
  readonly snapshot: unknown;
  readonly lines: unknown[];
  /** Where the last whole line ends. A line that a crash cut off follows. */
  readonly bytes: number;
};

/** Opens the journal `name` in a folder, which is made when it does not exist. No other process may use it. */
export function openJournal({ folder, name, log, linesBytes = LINES_BYTES }: Options): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  const recovered = recover(path, log);
  let file = openSync(path, "a", 0o600);
  ftruncateSync(file, recovered.bytes);
  if (recovered.bytes === 0) writeSync(file, "null\n");
  let grown = recovered.bytes;
  let timer: NodeJS.Timeout | null = null;
  let hasFailed = false;

  function failed(error: unknown) {
    if (!hasFailed) log.error({ error, path }, "a change could not be written to a journal; it is only in memory");
    hasFailed = true;
  }
  function sync() {
    timer = null;
    const synced = file;
    fdatasync(synced, (error) => error && synced === file && failed(error));
  }
  /** The new file takes the place of the old one in one step, so that a crash finds one of them whole. */
  function rewrite(snapshot: object) {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const next = openSync(`${path}.next`, "w", 0o600);
    writeSync(next, `${JSON.stringify(snapshot)}\n`);
    fdatasyncSync(next);
    renameSync(`${path}.next`, path);
    syncFolder(dirname(path));
    closeSync(file);
    file = next;
    grown = 0;
  }
  return {
    snapshot: recovered.snapshot,
    lines: recovered.lines,
    append(line) {
      try {
        grown += writeSync(file, `${JSON.stringify(line)}\n`);
        hasFailed = false;
      } catch (error) {
        failed(error);
      }
      timer ??= setTimeout(sync, SYNC_AFTER_MS).unref();
    },
    compact(read) {
      if (grown < linesBytes) return;
      try {
        rewrite(read());
      } catch (error) {
        failed(error);
      }
    },
    async close(read) {
      rewrite(read());
      closeSync(file);
    },
  };
}

function syncFolder(folder: string) {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function recover(path: string, log: Log): Recovered {
  const content = readExisting(path);
  const bytes = content.lastIndexOf(LINE_FEED) + 1;
  const [first = "null", ...rest] = content.toString("utf8", 0, bytes).split("\n").slice(0, -1);
  const lines = rest.flatMap((line) => readLine(line, { path, log }));
  return { snapshot: readLine(first, { path, log })[0] ?? null, lines, bytes };
}

function readExisting(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/** One value, or none for a damaged line, which is skipped. */
function readLine(line: string, { path, log }: Pick<Options, "log"> & { path: string }): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch (error) {
    log.warn({ error, path }, "a damaged line of a journal was skipped");
    return [];
  }
}
