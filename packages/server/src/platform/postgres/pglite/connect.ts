import { Duplex } from "node:stream";
import type { Engine } from "./engine.ts";

/** The message of PostgreSQL's wire protocol that runs a statement: a letter, the length that follows, the text, a zero. */
function simpleQuery(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.from("Q\0\0\0\0", "latin1");
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

const START_OVER = [simpleQuery("ROLLBACK"), simpleQuery("DISCARD ALL")];
const TERMINATE = 0x58;

/**
 * A "socket" to the embedded database, for the driver to speak PostgreSQL's wire protocol over. `open` gives the engine,
 * started again if it died. The engine has one session for its whole life, so each connection first makes it as new.
 */
export function connectTo(open: () => Promise<Engine>): Duplex {
  let engine: Engine | undefined;
  const send = async (bytes: Uint8Array) => {
    if (!engine) throw new Error("The embedded PostgreSQL is not open yet.");
    // The driver says goodbye before it closes the socket; the engine outlives it.
    if (bytes[0] === TERMINATE) return socket.push(null);
    const answer = await engine.exec(bytes);
    if (answer.length > 0 && !socket.destroyed) socket.push(answer);
  };
  const start = async () => {
    engine = await open();
    // The pool then drops this connection, and the next one starts the engine again.
    void engine.ended.then((fault) => socket.destroy(fault));
    for (const statement of START_OVER) await engine.exec(statement);
    socket.emit("connect");
  };
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      send(chunk).then(() => done(), done);
    },
    writev(chunks, done) {
      // A query is several messages, written together; the engine should get them together.
      send(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
    },
  });
  return Object.assign(socket, {
    connect() {
      start().catch((error: Error) => socket.destroy(error));
      return socket;
    },
    // The members of a TCP socket that the driver calls.
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    ref: () => socket,
    unref: () => socket,
  });
}
