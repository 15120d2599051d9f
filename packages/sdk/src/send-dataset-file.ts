import type { Answer, Client } from "./client.ts";

/** The bytes of a file: a file of the browser, or pieces as they are read. */
export type FileSource = Blob | AsyncIterable<Uint8Array>;
type Options = {
  readonly name: string;
  readonly content: FileSource;
  /** Hears how many bytes have arrived. */
  readonly onProgress?: (sentBytes: number) => void;
  readonly signal?: AbortSignal;
};

/** What the server takes as one part. */
const PART_BYTES = 8 * 1024 * 1024;
const TRIES = 3;
const WAIT_MS = 500;

/**
 * Sends a file of rows to be imported, part by part, so that it is never whole in memory. A part that did not arrive is sent
 * again. Gives the file, whose id an import and a preview ask for. What cannot be read, such as a file that is not there, or
 * holds nothing is thrown before anything is sent.
 */
export async function sendDatasetFile(
  client: Client,
  { name, content, onProgress, signal }: Options,
): Promise<Answer<"POST /api/v1/dataset-files">> {
  const pieces = partsOf(content);
  try {
    // A Node stream that fails without a reader ends the process, so it is read before anything is awaited.
    const first = await pieces.next();
    if (first.done) throw new Error(`"${name}" is empty.`);
    const { fileId } = await client.call("POST /api/v1/dataset-files", { body: { name }, signal });
    try {
      const parts = await sendParts(client, { fileId, first: first.value, pieces, signal, onProgress });
      const params = { fileId };
      return await client.call("POST /api/v1/dataset-files/:fileId/complete", { params, body: { parts }, signal });
    } catch (error) {
      // What arrived is of no use to anybody; the server deletes it anyway after a while.
      await client.call("DELETE /api/v1/dataset-files/:fileId", { params: { fileId } }).catch(() => undefined);
      throw error;
    }
  } finally {
    await pieces.return();
  }
}

type Parts = Pick<Options, "onProgress"> & {
  readonly fileId: string;
  readonly first: Uint8Array<ArrayBuffer>;
  readonly pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;
  readonly signal: AbortSignal | undefined;
};

/** Gives how many there were. */
async function sendParts(client: Client, { fileId, first, pieces, signal, onProgress }: Parts): Promise<number> {
  let sentBytes = 0;
  for (let part = 0, bytes = first; ; part++) {
    await sendPart(client, { fileId, part, bytes, signal });
    sentBytes += bytes.byteLength;
    onProgress?.(sentBytes);
    const next = await pieces.next();
    if (next.done) return part + 1;
    bytes = next.value;
  }
}

type Part = {
  readonly fileId: string;
  readonly part: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal | undefined;
};

async function sendPart(client: Client, { fileId, part, bytes, signal }: Part): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await client.call("PUT /api/v1/dataset-files/:fileId/parts/:part", { params: { fileId, part }, bytes, signal });
      return;
    } catch (error) {
      const status = error instanceof Error && "status" in error ? Number(error.status) : 400;
      const canPass = status === 0 || status === 429 || status >= 500;
      if (!canPass || tries === TRIES || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * tries));
    }
  }
}

async function* partsOf(content: FileSource): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (content instanceof Blob) {
    for (let at = 0; at < content.size; at += PART_BYTES)
      yield new Uint8Array(await content.slice(at, at + PART_BYTES).arrayBuffer());
    return;
  }
  let part = new Uint8Array(PART_BYTES);
  let used = 0;
  for await (const piece of content)
    for (let at = 0; at < piece.byteLength; ) {
      const chunk = piece.subarray(at, at + PART_BYTES - used);
      part.set(chunk, used);
      used += chunk.byteLength;
      at += chunk.byteLength;
      if (used < PART_BYTES) continue;
      yield part;
      part = new Uint8Array(PART_BYTES);
      used = 0;
    }
  if (used > 0) yield part.slice(0, used);
}
