import type { ComputeTarget } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";

const trimmed = (folder: string) => folder.replace(/\/+$/, "");

/** Whether a path is a folder or lies below it. */
const isWithin = (folder: string, path: string) => path === folder || path.startsWith(`${folder}/`);

/**
 * Translates paths of this server to paths on a cluster's machines, and back. To the cluster, it throws `unprocessable`
 * for a path that is not shared. From the cluster, a path that is not shared stays unchanged.
 */
export function mapPaths({ name, folder }: Pick<ComputeTarget, "name" | "folder">) {
  if (folder === null) return { toThere: (path: string) => path, toHere: (path: string) => path };
  const here = trimmed(folder.here);
  const there = trimmed(folder.there);
  return {
    toThere(path: string): string {
      if (isWithin(here, path)) return there + path.slice(here.length);
      throw new AppError("unprocessable", {
        message: `${path} is not inside ${folder.here}, the shared folder of the compute target "${name}". Share a folder that contains it, or move it there.`,
        details: { param: "launcher.target" },
      });
    },
    toHere: (path: string): string => (isWithin(there, path) ? here + path.slice(there.length) : path),
  };
}
