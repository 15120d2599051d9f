import type { StoreHealth } from "@treadle/contract";
import type { Columnar, DamagedPart } from "../../../platform/columnar/port.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { type DiskSpace, isDiskFull, type Spool } from "../../../platform/spool/port.ts";

export type Stores = {
  readonly postgres: PostgresStore;
  readonly columnar: Columnar;
  readonly objects: Objects;
  readonly spool: Spool;
  readonly inference: Inference;
};
type Health = Omit<StoreHealth, "sizeBytes">;

const CHECK_MS = 3_000;
const MIB = 1024 * 1024;
/** A hash that no content has. Requesting it shows that the folder is readable. */
const NO_OBJECT = "0".repeat(64);

/** Null if the check passes in time. Otherwise the error, without details that only the log may contain. */
async function problemOf(check: () => Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not respond within ${CHECK_MS / 1_000} seconds`), CHECK_MS);
  });
  const checked = check().then(
    () => null,
    (error: unknown) =>
      error instanceof Error && "code" in error ? `it does not respond (${String(error.code)})` : "it does not respond",
  );
  return Promise.race([checked, late]).finally(() => clearTimeout(timer));
}

async function postgresHealth(postgres: PostgresStore): Promise<Health> {
  const problem = await problemOf(() => postgres.check());
  const message = problem ? `The database cannot be used: ${problem}.` : "The database responds.";
  return { name: "postgres", engine: postgres.engine, state: problem ? "down" : "ok", message };
}

const OPENING =
  "The trace store is still opening, because it recovers first after a crash. Calls are answered and wait in the spool. Traces can be read when the store is open.";

/** The gateway continues without it, and calls wait in the spool. The state is therefore degraded, not down. */
async function columnarHealth(columnar: Columnar): Promise<Health> {
  if (!columnar.isOpen()) return { name: "columnar", engine: columnar.engine, state: "degraded", message: OPENING };
  let damaged: readonly DamagedPart[] = [];
  const problem = await problemOf(async () => {
    await columnar.check();
    damaged = await columnar.damagedParts();
  });
  if (damaged.length > 0)
    return { name: "columnar", engine: columnar.engine, state: "damaged", message: describeDamage(damaged) };
  const message = problem
    ? `Traces cannot be read: ${problem}. New traces wait in the spool and are stored when the trace store is available again.`
    : "The trace store responds.";
  return { name: "columnar", engine: columnar.engine, state: problem ? "degraded" : "ok", message };
}

const REMEDY =
  "Restore the data folder from a backup, or continue without the rows of this part. docs/guide/operations.md explains both under Damaged data.";

/** A sentence about each damaged part: what is affected and what to do. */
function describeDamage(parts: readonly DamagedPart[]): string {
  return parts
    .map(({ table, part, isSetAside }) =>
      isSetAside
        ? `The part "${part}" of the table ${table} was damaged and was set aside at a start. Its rows are missing. ${REMEDY}`
        : `The part "${part}" of the table ${table} is damaged. Queries that read it fail. ${REMEDY}`,
    )
    .join(" ");
}

async function objectsHealth(objects: Objects): Promise<Health> {
  const problem = await problemOf(() => objects.has(NO_OBJECT));
  const message = problem ? `Files cannot be read: ${problem}.` : "The file store responds.";
  return { name: "objects", engine: objects.engine, state: problem ? "down" : "ok", message };
}

function spoolHealth(spool: Spool): Health {
  const { state, message } = spool.status();
  return { name: "spool", engine: "files", state, message };
}

function inferenceHealth(inference: Inference): Health {
  return { name: "inference", engine: "llama.cpp and TensorFlow.js, in a separate process", ...inference.state() };
}

async function diskHealth(diskSpace: DiskSpace): Promise<Health> {
  const disk = { name: "disk", engine: "the disk of the data folder" } as const;
  const space = await diskSpace().catch(() => null);
  if (space === null) return { ...disk, state: "down", message: "The disk of the data folder does not respond." };
  if (!isDiskFull(space)) return { ...disk, state: "ok", message: "The disk has free space." };
  const [free, total] = [space.freeBytes, space.totalBytes].map((bytes) => Math.floor(bytes / MIB));
  const message = `The disk is full: ${free} MiB of ${total} MiB are free. Nothing new is stored, and traces of gateway calls are lost. Free some disk space or enlarge the disk. A restart is unnecessary.`;
  return { ...disk, state: "full", message };
}

/** How each store is, asked side by side; never throws. */
export async function checkStores(stores: Stores, diskSpace: DiskSpace): Promise<Health[]> {
  const { postgres, columnar, objects, spool, inference } = stores;
  const checks = [postgresHealth(postgres), columnarHealth(columnar), objectsHealth(objects)];
  const [disk, ...asked] = await Promise.all([diskHealth(diskSpace), ...checks]);
  return [...asked, spoolHealth(spool), inferenceHealth(inference), disk];
}

/** Disk usage of the stores that report it. Null if unknown. */
export async function measureStores({
  postgres,
  columnar,
  objects,
  spool,
}: Stores): Promise<ReadonlyMap<string, number>> {
  const sizes = {
    postgres: () => postgres.sizeBytes(),
    columnar: () => columnar.sizeBytes(),
    objects: () => objects.sizeBytes(),
  };
  const measured = await Promise.all(
    Object.entries(sizes).map(async ([name, size]) => [name, await size().catch(() => null)] as const),
  );
  const known = measured.flatMap(([name, bytes]) => (bytes === null ? [] : [[name, bytes] as const]));
  return new Map([...known, ["spool", spool.status().pendingBytes]]);
}
