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
  const { snapshot, lines, bytes } = recover(path, log);
  const file = openLines(path, bytes, log);
  return {
    snapshot,
    lines,
    append: file.append,
    compact(read) {
      if (file.grown() >= linesBytes) file.attempt(() => file.rewrite(read()));
    },
    async close(read) {
      file.rewrite(read());
      file.close();
    },
  };
}

/** The file that lines are appended to. `bytes` is where its last whole line ends. */
function openLines(path: string, bytes: number, log: Log) {
  let file = openSync(path, "a", 0o600);
  ftruncateSync(file, bytes);
  if (bytes === 0) writeSync(file, "null\n");
  let grown = bytes;
  const attempt = createAttempt(path, log);
  const sync = createSync(attempt);
  return {
    attempt,
    grown: () => grown,
    append(line: object): void {
      attempt(() => {
        grown += writeSync(file, `${JSON.stringify(line)}\n`);
      });
      sync.soon(() => file);
    },
    rewrite(snapshot: object): void {
      sync.cancel();
      const next = replace(path, snapshot);
      closeSync(file);
      file = next;
      grown = 0;
    },
    close: () => closeSync(file),
  };
}

/** Runs a write. Of failures in a row, the first one is logged. */
function createAttempt(path: string, log: Log) {
  let hasFailed = false;
  return (write: () => void): void => {
    try {
      write();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) log.error({ error, path }, "a change could not be written to a journal; it is only in memory");
      hasFailed = true;
    }
  };
}

/** Syncs a file to the disk a moment after a write, off the path of the writer. */
function createSync(attempt: (write: () => void) => void) {
  let timer: NodeJS.Timeout | null = null;
  return {
    soon(current: () => number): void {
      timer ??= setTimeout(() => {
        timer = null;
        const file = current();
        fdatasync(file, (error) => {
          // A file that was replaced meanwhile was synced by that.
          if (error && file === current())
            attempt(() => {
              throw error;
            });
        });
      }, SYNC_AFTER_MS).unref();
    },
    cancel(): void {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

/** Writes a snapshot to a new file, which takes the place of the old one in one step, so that a crash finds one of them whole. */
function replace(path: string, snapshot: object): number {
  const next = openSync(`${path}.next`, "w", 0o600);
  writeSync(next, `${JSON.stringify(snapshot)}\n`);
  fdatasyncSync(next);
  renameSync(`${path}.next`, path);
  syncFolder(dirname(path));
  return next;
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
