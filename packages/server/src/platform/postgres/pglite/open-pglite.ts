import pg from "pg";
import { connectTo } from "./connect.ts";
import { type Engine, startEngine } from "./engine.ts";
import type { EngineOptions } from "./worker.ts";

/** How long a caller waits for the only session; a caller that holds it itself would otherwise wait for ever. */
const WAIT_MS = 30_000;
/**
 * No statistics are collected here, and they would cause a new plan. Without this, a plan outlives the table size for
 * which it was made.
 */
const PLANS_MS = 10_000;

/** PGlite behind an ordinary pool. Resolves when the database is open; an engine that dies later is started again. */
export async function openPglite(options: EngineOptions): Promise<{ pool: pg.Pool; close(): Promise<void> }> {
  let engine: Promise<Engine> | undefined;
  const open = () => {
    engine ??= start();
    return engine;
  };
  const start = async () => {
    try {
      const started = await startEngine(options);
      void started.ended.then(() => {
        engine = undefined;
      });
      return started;
    } catch (error) {
      engine = undefined;
      throw error;
    }
  };
  await open();
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
  // An engine that dies takes the idle connection along; the next query starts both again.
  pool.on("error", () => {});
  const forget = setInterval(() => pool.query("DISCARD PLANS").catch(() => {}), PLANS_MS).unref();
  return {
    pool,
    async close() {
      clearInterval(forget);
      await pool.end();
      await (await engine)?.close();
    },
  };
}
