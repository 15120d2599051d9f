import { sql } from "drizzle-orm";
import { notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { JobHandler } from "../../../../platform/jobs/port.ts";
import { createAudit } from "../../../system/audit/index.ts";
import type { Notice } from "../../../system/notifications/index.ts";
import type { IncidentOpening } from "../../incidents/index.ts";
import type { ProbeDeps } from "../stores/deps.ts";

/** What the probes of a test call: jobs that the test runs, one price, one experiment, and incidents that are only noted. */
export function createSurroundings({ db, clock, ask }: Pick<ProbeDeps, "db" | "clock" | "ask">) {
  const seen = {
    opened: [] as IncidentOpening[],
    notices: [] as Notice[],
    recovered: 0,
    repeated: [] as string[],
    noted: [] as string[],
  };
  let handler: JobHandler<{ probeId: string }, null>;
  const deps: ProbeDeps = {
    db,
    columnar: { select: async () => [] },
    jobs: {
      register: (_kind, given) => {
        handler = given as never;
      },
      send: async () => newId("job"),
      list: async () => ({ items: [], nextCursor: null }),
      // As in the product, a job is cancelled on another connection than that of a transaction.
      cancel: async () => {
        await db.execute(sql`SELECT 1`);
        return {} as never;
      },
    },
    audit: createAudit({ db, clock }),
    ask,
    priceOf: async (_projectId, { model: name, inputTokens, outputTokens }) => {
      if (name.startsWith("gone/")) throw notFound("connection", "gone");
      return name === "openai/unpriced" ? null : (inputTokens + 4 * outputTokens) / 1e6;
    },
    isEndpoint: async (_projectId, name) => name === "support-endpoint",
    evaluations: {
      check: async (_scope, experimentId) => {
        if (experimentId !== "exp_1") throw notFound("experiment", experimentId);
      },
      start: async (_scope, { experimentId }) => {
        seen.repeated.push(experimentId);
        const ids = { experimentId: "exp_2", baseRunId: "run_1", runId: "run_2" };
        return { ...ids, status: "running", message: "It runs again." };
      },
      follow: async (_scope, evaluation) => ({
        ...evaluation,
        status: "done",
        message: "exact-match: worse than before",
      }),
    },
    incidents: {
      open: async (_tx, _scope, opening) => {
        seen.opened.push(opening);
        return "inc_1";
      },
      recover: async () => {
        seen.recovered++;
      },
      note: async (_tx, _scope, { text }) => {
        seen.noted.push(text);
      },
    },
    announce: async (_tx, _scope, notice) => {
      seen.notices.push(notice);
    },
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  };
  return { deps, seen, handler: () => handler };
}
export type Surroundings = ReturnType<typeof createSurroundings>;
