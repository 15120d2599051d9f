// A process that runs jobs until it is killed. It prints its progress as one JSON object per line.
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { openJobs } from "../../../packages/server/src/platform/jobs/open.ts";
import type { JobKind } from "../../../packages/server/src/platform/jobs/port.ts";
import { openPostgres } from "../../../packages/server/src/platform/postgres/open.ts";

const printLine = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const log = {
  debug() {},
  info() {},
  warn(fields: object, message: string) {
    printLine({ warned: message, fields: String("error" in fields ? fields.error : "") });
  },
  error(fields: object, message: string) {
    printLine({ warned: message, fields: String("error" in fields ? fields.error : "") });
  },
};
const Payload = z.object({ steps: z.number() });
const State = z.object({ at: z.number() });
const stepping: JobKind<z.output<typeof Payload>, z.output<typeof State>> = {
  name: "stepping",
  payload: Payload,
  state: State,
};

const [, , place = "", url] = process.argv;
let steps = 0;
const store = await openPostgres(url === undefined ? { folder: place } : { url, folder: null });
const { db } = store;
const jobs = openJobs({ db, log, isAlone: url === undefined, timing: { pollMs: 50, leaseMs: 600, beatMs: 50 } });
jobs.register(stepping, {
  concurrency: 3,
  /** A step and the state that records it are stored together or not at all. */
  async run({ jobId, payload, state, save, report, signal }) {
    for (let at = state?.at ?? 0; at < payload.steps; at++) {
      signal.throwIfAborted();
      await delay(5);
      await db.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO steps VALUES (${jobId}, ${at})`);
        await save({ at: at + 1 }, tx);
      });
      if (steps++ === 0) printLine({ stepped: jobId });
      report({ done: at + 1, total: payload.steps });
    }
    return { steps: payload.steps };
  },
});
process.once("SIGTERM", async () => {
  await jobs.close();
  await store.close();
});
jobs.start();
printLine({ started: process.pid });
// Without this timer the process would exit: jobs do not keep it alive.
const alive = setInterval(() => {}, 1_000);
process.once("SIGTERM", () => clearInterval(alive));
