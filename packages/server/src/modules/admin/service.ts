import { totalmem } from "node:os";
import type { StoreHealth, SystemReport } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { SpoolStatus } from "../../platform/spool/port.ts";
import { checkStores, measureStores, type Stores } from "./store-health.ts";

type Deps = Stores & {
  readonly dataFolder: { readonly path: string; diskSpace(): Promise<{ freeBytes: number; totalBytes: number }> };
  readonly clock: Clock;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
};

/** Probes may come every second from several sides; the stores are asked once for all of them. */
const HEALTH_MS = 1_000;
/** Measuring a folder walks through it. */
const SIZES_MS = 30_000;

/** How the server is: for the people who run it and for the machines that watch it. */
export function createAdmin({ dataFolder, clock, version, startedAt, ...stores }: Deps) {
  const health = createShared(clock, { maxAgeMs: HEALTH_MS, read: () => checkStores(stores) });
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

    /** Ready means that requests can be answered. Local models come and go, so they do not decide it. */
    async readiness() {
      const checked = await health();
      const isReady = checked.every(
        ({ name, state }) => name === "inference" || (state !== "down" && state !== "starting"),
      );
      const stores = checked.map(({ name, state, message }) => ({ name, state, message: forAnybody(message) }));
      return { isReady, stores };
    },
  };
}
export type Admin = ReturnType<typeof createAdmin>;

/** Anybody may ask whether the server is ready; what an engine said in its own words is for those who run it. */
const forAnybody = (message: string) => message.replace(/ It said: .*$/s, " The log says why.");

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
