import type { Server } from "node:http";
import type { Socket } from "node:net";

const ANSWERS: Readonly<Record<string, readonly [line: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    "431 Request Header Fields Too Large",
    "invalid_request",
    "The headers are larger than 16 KiB together.",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "invalid_request", "The request did not arrive in time."],
};
const MALFORMED = ["400 Bad Request", "invalid_request", "This is not a valid HTTP request."] as const;

/** Answers what never becomes a request: broken HTTP, too many headers, a caller that sends too slowly. */
export function answerClientErrors(server: Server) {
  server.on("clientError", (error: Error & { code?: string }, stream) => {
    const socket = stream as Socket;
    const isAnswerable = socket.writable && error.code !== "ECONNRESET" && socket.bytesWritten === 0;
    if (!isAnswerable) return socket.destroy();
    const [line, code, message] = ANSWERS[error.code ?? ""] ?? MALFORMED;
    const body = JSON.stringify({ error: { code, message } });
    const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
    return socket.end(`HTTP/1.1 ${line}\r\n${head}\r\n\r\n${body}`, () => socket.destroy());
  });
}
