import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";

/** Whether a path is the folder or lies below it. Both are whole paths without `..`. */
function isWithin(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return inner === "" || !(inner === ".." || inner.startsWith(`..${sep}`) || isAbsolute(inner));
}

/**
 * The folders of the server's machine that callers may name files in. Every refusal is the same error, so that a caller learns nothing
 * about a path: not whether it exists, and not where a link leads.
 */
export function createModelFolders(folders: readonly string[]) {
  const allowed = folders.map((folder) => resolve(folder));

  async function realPathOf(path: string): Promise<string | null> {
    // A path outside is rejected before the disk is accessed, because the response time would reveal whether the path
    // exists.
    if (!allowed.some((folder) => isWithin(folder, path))) return null;
    const real = await realpath(path).catch(() => null);
    const roots = await Promise.all(allowed.map((folder) => realpath(folder).catch(() => null)));
    return real !== null && roots.some((root) => root !== null && isWithin(root, real)) ? real : null;
  }

  return {
    /** The path with its symbolic links resolved. Throws `unprocessable` unless it exists below an allowed folder. */
    async locate(path: string): Promise<string> {
      if (allowed.length === 0) throw refusal("This server does not read model files from its own disk.");
      const real = await realPathOf(resolve(path));
      if (real === null) throw refusal(`There is no model at ${path} in the folders that this server may read.`);
      return real;
    },
  };
}
export type ModelFolders = ReturnType<typeof createModelFolders>;

const refusal = (what: string) =>
  new AppError("unprocessable", {
    message: `${what} Upload the files instead: \`treadle model import NAME ./model.gguf\`, or Upload on the Registry page. The operator can allow folders with TREADLE_MODEL_FOLDERS.`,
    details: { param: "source" },
  });
