import type { StoreHealth } from "@treadle/contract";
import type { Columnar } from "../../platform/columnar/port.ts";
import type { Inference } from "../../platform/inference/port.ts";
import type { Objects } from "../../platform/objects/port.ts";
import type { PostgresStore } from "../../platform/postgres/port.ts";
import type { Spool } from "../../platform/spool/port.ts";

export type Stores = {
  readonly postgres: PostgresStore;
  readonly columnar: Columnar;
  readonly objects: Objects;
  readonly spool: Spool;
  readonly inference: Inference;
};
type Health = Omit<StoreHealth, "sizeBytes">;

const CHECK_MS = 3_000;
/** The hash of nothing anybody stores; asking for it shows that the folder can be read. */
const NO_OBJECT = "0".repeat(64);

/** Null when the check passes in time, otherwise what went wrong, without the details that only the log may have. */
async function problemOf(check: () => Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not answer within ${CHECK_MS / 1_000} seconds`), CHECK_MS);
  });
  const checked = check().then(
    () => null,
    (error: unknown) =>
      error instanceof Error && "code" in error ? `it does not answer (${String(error.code)})` : "it does not answer",
  );
  return Promise.race([checked, late]).finally(() => clearTimeout(timer));
}

async function postgresHealth(postgres: PostgresStore): Promise<Health> {
  const problem = await problemOf(() => postgres.check());
  const message = problem ? `The database cannot be used: ${problem}.` : "The database answers.";
  return { name: "postgres", engine: postgres.engine, state: problem ? "down" : "ok", message };
}

/** The gateway goes on without it: calls wait in the spool. So it is degraded, not down. */
async function columnarHealth(columnar: Columnar): Promise<Health> {
  const problem = await problemOf(() => columnar.check());
  const message = problem
    ? `Traces cannot be read: ${problem}. Calls are kept in the spool and stored when it is back.`
    : "The trace store answers.";
  return { name: "columnar", engine: columnar.engine, state: problem ? "degraded" : "ok", message };
}

async function objectsHealth(objects: Objects): Promise<Health> {
  const problem = await problemOf(() => objects.has(NO_OBJECT));
  const message = problem ? `Files cannot be read: ${problem}.` : "The file store answers.";
  return { name: "objects", engine: objects.engine, state: problem ? "down" : "ok", message };
}

function spoolHealth(spool: Spool): Health {
  const { state, message } = spool.status();
  return { name: "spool", engine: "files", state, message };
}

function inferenceHealth(inference: Inference): Health {
  return { name: "inference", engine: "llama.cpp and TensorFlow.js, in a process of their own", ...inference.state() };
}

/** How each store is, asked side by side; never throws. */
export async function checkStores({ postgres, columnar, objects, spool, inference }: Stores): Promise<Health[]> {
  const asked = await Promise.all([postgresHealth(postgres), columnarHealth(columnar), objectsHealth(objects)]);
  return [...asked, spoolHealth(spool), inferenceHealth(inference)];
}

/** Bytes on disk of the stores that know it; null where it cannot be told. */
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
