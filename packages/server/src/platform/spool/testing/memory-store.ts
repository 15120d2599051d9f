import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import { openSpool, type SpoolLimits, type SpoolOptions } from "../open.ts";

/** A log that stores its lines. */
export function createTestLog() {
  const lines: { readonly level: string; readonly message: string; readonly fields: object }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, message, fields });
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { log, lines };
}

/** A store that accepts each token once, like ClickHouse, and can be made to fail. */
export function createMemoryStore() {
  const tokens = new Set<string>();
  const rows: unknown[] = [];
  const batches: { readonly table: string; readonly token: string; readonly rows: number }[] = [];
  let fail: ((lines: readonly string[], token: string) => Error | null | undefined) | null = null;
  let failAfter: (() => Error | null) | null = null;
  return {
    rows,
    batches,
    /** `before` may fail a delivery before anything is stored, `after` once it is: the answer that was lost on its way. */
    failWith(before: typeof fail, after: typeof failAfter = null) {
      fail = before;
      failAfter = after;
    },
    async deliver(table: string, bytes: Buffer, token: string): Promise<void> {
      const lines = bytes.toString().split("\n");
      const error = fail?.(lines, token);
      if (error) throw error;
      batches.push({ table, token, rows: lines.length });
      if (!tokens.has(token)) rows.push(...lines.map((line) => JSON.parse(line)));
      tokens.add(token);
      const late = failAfter?.();
      if (late) throw late;
    },
  };
}

type Overrides = Partial<Omit<SpoolOptions, "limits">> & { readonly limits?: Partial<SpoolLimits> };

/** Spools in a separate folder, which `remove` deletes. */
export async function createSpoolBench() {
  const folder = await mkdtemp(join(tmpdir(), "treadle-spool-"));
  const store = createMemoryStore();
  const { log, lines } = createTestLog();
  const plenty = async () => ({ freeBytes: 1e12, totalBytes: 1e12 });
  return {
    folder,
    store,
    lines,
    open: (overrides: Overrides = {}) =>
      openSpool({
        folder,
        capBytes: 1e9,
        deliver: store.deliver,
        log,
        clock: systemClock,
        diskSpace: plenty,
        ...overrides,
        limits: { delayMs: 20, pushDelayMs: 5, closeMs: 2_000, ...overrides.limits },
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
