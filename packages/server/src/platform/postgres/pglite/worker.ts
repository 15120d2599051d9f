import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { PGlite } from "@electric-sql/pglite";
import { messageOf } from "../../../kernel/message-of.ts";
import { openEngine } from "./open-engine.ts";

/** The worker's start parameters: those of `openEngine`. */
export type EngineOptions = { readonly folder: string | null; readonly template?: string };

/** `exec` carries messages of PostgreSQL's wire protocol; `close` shuts the database down properly. */
export type EngineRequest =
  | { readonly id: number; readonly kind: "exec"; readonly bytes: Uint8Array }
  | { readonly id: number; readonly kind: "close" };

/** Why the engine cannot continue and must be restarted. `code` is PostgreSQL's. */
export type Fault = { readonly code: string; readonly message: string };

/** `id` 0 reports that the database has opened. */
export type EngineReply = { readonly id: number; readonly bytes: Uint8Array; readonly fault: Fault | null };

/** PostgreSQL's code for a database that is starting, stopping or recovering. */
const CANNOT_CONNECT_NOW = "57P03";
const NOTHING = new Uint8Array();

async function answer(engine: PGlite, request: EngineRequest): Promise<Omit<EngineReply, "id">> {
  if (request.kind === "close") {
    await engine.close();
    return { bytes: NOTHING, fault: null };
  }
  const chunks: Uint8Array[] = [];
  // Only the streaming call does not parse and store every response.
  const onRawData = (chunk: Uint8Array) => void chunks.push(chunk.slice());
  await engine.execProtocolRawStream(request.bytes, { onRawData });
  const bytes = Buffer.concat(chunks);
  return { bytes, fault: findFault(bytes) };
}

const ERROR_RESPONSE = 0x45;
const DEADLY = /\0V(PANIC|FATAL)\0/;

/**
 * The error after which PostgreSQL ends its process, such as a disk that does not sync: the engine has then stopped, but
 * lives on as a thread that answers nothing. A message is a letter, its length in four bytes, and its fields.
 */
function findFault(messages: Buffer): Fault | null {
  for (let at = 0; at + 5 <= messages.length; at += 1 + messages.readUInt32BE(at + 1)) {
    if (messages[at] !== ERROR_RESPONSE) continue;
    const fields = messages.toString("utf8", at + 5, at + 1 + messages.readUInt32BE(at + 1));
    if (!DEADLY.test(fields)) continue;
    const field = (letter: string) => new RegExp(`\\0${letter}([^\\0]*)`).exec(fields)?.[1] ?? "";
    return { code: field("C"), message: field("M") };
  }
  return null;
}

const faultOf = (error: unknown): Fault => ({
  code: CANNOT_CONNECT_NOW,
  message: messageOf(error),
});

function serve(port: MessagePort, engine: PGlite) {
  let last = Promise.resolve();
  port.on("message", (request: EngineRequest) => {
    last = last.then(async () => {
      const { id } = request;
      const reply = await answer(engine, request).catch((error) => ({ bytes: NOTHING, fault: faultOf(error) }));
      port.postMessage({ id, ...reply } satisfies EngineReply);
    });
  });
  port.postMessage({ id: 0, bytes: NOTHING, fault: null } satisfies EngineReply);
}

if (parentPort) {
  const port = parentPort;
  openEngine(workerData).then(
    (engine) => serve(port, engine),
    (error) => port.postMessage({ id: 0, bytes: NOTHING, fault: faultOf(error) } satisfies EngineReply),
  );
}
