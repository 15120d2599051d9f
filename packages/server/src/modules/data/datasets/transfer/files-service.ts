import { hash } from "node:crypto";
import { type DatasetFile, FILE_PART_BYTES, type FilePreview, type FileReading } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import { detectFormat } from "../files/detect-format.ts";
import { FILE_LIMITS } from "../files/limits.ts";
import type { Content } from "../files/row.ts";
import { gunzip } from "../files/unpack.ts";
import type { FileKeeper } from "./file-keeper.ts";
import { cutParts, joinParts } from "./file-parts.ts";
import { type FilePart, toDatasetFile } from "./file-store.ts";
import { previewFile } from "./preview-file.ts";

type Deps = { readonly objects: Pick<Objects, "get" | "lend">; readonly keeper: FileKeeper };

/** Files that people send to be imported, and fetch after an export. */
export function createFiles({ objects, keeper }: Deps) {
  return {
    open: keeper.open,
    async get(scope: Scope, fileId: string): Promise<DatasetFile> {
      return toDatasetFile(await keeper.get(scope, fileId));
    },
    async create(scope: Scope, { name }: { name: string }): Promise<DatasetFile> {
      return toDatasetFile(await keeper.begin(scope, { kind: "upload", name, format: null, isGzip: false }));
    },
    async putPart(scope: Scope, { fileId, part }: { fileId: string; part: number }, bytes: Buffer) {
      const row = await keeper.get(scope, fileId);
      if (row.isReady)
        throw new AppError("conflict", {
          message: `The upload of "${row.name}" is already complete. Start a new upload.`,
        });
      if (bytes.length === 0)
        throw new AppError("invalid_request", { message: "The part is empty. Send a part with content." });
      if (bytes.length > FILE_PART_BYTES) throw tooLarge(bytes.length);
      await keeper.savePart(fileId, part, bytes);
      return { part, sizeBytes: bytes.length, sha256: hash("sha256", bytes, "hex") };
    },
    async complete(scope: Scope, fileId: string, { parts }: { parts: number }): Promise<DatasetFile> {
      const row = await keeper.get(scope, fileId);
      if (row.isReady) return toDatasetFile(row);
      const sent = await keeper.listParts(fileId);
      checkParts(sent, parts);
      const content = joinParts(objects, sent);
      const { format, isGzip } = await detectFormat(row.name, content, FILE_LIMITS);
      const isPacked = format === "parquet" && isGzip;
      const sizeBytes = isPacked ? await unpack(keeper, { fileId, parts, content }) : content.sizeBytes;
      return toDatasetFile(await keeper.finish(scope, fileId, { format, isGzip: isGzip && !isPacked, sizeBytes }));
    },
    async delete(scope: Scope, fileId: string): Promise<void> {
      await keeper.remove((await keeper.get(scope, fileId)).id);
    },
    async preview(scope: Scope, fileId: string, reading: FileReading): Promise<FilePreview> {
      const { record, content } = await keeper.open(scope, fileId);
      return previewFile({ name: record.name, content }, reading);
    },
  };
}

function checkParts(sent: readonly FilePart[], parts: number) {
  const missing = Array.from({ length: parts }, (_, part) => part).find((part) => sent[part]?.part !== part);
  if (missing !== undefined)
    throw new AppError("unprocessable", { message: `Part ${missing} was not sent. Part numbers start at 0.` });
  if (sent.length > parts)
    throw new AppError("unprocessable", {
      message: `${sent.length} parts were sent, but ${parts} were announced.`,
    });
}

/** Parquet is read from its end, so it is unpacked once, behind the parts of the packed file, which then go. */
async function unpack(
  keeper: FileKeeper,
  { fileId, parts, content }: { fileId: string; parts: number; content: Content },
): Promise<number> {
  let part = parts;
  let sizeBytes = 0;
  for await (const bytes of cutParts(gunzip(content.read(), FILE_LIMITS), FILE_PART_BYTES)) {
    await keeper.savePart(fileId, part++, bytes);
    sizeBytes += bytes.length;
  }
  await keeper.dropParts(fileId, parts);
  return sizeBytes;
}

const tooLarge = (sizeBytes: number) =>
  new AppError("payload_too_large", {
    message: `A part has at most ${FILE_PART_BYTES} bytes, but this part has ${sizeBytes} bytes. Split the file into more parts.`,
  });
