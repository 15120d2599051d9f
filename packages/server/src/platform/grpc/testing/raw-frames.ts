import { connect } from "node:net";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** Frame types and flags of HTTP/2. */
export const DATA = 0;
export const HEADERS = 1;
export const RESET = 3;
const SETTINGS = 4;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const END_HEADERS = 4;

type FrameHead = readonly [type: number, flags: number, stream: number];

/** A frame of HTTP/2, right or wrong. */
export function frame([type, flags, stream]: FrameHead, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Headers as HPACK literals, each at most 126 bytes. */
export const headerBlock = (headers: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(
    Object.entries(headers).map(([name, value]) =>
      Buffer.concat([
        Buffer.from([0x10, name.length]),
        Buffer.from(name),
        Buffer.from([value.length]),
        Buffer.from(value, "latin1"),
      ]),
    ),
  );

/** The headers of a call to a method. */
export const callHeaders = (path: string, more: Readonly<Record<string, string>> = {}) =>
  headerBlock({
    ":method": "POST",
    ":scheme": "http",
    ":path": path,
    ":authority": "127.0.0.1",
    te: "trailers",
    "content-type": "application/grpc",
    ...more,
  });

/** A message as gRPC frames it; `length` is what its prefix claims. */
export function message(bytes: Uint8Array, { length = bytes.length, flag = 0 } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
}

/**
 * Sends bytes over a separate connection, and returns the response until the server closed it or was quiet for
 * `quietMs`.
 */
export function sendRaw(port: number, bytes: Buffer, { hasPreface = true, quietMs = 300 } = {}) {
  return new Promise<{ readonly received: Buffer; readonly isClosed: boolean }>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const end = (isClosed: boolean) => () => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ received: Buffer.concat(chunks), isClosed });
    };
    const timer = setTimeout(end(false), quietMs);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      timer.refresh();
    });
    socket.on("error", () => undefined);
    socket.on("close", end(true));
    socket.write(hasPreface ? Buffer.concat([PREFACE, frame([SETTINGS, 0, 0]), bytes]) : bytes);
  });
}
