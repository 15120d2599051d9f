import type { ComputeTarget } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";

const trimmed = (folder: string) => folder.replace(/\/+$/, "");

/** Whether a path is a folder or lies below it. */
const isWithin = (folder: string, path: string) => path === folder || path.startsWith(`${folder}/`);

/**
 * How paths of this server are called on a cluster's machines, and back. To there it throws `unprocessable` for a path that is not
 * shared; what comes from there and is not shared stays as it is.
 */
export function mapPaths({ name, folder }: Pick<ComputeTarget, "name" | "folder">) {
  if (folder === null) return { toThere: (path: string) => path, toHere: (path: string) => path };
  const here = trimmed(folder.here);
  const there = trimmed(folder.there);
  return {
    toThere(path: string): string {
      if (isWithin(here, path)) return there + path.slice(here.length);
      throw new AppError("unprocessable", {
        message: `${path} is not below ${folder.here}, the folder that the compute target "${name}" shares. Share a folder that holds it, or move it there.`,
        details: { param: "launcher.target" },
      });
    },
    toHere: (path: string): string => (isWithin(there, path) ? here + path.slice(there.length) : path),
  };
}
