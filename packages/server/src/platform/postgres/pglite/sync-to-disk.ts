import { closeSync, fdatasyncSync, fsyncSync, openSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { z } from "zod";

/** The part of Emscripten's file system that PGlite mounts its folder with; internal to it, so its shape is checked. */
const NodeFileSystem = z.object({
  realPath: z.custom<(node: unknown) => string>((value) => typeof value === "function"),
  stream_ops: z.looseObject({ read: z.custom<unknown>((value) => typeof value === "function") }),
});
type Stream = { readonly nfd?: number; readonly node: unknown };

/**
 * Makes the engine's fsync real: as shipped, its file system has none and answers "done" to every call, so a commit would
 * not survive a power cut. Throws when an upgrade has moved the internals, rather than promise what it does not do.
 */
export function syncToDisk(engine: PGlite): void {
  const mounted: unknown = engine.Module.FS.filesystems.NODEFS;
  const parsed = NodeFileSystem.safeParse(mounted);
  if (!parsed.success)
    throw new Error("This version of PGlite cannot be made to sync its files to the disk.", { cause: parsed.error });
  const { realPath } = parsed.data;
  const operations = engine.Module.FS.filesystems.NODEFS.stream_ops;
  operations.fsync = ({ nfd, node }: Stream) => {
    if (nfd === undefined) syncFolder(realPath(node));
    else fdatasyncSync(nfd);
    return 0;
  };
}

/** PostgreSQL syncs the folder after it has made or renamed a file in it; Emscripten opens no descriptor for a folder. */
function syncFolder(path: string) {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
