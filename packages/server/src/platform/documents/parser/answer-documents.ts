import type { ErrorCode } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { Readers } from "../formats/readers.ts";
import type { DocumentFile, DocumentLimits, ParsedDocument } from "../port.ts";
import { parseDocument } from "./parse-document.ts";

export type ParseOrder = { readonly id: number; readonly file: DocumentFile; readonly limits: DocumentLimits };
export type ParseReply =
  | { readonly kind: "ready" }
  | { readonly kind: "parsed"; readonly id: number; readonly document: ParsedDocument }
  | { readonly kind: "failed"; readonly id: number; readonly code: ErrorCode; readonly message: string };

/** The parser process: reads one document after the other, and reports its errors. */
export function answerDocuments(readers: Readers): void {
  const send = (reply: ParseReply) => void process.send?.(reply);
  process.on("message", ({ id, file, limits }: ParseOrder) => {
    parseDocument(file, { readers, limits }).then(
      (document) => send({ kind: "parsed", id, document }),
      (error: unknown) =>
        send({
          kind: "failed",
          id,
          code: error instanceof AppError ? error.code : "internal",
          message: messageOf(error),
        }),
    );
  });
  // A server that ended no longer waits.
  process.on("disconnect", () => process.exit());
  send({ kind: "ready" });
}
