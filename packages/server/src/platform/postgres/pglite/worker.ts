import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { syncToDisk } from "./sync-to-disk.ts";
import { installTemplate, readTemplate } from "./template.ts";

/** What the worker is started with; a null folder keeps everything in memory. */
export type EngineOptions = { readonly folder: string | null };

/** `exec` carries messages of PostgreSQL's wire protocol; `close` shuts the database down properly. */
export type EngineRequest =
  | { readonly id: number; readonly kind: "exec"; readonly bytes: Uint8Array }
  | { readonly id: number; readonly kind: "close" };

/** `id` 0 tells whether the database has opened. After `isFatal` the engine cannot go on and is started again. */
export type EngineReply =
  | { readonly id: number; readonly bytes: Uint8Array }
  | { readonly id: number; readonly error: string; readonly isFatal: boolean };

// One session needs little: this halves the memory at rest, and the operating system caches the files anyway.
const SETTINGS = ["shared_buffers=16MB", "max_connections=5"];

async function openEngine({ folder }: EngineOptions): Promise<PGlite> {
  const settings = (folder === null ? SETTINGS : [...SETTINGS, "wal_sync_method=fsync"]).flatMap((s) => ["-c", s]);
  if (folder === null) {
    const template = new Blob([await readTemplate()], { type: "application/x-tar" });
    const startParams = [...PGlite.defaultStartParams, ...settings];
    return PGlite.create({ loadDataDir: template, extensions: { vector }, startParams });
  }
  await installTemplate(folder);
  // `-F` turns fsync off, which PGlite does by default.
  const startParams = [...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"), ...settings];
  const engine = await PGlite.create({ dataDir: folder, extensions: { vector }, startParams });
  syncToDisk(engine);
  return engine;
}

function serve(port: NonNullable<typeof parentPort>, engine: PGlite) {
  const reply = (message: EngineReply) => port.postMessage(message);
  const answer = async (request: EngineRequest): Promise<EngineReply> => {
    if (request.kind === "close") {
      await engine.close();
      return { id: request.id, bytes: new Uint8Array() };
    }
    const chunks: Uint8Array[] = [];
    // The streaming call is the one that does not parse and keep every answer.
    const onRawData = (chunk: Uint8Array) => void chunks.push(chunk.slice());
    await engine.execProtocolRawStream(request.bytes, { onRawData });
    return { id: request.id, bytes: Buffer.concat(chunks) };
  };
  let last = Promise.resolve();
  port.on("message", (request: EngineRequest) => {
    last = last.then(async () => {
      try {
        reply(await answer(request));
      } catch (error) {
        reply({ id: request.id, error: String(error), isFatal: true });
      }
    });
  });
  reply({ id: 0, bytes: new Uint8Array() });
}

if (parentPort) {
  const port = parentPort;
  openEngine(workerData).then(
    (engine) => serve(port, engine),
    (error: unknown) => port.postMessage({ id: 0, error: String(error), isFatal: true } satisfies EngineReply),
  );
}
