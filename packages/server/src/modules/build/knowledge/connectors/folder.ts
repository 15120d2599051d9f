import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Connector, Entry, Listing } from "./shared/port.ts";
import { requireSetting, tooLarge } from "./shared/settings.ts";

const MOST_FILES = 200_000;

/** Files below a folder of the server's machine. */
export const folderConnector: Connector = {
  async check({ folders }, { folder }) {
    await locate(folders, requireSetting("folder", folder));
  },
  placeOf: () => "",
  open({ folders }, { settings }) {
    // A listing finds the root, so that a folder that vanished in between is an error and not an empty listing.
    let root: string | null = null;
    const find = async () => {
      root ??= await locate(folders, requireSetting("folder", settings.folder));
      return root;
    };
    return {
      async *list(listing) {
        const start = await find();
        yield* walk(start, start, { ...listing, count: { files: 0 } });
      },
      read: async ({ path }) => readInside(await find(), path),
      close: async () => {},
    };
  },
};

const refusal = (what: string) =>
  new AppError("unprocessable", {
    message: `${what} The operator allows folders with TREADLE_KNOWLEDGE_FOLDERS.`,
    details: { param: "folder" },
  });

/**
 * The folder with its symbolic links resolved. A folder that does not exist and a folder that is not allowed have the same error, so
 * that a caller learns nothing about the disk.
 */
async function locate(folders: readonly string[], path: string): Promise<string> {
  if (folders.length === 0) throw refusal("This server reads no folders.");
  const allowed = folders.map((folder) => resolve(folder));
  const refused = refusal(`There is no folder ${path} in the folders that this server may read.`);
  if (!isAbsolute(path) || !allowed.some((folder) => isWithin(folder, resolve(path)))) throw refused;
  const real = await realpath(resolve(path)).catch(() => null);
  const roots = await Promise.all(allowed.map((folder) => realpath(folder).catch(() => null)));
  if (real === null || !roots.some((root) => root !== null && isWithin(root, real))) throw refused;
  if (!(await stat(real)).isDirectory()) throw refused;
  return real;
}

/** Whether a path is the folder or lies below it. Both are whole paths. */
function isWithin(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return inner === "" || !(inner === ".." || inner.startsWith(`..${sep}`) || isAbsolute(inner));
}

type Walk = Pick<Listing, "signal" | "selects"> & { readonly count: { files: number } };

/** In the order of names. A folder that cannot be read is an error, because its files would look deleted. */
async function* walk(root: string, folder: string, context: Walk): AsyncIterable<Entry> {
  const children = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw new AppError("unprocessable", {
      message: `The folder ${relative(root, folder) || root} cannot be read: ${cause.code}. Let the server's user read it.`,
      cause,
    });
  });
  for (const child of children.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    context.signal.throwIfAborted();
    const full = join(folder, child.name);
    if (child.isDirectory()) yield* walk(root, full, context);
    else if (child.isFile() || child.isSymbolicLink()) {
      const path = relative(root, full).split(sep).join("/");
      const entry = context.selects(path) ? await entryOf(root, full, path) : null;
      if (entry) yield entry;
      if (++context.count.files > MOST_FILES) throw tooMany();
    }
  }
}

const tooMany = () =>
  new AppError("unprocessable", {
    message: `The folder has more than ${MOST_FILES} files. Choose a folder further below.`,
  });

/** Null for a link to a folder: if its files belong to the source, they are listed under their own path. */
async function entryOf(root: string, full: string, path: string): Promise<Entry | null> {
  const real = await realpath(full).catch(() => null);
  if (real === null) return { path, mark: "", failure: "The symbolic link leads nowhere. Correct or delete it." };
  if (!isWithin(root, real))
    return {
      path,
      mark: "",
      failure: "The symbolic link leaves the folder, so it is not read. Copy the file instead.",
    };
  const { size, mtimeMs, ino, isDirectory } = await statOf(real);
  return isDirectory ? null : { path, mark: `${size}-${mtimeMs}-${ino}` };
}

async function statOf(path: string) {
  const facts = await stat(path);
  return { size: facts.size, mtimeMs: facts.mtimeMs, ino: facts.ino, isDirectory: facts.isDirectory() };
}

/** The checks are repeated, because the file may have been replaced by a link since the listing. */
async function readInside(root: string, path: string): Promise<Uint8Array> {
  const real = await realpath(join(root, path));
  if (!isWithin(root, real)) throw new AppError("unprocessable", { message: "The file is outside of the folder." });
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new AppError("unprocessable", { message: "It is not a file." });
    if (facts.size > MAX_DOCUMENT_BYTES) throw tooLarge();
    return await file.readFile();
  } finally {
    await file.close();
  }
}
