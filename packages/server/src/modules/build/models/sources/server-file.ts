import { constants } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { AppError } from "../../../../kernel/errors.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import type { ModelFolders } from "./model-folders.ts";
import { dropPart } from "./part-file.ts";
import type { ModelSource } from "./source.ts";

/**
 * Copies a file of the server's machine from a folder that callers may read. A file that is missing, closed or no model gives one and
 * the same error.
 */
export function createServerFileSource(
  { inference, modelFolders }: { inference: Pick<Inference, "inspect">; modelFolders: ModelFolders },
  source: string,
): ModelSource {
  return {
    label: "a file on the server's machine",
    async fetch(target) {
      target.onStep("checking the file");
      const path = await modelFolders.locate(source);
      const sizeBytes = await sizeOfModel(path, inference).catch((cause: unknown) => {
        throw new AppError("unprocessable", {
          message: `There is no readable GGUF model at ${source}. Enter the absolute path of a GGUF file on the server's machine.`,
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
  // Opening a pipe or a device could block forever, so the type is checked first.
  if (!(await stat(path)).isFile()) throw new Error("not a regular file");
  return (await inference.inspect(path)).sizeBytes;
}
