import { totalmem } from "node:os";
import type { Ground } from "./ground.ts";
import { systemClock as clock } from "./kernel/clock.ts";
import { openColumnar } from "./platform/columnar/open.ts";
import { createInference } from "./platform/inference/open.ts";
import { openJobs } from "./platform/jobs/open.ts";
import { openFolderObjects } from "./platform/objects/folder.ts";
import { createOutbound } from "./platform/outbound/open.ts";
import { openPostgres } from "./platform/postgres/open.ts";
import { openSandbox } from "./platform/sandbox/open.ts";
import { openSecrets } from "./platform/secrets/open.ts";
import { openSpool } from "./platform/spool/open.ts";
import { openSpareCore } from "./platform/threads/port.ts";

const MIB = 1024 * 1024;

/** Opens everything that holds data or reaches outside the process; the slow ones side by side. */
export async function openStores({ config, folder, log }: Pick<Ground, "config" | "folder" | "log">) {
  const [postgres, columnar, objects, secrets] = await Promise.all([
    openPostgres({ url: config.TREADLE_POSTGRES_URL, folder: folder.resolve("postgres") }),
    openColumnar({ url: config.TREADLE_CLICKHOUSE_URL, folder: folder.resolve("columnar") }),
    openFolderObjects(folder.resolve("objects")),
    openSecrets({ folder: folder.path, key: config.TREADLE_SECRET_KEY }),
  ]);
  const spool = await openSpool({
    folder: folder.resolve("spool"),
    capBytes: config.TREADLE_SPOOL_CAP_MB * MIB,
    deliver: (table, lines, token) => columnar.insertLines(table, lines, { token }),
    log,
    clock,
  });
  const budget = config.TREADLE_MODEL_MEMORY_MB ? config.TREADLE_MODEL_MEMORY_MB * MIB : totalmem() / 2;
  const inference = createInference({
    memoryBudgetBytes: budget,
    parallel: config.TREADLE_MODEL_PARALLEL,
    onnxFolder: config.TREADLE_TRANSFORMERS_JS ?? folder.resolve("transformers-js"),
    log,
  });
  const outbound = createOutbound({ allow: config.TREADLE_OUTBOUND_ALLOW });
  const sandbox = openSandbox();
  const spareCore = openSpareCore();
  const jobs = openJobs({ db: postgres.db, log, isAlone: config.TREADLE_POSTGRES_URL === undefined });
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
    /** Told of each call, so that others leave its thread a core. */
    spareCore,
    /** Started by whoever has registered every handler, and closed before what the handlers use. */
    jobs,
    async close() {
      spareCore.close();
      await inference.close();
      await sandbox.close();
      await outbound.close();
      await spool.close();
      await Promise.all([columnar.close(), postgres.close()]);
    },
  };
}
export type Stores = Awaited<ReturnType<typeof openStores>>;
