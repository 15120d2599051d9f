import type { Server } from "node:http";
import type { Socket } from "node:net";

const ANSWERS: Readonly<Record<string, readonly [line: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    "431 Request Header Fields Too Large",
    "invalid_request",
    "The request headers are larger than 16 KiB in total. Send fewer or shorter headers.",
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
    return answerRaw(socket, ANSWERS[error.code ?? ""] ?? MALFORMED);
  });
}

const CROWDED = [
  "503 Service Unavailable",
  "overloaded",
  "Your address has reached the limit of open connections. Close or reuse connections, or raise TREADLE_CONNECTIONS_PER_ADDRESS.",
] as const;

/** Rejects a connection for which there is no room, before it sends a request. */
export const refuseConnection = (socket: Socket) => answerRaw(socket, CROWDED);

function answerRaw(socket: Socket, [line, code, message]: readonly [line: string, code: string, message: string]) {
  const body = JSON.stringify({ error: { code, message } });
  const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.on("error", () => undefined);
  return socket.end(`HTTP/1.1 ${line}\r\n${head}\r\n\r\n${body}`, () => socket.destroy());
}
