import pg from "pg";
import { connectTo } from "./connect.ts";
import { type Engine, startEngine } from "./engine.ts";
import type { EngineOptions } from "./worker.ts";

/** How long a caller waits for the only session; a caller that holds it itself would otherwise wait for ever. */
const WAIT_MS = 30_000;

/** PGlite behind an ordinary pool. Resolves when the database is open; an engine that dies later is started again. */
export async function openPglite(options: EngineOptions): Promise<{ pool: pg.Pool; close(): Promise<void> }> {
  let engine: Promise<Engine> = startEngine(options);
  await engine;
  const open = async () => {
    const current = await engine.catch(() => undefined);
    if (current?.isAlive) return current;
    engine = startEngine(options);
    return engine;
  };
  const pool = new pg.Pool({
    max: 1,
    user: "postgres",
    database: "postgres",
    password: "",
    ssl: false,
    connectionTimeoutMillis: WAIT_MS,
    idleTimeoutMillis: 0,
    stream: () => connectTo(open),
  });
  return {
    pool,
    async close() {
      await pool.end();
      await (await engine).close();
    },
  };
}
