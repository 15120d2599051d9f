import { constants } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { AppError } from "../../../kernel/errors.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import { dropPart } from "./part-file.ts";
import type { ModelSource } from "./source.ts";

/**
 * A file that lies on the server's machine, copied. Whether a file is missing, closed to us or something else than a model is all
 * one answer: a caller of the API must not be able to look around the machine.
 */
export function createServerFileSource(
  { inference }: { inference: Pick<Inference, "inspect"> },
  path: string,
): ModelSource {
  return {
    label: "a file of the server's machine",
    async fetch(target) {
      target.onStep("checking the file");
      const sizeBytes = await sizeOfModel(path, inference).catch((cause: unknown) => {
        throw new AppError("unprocessable", {
          message: `There is no GGUF model at ${path} that this server can read. Give the whole path of a model file on the server's machine.`,
          cause,
        });
      });
      await target.checkSpace(sizeBytes);
      target.onStep("copying the file");
      target.onProgress(0, sizeBytes);
      await dropPart(target.partPath);
      await copyFile(path, target.partPath, constants.COPYFILE_FICLONE);
      target.onProgress(sizeBytes, sizeBytes);
      return { sha256: null };
    },
  };
}

async function sizeOfModel(path: string, inference: Pick<Inference, "inspect">): Promise<number> {
  // Opening a pipe or a device could wait for ever, so the kind is asked first.
  if (!(await stat(path)).isFile()) throw new Error("not a regular file");
  return (await inference.inspect(path)).sizeBytes;
}
