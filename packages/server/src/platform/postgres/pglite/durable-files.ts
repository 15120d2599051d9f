import { closeSync, fdatasyncSync, fsyncSync, openSync } from "node:fs";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { z } from "zod";

/** How an open file's content is brought to the disk; an argument, so that a test can count. */
export type Sync = (descriptor: number) => void;

const isFunction = <F>(value: unknown): value is F => typeof value === "function";

/** The part of Emscripten's file system that PGlite mounts its folder with; internal to it, so its shape is checked. */
const Internals = z.object({
  realPath: z.custom<(node: unknown) => string>(isFunction),
  /** Converts a Node error to the engine's error. */
  tryFSOperation: z.custom<(work: () => number) => number>(isFunction),
  stream_ops: z.custom<{ fsync?: (stream: Stream) => number }>((value) => typeof value === "object" && value !== null),
});
type Stream = { readonly nfd?: number; readonly node: unknown };

/**
 * The files of an embedded database with a real fsync. As shipped, the file system's fsync does nothing, so a commit
 * would not survive a power cut. It is set before the engine starts, so that recovery syncs too. It throws if an
 * upgrade has moved the internals.
 */
export function openDurableFiles(folder: string, sync: Sync = fdatasyncSync): NodeFS {
  const files = new NodeFS(folder);
  const init = files.init.bind(files);
  files.init = async (engine, options) => {
    const { emscriptenOpts } = await init(engine, options);
    const preRun = [...(emscriptenOpts.preRun ?? []), (module: Module) => makeSyncReal(module, sync)];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  };
  return files;
}

type Module = { readonly FS: { readonly filesystems: Readonly<Record<string, unknown>> } };

function makeSyncReal({ FS }: Module, sync: Sync) {
  const parsed = Internals.safeParse(FS.filesystems.NODEFS);
  if (!parsed.success) {
    throw new Error("This version of PGlite cannot sync its files to the disk.", { cause: parsed.error });
  }
  const { realPath, tryFSOperation, stream_ops } = parsed.data;
  stream_ops.fsync = ({ nfd, node }) =>
    tryFSOperation(() => {
      if (nfd === undefined) syncFolder(realPath(node));
      else sync(nfd);
      return 0;
    });
}

/** Makes what was created or renamed in a folder survive a power cut. */
export function syncFolder(path: string) {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
