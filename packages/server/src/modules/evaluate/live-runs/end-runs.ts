import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { LiveRunsDeps } from "./deps.ts";
import { createScheduleStore } from "./schedule-store.ts";

const Payload = z.object({ ruleId: z.string() });
type Payload = z.output<typeof Payload>;
export const END_KIND: JobKind<Payload, null> = { name: "live-runs-end", payload: Payload, state: z.null() };

const MOST_RUNS = 100;

/** Ends the runs of a deleted rule. */
export const createEnding = (deps: LiveRunsDeps): JobHandler<Payload, null> => ({
  async run({ scope, payload }) {
    await endRuns(deps, scope, payload.ruleId);
    return null;
  },
});

type EndedRule = { readonly ruleId: string; readonly name: string };

/** Queues the end of a rule's runs, in the transaction that deletes the rule. A rule without a schedule has no runs. */
export async function endRule(
  { jobs }: Pick<LiveRunsDeps, "jobs">,
  tx: Postgres,
  { scope, ruleId, name }: EndedRule & { readonly scope: Scope },
): Promise<void> {
  if (!(await createScheduleStore(tx).find(scope.projectId, ruleId))) return;
  const title = `Cancel the runs of the deleted rule ${name}`;
  await jobs.send(tx, scope, { kind: END_KIND, payload: { ruleId }, title, subject: ruleId });
}

/** Cancels the runs that are being scored, and deletes a run that has only a part of its sample. Other runs remain. */
export async function endRuns({ runs }: Pick<LiveRunsDeps, "runs">, scope: Scope, ruleId: string): Promise<void> {
  const listed = { ruleId, search: "", limit: MOST_RUNS };
  for (const status of ["open", "queued", "running"] as const)
    for (const { runId } of (await runs.list(scope, { ...listed, status })).items)
      await ignoreEnded(status === "open" ? runs.delete(scope, runId) : runs.cancel(scope, runId));
}

/** The run can end or be deleted meanwhile. */
async function ignoreEnded(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "not_found")) throw error;
  }
}
