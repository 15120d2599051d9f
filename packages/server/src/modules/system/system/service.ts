import { totalmem } from "node:os";
import type { StoreHealth, SystemReport } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { SpoolStatus } from "../../../platform/spool/port.ts";
import { checkStores, measureStores, type Stores } from "./store-health.ts";

export type SystemDeps = Stores & {
  readonly dataFolder: { readonly path: string; diskSpace(): Promise<{ freeBytes: number; totalBytes: number }> };
  readonly clock: Clock;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
};

/** Probes may come every second from several sides. The stores are checked once for all of them. */
const HEALTH_MS = 1_000;
/** Measuring a folder walks through it. */
const SIZES_MS = 30_000;

/** How the server is: for the people who run it and for the machines that watch it. */
export function createAdmin({ dataFolder, clock, version, startedAt, ...stores }: SystemDeps) {
  const health = createShared(clock, { maxAgeMs: HEALTH_MS, read: () => checkStores(stores, dataFolder.diskSpace) });
  const sizes = createShared(clock, { maxAgeMs: SIZES_MS, read: () => measureStores(stores) });

  return {
    async report(_scope: Scope): Promise<SystemReport> {
      const [checked, measured, disk] = await Promise.all([health(), sizes(), dataFolder.diskSpace()]);
      return {
        version,
        startedAt: new Date(startedAt).toISOString(),
        node: process.version,
        dataFolder: dataFolder.path,
        stores: checked.map((store): StoreHealth => ({ ...store, sizeBytes: measured.get(store.name) ?? null })),
        disk,
        memory: { residentBytes: process.memoryUsage.rss(), totalBytes: totalmem() },
        spool: spoolReport(stores.spool.status()),
      };
    },

    /** Ready means that requests can be answered and what they bring can be stored. Local models come and go, so they do not decide it. */
    async readiness() {
      const checked = await health();
      const isReady = checked.every(({ name, state }) => name === "inference" || READY.has(state));
      const stores = checked.map(({ name, state, message }) => ({ name, state, message: forAnybody(message) }));
      return { isReady, stores };
    },
  };
}
/** A degraded store recovers by itself. The other states need a person. */
const READY: ReadonlySet<StoreHealth["state"]> = new Set(["ok", "degraded"]);

export type Admin = ReturnType<typeof createAdmin>;

/** The readiness is public. An engine's own messages are for operators. */
const forAnybody = (message: string) => message.replace(/ It said: .*$/s, " The server log has the reason.");

/** One reading for all who ask within `maxAgeMs`, and one at a time. A reading that fails is not kept. */
function createShared<Value>(clock: Clock, { maxAgeMs, read }: { maxAgeMs: number; read: () => Promise<Value> }) {
  let reading: Promise<Value> | null = null;
  let readAt = 0;
  return function share(): Promise<Value> {
    if (reading && clock.elapsed() - readAt < maxAgeMs) return reading;
    readAt = clock.elapsed();
    reading = read();
    reading.catch(() => {
      reading = null;
    });
    return reading;
  };
}

const spoolReport = (status: SpoolStatus): SystemReport["spool"] => ({
  pendingRows: status.pendingRows,
  pendingBytes: status.pendingBytes,
  capBytes: status.capBytes,
  oldestPendingSeconds: status.oldestPendingSeconds,
  droppedRows: status.droppedRows,
  undeliverableRows: status.undeliverableRows,
});
