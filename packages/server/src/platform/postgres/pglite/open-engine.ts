import { readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { openDurableFiles, type Sync } from "./durable-files.ts";
import { explainOpening } from "./explain-opening.ts";
import { installTemplate, readTemplate } from "./template.ts";

type Options = {
  /** Null stores everything in memory. */
  readonly folder: string | null;
  /** The path of the tar of a cluster that a database in memory begins with. By default, an empty cluster. */
  readonly template?: string;
  readonly sync?: Sync;
};

// One session needs little: this halves the memory at rest, and the operating system caches the files anyway.
const SMALL = ["-c", "shared_buffers=16MB", "-c", "max_connections=5"];
/** Without `-F`, which PGlite sets, and with the one way of syncing that reaches the file system. */
const DURABLE = [...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"), "-c", "wal_sync_method=fsync"];
const LINES_KEPT = 10;

/** Opens the embedded database, from the template if there is none yet. Throws with PostgreSQL's last log message. */
export async function openEngine({ folder, template, sync }: Options): Promise<PGlite> {
  const logged: string[] = [];
  const onStderr = (line: string) => {
    logged.push(line);
    if (logged.length > LINES_KEPT) logged.shift();
    return true;
  };
  const options = { extensions: { vector }, onStderr };
  try {
    if (folder === null) {
      const loadDataDir = new Blob([await (template === undefined ? readTemplate() : readFile(template))], {
        type: "application/x-tar",
      });
      return await PGlite.create({ ...options, loadDataDir, startParams: [...PGlite.defaultStartParams, ...SMALL] });
    }
    await installTemplate(folder);
    return await PGlite.create({ ...options, fs: openDurableFiles(folder, sync), startParams: [...DURABLE, ...SMALL] });
  } catch (cause) {
    throw explainOpening(folder, { cause, logged });
  }
}
