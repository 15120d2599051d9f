import { totalmem } from "node:os";
import type { ServerBootstrap } from "./bootstrap.ts";
import { systemClock as clock } from "./kernel/clock.ts";
import { listSealedKeys } from "./modules/build/connections/index.ts";
import { listSealedHeaders } from "./modules/observe/forwarding/index.ts";
import { listSealedPrivacyKeys } from "./modules/observe/privacy/index.ts";
import { listSealedChannelSecrets } from "./modules/system/notifications/index.ts";
import { isProjectPaused } from "./modules/system/projects/index.ts";
import { listSealedTokens } from "./modules/train/compute-targets/index.ts";
import { openColumnar } from "./platform/columnar/open.ts";
import { openInTime } from "./platform/columnar/open-in-time.ts";
import { openIdempotencyKeys } from "./platform/idempotency/open.ts";
import { createInference } from "./platform/inference/open.ts";
import { openJobs } from "./platform/jobs/open.ts";
import { openFolderObjects } from "./platform/objects/folder.ts";
import { createOutbound } from "./platform/outbound/open.ts";
import { openPostgres } from "./platform/postgres/open.ts";
import type { Postgres } from "./platform/postgres/port.ts";
import { openSandbox } from "./platform/sandbox/open.ts";
import { openCheckedSecrets } from "./platform/secrets/open-checked.ts";
import type { SealedSecret } from "./platform/secrets/port.ts";
import { openSpool } from "./platform/spool/open.ts";
import { openReservedCore } from "./platform/threads/port.ts";

const MIB = 1024 * 1024;
/** Some 45 MB each while they are in use. */
const GUARD_PROCESSES = 4;
const GUARD_IDLE_MS = 600_000;

/** Opens everything that holds data or reaches outside the process; the slow ones side by side. */
export async function openStores(ground: Opening) {
  const { config, folder, log } = ground;
  const { postgres, secrets, columnar, objects, spool } = await openData(ground);
  const budget = config.TREADLE_MODEL_MEMORY_MB ? config.TREADLE_MODEL_MEMORY_MB * MIB : totalmem() / 2;
  const inference = createInference({
    memoryBudgetBytes: budget,
    parallel: config.TREADLE_MODEL_PARALLEL,
    onnxFolder: config.TREADLE_TRANSFORMERS_JS ?? folder.resolve("transformers-js"),
    log,
  });
  const outbound = createOutbound({ allow: config.TREADLE_OUTBOUND_ALLOW });
  const sandbox = openSandbox();
  const guardSandbox = openSandbox({ most: GUARD_PROCESSES, idleMs: GUARD_IDLE_MS });
  const spareCore = openReservedCore();
  // The data folder's lock, or the lease of the PostgreSQL database, which excludes other servers.
  const jobs = openJobs({ db: postgres.db, log, isAlone: true, isPaused: isProjectPaused });
  const idempotency = openIdempotencyKeys({ db: postgres.db, secrets, clock, log });
  return {
    postgres,
    columnar,
    objects,
    secrets,
    spool,
    inference,
    outbound,
    /** Code of scorers runs here. */
    sandbox,
    /** Scripts of guards run here: a caller waits for them, so they do not wait for scorers. */
    guardSandbox,
    /** Called for each call, so that one core is reserved for its thread. */
    spareCore,
    /** Started after all handlers are registered, and closed before the handlers' dependencies. */
    jobs,
    /** Responses to requests with an `Idempotency-Key`. */
    idempotency,
    async close() {
      spareCore.close();
      await idempotency.close();
      await inference.close();
      await sandbox.close();
      await guardSandbox.close();
      await outbound.close();
      await spool.close();
      await Promise.all([columnar.close(), postgres.close()]);
    },
  };
}
export type Stores = Awaited<ReturnType<typeof openStores>>;

type Opening = Pick<ServerBootstrap, "config" | "folder" | "log" | "opening" | "onFatal">;

/** The stores of data. The columnar one may open after the others. */
async function openData(ground: Opening) {
  const { config, folder, log, opening, onFatal } = ground;
  const columnarOpening = opening.track(
    "columnar",
    openColumnar({ url: config.TREADLE_CLICKHOUSE_URL, folder: folder.resolve("columnar") }),
  );
  // If another store fails first, its error counts.
  columnarOpening.catch(() => {});
  const [database, objects] = await Promise.all([
    opening.track("postgres", openDatabase(ground)),
    opening.track("objects", openFolderObjects(folder.resolve("objects"))),
  ]);
  const columnar = await openInTime(columnarOpening, { onFailed: onFatal });
  const spool = await opening.track(
    "spool",
    openSpool({
      folder: folder.resolve("spool"),
      capBytes: config.TREADLE_SPOOL_CAP_MB * MIB,
      deliver: (table, lines, token) => columnar.insertLines(table, lines, { token }),
      log,
      clock,
    }),
  );
  return { ...database, columnar, objects, spool };
}

/** The database, and the key that the secrets in it are sealed with. */
async function openDatabase({ config, folder, onFatal }: Opening) {
  const postgres = await openPostgres({
    url: config.TREADLE_POSTGRES_URL,
    folder: folder.resolve("postgres"),
    onTakenOver: onFatal,
  });
  try {
    const secrets = await openCheckedSecrets({
      db: postgres.db,
      folder: folder.path,
      key: config.TREADLE_SECRET_KEY,
      clock,
      mayReplaceKey: config.TREADLE_REPLACE_SECRET_KEY,
      listSealed: () => listSealedSecrets(postgres.db),
    });
    return { postgres, secrets };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

async function listSealedSecrets(db: Postgres): Promise<SealedSecret[]> {
  const lists = [
    listSealedKeys(db),
    listSealedHeaders(db),
    listSealedTokens(db),
    listSealedPrivacyKeys(db),
    listSealedChannelSecrets(db),
  ];
  return (await Promise.all(lists)).flat();
}
