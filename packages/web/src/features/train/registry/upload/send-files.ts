import type { Client } from "@treadle/sdk";
import { ApiError, isPassing } from "../../../../api.ts";
import type { ChosenFile } from "./chosen-files.ts";

/** The size of one part. */
const PART_BYTES = 8 * 1024 * 1024;
const TRIES = 4;
const WAIT_MS = 500;

type Options = {
  readonly files: readonly ChosenFile[];
  /** An earlier upload of the same files. Parts that the server has are not sent again. */
  readonly uploadId?: string | undefined;
  /** Receives the id as soon as it is known, so that a later attempt can resume. */
  readonly onStart: (uploadId: string) => void;
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
};

/** Sends files in parts and retries failed parts. Returns the upload's id when all parts have arrived. */
export async function sendFiles(client: Client, options: Options): Promise<string> {
  const { files, onStart, onProgress, signal } = options;
  const upload = (await findUpload(client, options)) ?? (await startUpload(client, options));
  onStart(upload.uploadId);
  let sentBytes = 0;
  for (const [place, { path, file }] of files.entries()) {
    const received = new Set(upload.files[place]?.receivedParts);
    for (let part = 0; part * PART_BYTES < file.size; part += 1) {
      const bytes = file.slice(part * PART_BYTES, (part + 1) * PART_BYTES);
      if (!received.has(part)) {
        const params = { uploadId: upload.uploadId, file: place, part };
        await sendPart(client, { params, bytes: await readBytes(bytes, path), signal });
      }
      sentBytes += bytes.size;
      onProgress(sentBytes);
    }
  }
  return upload.uploadId;
}

const startUpload = (client: Client, { files, signal }: Options) =>
  client.call("POST /api/v1/registry/uploads", {
    body: { files: files.map(({ path, file }) => ({ path, sizeBytes: file.size })) },
    signal,
  });

/** The earlier upload; undefined if it no longer exists or has other files. */
async function findUpload(client: Client, { files, uploadId, signal }: Options) {
  if (uploadId === undefined) return undefined;
  try {
    const found = await client.call("GET /api/v1/registry/uploads/:uploadId", { params: { uploadId }, signal });
    const isSame =
      found.files.length === files.length &&
      files.every(({ path, file }, at) => found.files[at]?.path === path && found.files[at]?.sizeBytes === file.size);
    return isSame ? found : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

async function readBytes(bytes: Blob, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await bytes.arrayBuffer());
  } catch (cause) {
    throw new Error(`${path} can no longer be read because it was moved or changed. Choose it again.`, { cause });
  }
}

type Part = {
  readonly params: { uploadId: string; file: number; part: number };
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
};

async function sendPart(client: Client, request: Part): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.call("PUT /api/v1/registry/uploads/:uploadId/files/:file/parts/:part", request);
      return;
    } catch (error) {
      if (!isPassing(error) || tries === TRIES || request.signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * 2 ** (tries - 1)));
    }
  }
}
