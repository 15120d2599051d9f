import type { Sink } from "../../kernel/sink.ts";

/** A receiver for an answer of the gateway inside this program: its status and its text once it has ended. */
export function createAnswerCollector() {
  const chunks: Buffer[] = [];
  let status = 0;
  let isOpen = true;
  const add = (chunk: Uint8Array | string) => void chunks.push(Buffer.from(chunk as Uint8Array));
  const sink: Sink = {
    isOpen: () => isOpen,
    head(code) {
      status = code;
    },
    write(chunk) {
      add(chunk);
      return true;
    },
    drained: async () => {},
    end(chunk) {
      if (chunk !== undefined) add(chunk);
      isOpen = false;
    },
    destroy() {
      isOpen = false;
    },
  };
  return { sink, answer: () => ({ status, text: Buffer.concat(chunks).toString() }) };
}
