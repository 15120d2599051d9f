import type { Sink } from "../../../kernel/sink.ts";

type Sent = {
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly type: string;
  readonly content: AsyncIterable<Uint8Array>;
};

/** Sends a file to store, at the receiver's pace. */
export async function sendFile(sink: Sink, { fileName, sizeBytes, type, content }: Sent): Promise<void> {
  sink.head(200, {
    "content-type": type,
    "content-length": String(sizeBytes),
    "content-disposition": `attachment; filename="${fileName.replaceAll(/[^\w.-]/g, "_")}"`,
    "cache-control": "private, no-store",
  });
  for await (const chunk of content) {
    if (!sink.isOpen()) return;
    if (!sink.write(chunk)) await sink.drained();
  }
  sink.end();
}
