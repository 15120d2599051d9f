import { type DatasetFile, FILE_PART_BYTES, type FileFormat } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { FileKeeper } from "./file-keeper.ts";
import { cutParts } from "./file-parts.ts";
import { toDatasetFile } from "./file-store.ts";

type NewFile = {
  readonly name: string;
  readonly format: FileFormat;
  readonly isGzip: boolean;
  readonly content: AsyncIterable<Uint8Array>;
  /** How many rows were written, once the content has ended. */
  readonly countRows: () => number;
  readonly signal: AbortSignal;
};

/** Writes a file as its content comes. What a failure leaves of one is deleted at once, what a crash leaves after a week. */
export async function writeFile(
  keeper: FileKeeper,
  scope: Scope,
  { content, countRows, signal, ...known }: NewFile,
): Promise<DatasetFile> {
  const { id } = await keeper.begin(scope, { kind: "export", ...known });
  let parts = 0;
  let sizeBytes = 0;
  try {
    for await (const bytes of cutParts(content, FILE_PART_BYTES)) {
      signal.throwIfAborted();
      await keeper.savePart(id, parts++, bytes);
      sizeBytes += bytes.length;
    }
  } catch (error) {
    await keeper.remove(id);
    throw error;
  }
  return toDatasetFile(await keeper.finish(scope, id, { sizeBytes, rows: countRows() }));
}
