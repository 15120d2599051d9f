import { createHash } from "node:crypto";
import { type LiveRule, RunInput } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { storeLiveSample } from "../experiments/index.ts";
import type { LiveRunsDeps } from "./deps.ts";
import { endRuns } from "./end-runs.ts";
import { createPeriodStore, type PeriodRow } from "./period-store.ts";
import type { ScheduleRow } from "./schedule-store.ts";

export type Making = {
  readonly scope: Scope;
  readonly rule: LiveRule;
  readonly schedule: ScheduleRow;
  readonly row: PeriodRow;
  readonly budget: RunInput["budget"];
  readonly signal: AbortSignal;
};
export type Made = Pick<PeriodRow, "state"> & Partial<Pick<PeriodRow, "matching" | "error">>;

const MOST_NAME = 80;
const NOTHING_TO_SCORE: Readonly<Record<ScheduleRow["traces"], string>> = {
  all: "None of the matching traces has a stored answer.",
  unscored: "The rule has scored the matching traces, or their answers are not stored.",
};

/** Makes the run of a period from a fresh sample. A run that a restart interrupted is made again from the same sample. */
export async function makeRun(deps: LiveRunsDeps, making: Making): Promise<Made> {
  const { schedule, rule, row, signal } = making;
  const scope = { ...making.scope, actor: schedule.updatedBy };
  if (await discardIncomplete(deps, scope, row.runId)) return { state: "started" };
  const wanted = {
    ruleId: rule.ruleId,
    from: row.startsAt,
    to: row.endsAt,
    size: schedule.sampleSize,
    seed: seedOf(row),
    isUnscored: schedule.traces === "unscored",
  };
  const { matching, batches } = await deps.rules.draw(scope, wanted, signal);
  let traces = 0;
  for await (const answers of batches) {
    if (traces === 0) await createRun(deps, scope, making);
    const stored = answers.map(({ span, sample }) => storeLiveSample(sample, span));
    await deps.runs.addAnswers(scope, row.runId, stored);
    traces += answers.length;
  }
  if (traces === 0) return { state: "empty", matching, error: matching > 0 ? NOTHING_TO_SCORE[schedule.traces] : "" };
  await createPeriodStore(deps.db).update(row, { matching, traces });
  await deps.runs.finish(scope, row.runId);
  // The rule was deleted with its periods, and perhaps before the run was there to be cancelled.
  if (!(await createPeriodStore(deps.db).find(row))) await endRuns(deps, scope, row.ruleId);
  return { state: "started" };
}

/** Deletes a run that was incomplete when the server stopped. True if the run was complete. */
export async function discardIncomplete({ runs }: LiveRunsDeps, scope: Scope, runId: string): Promise<boolean> {
  const [existing] = await runs.listByIds(scope, [runId]);
  if (existing?.status !== "open") return existing !== undefined;
  await runs.delete(scope, runId);
  return false;
}

async function createRun({ runs }: LiveRunsDeps, scope: Scope, { rule, row, budget }: Making): Promise<void> {
  const name = `${rule.name.slice(0, MOST_NAME)}, ${row.endsAt.toISOString().slice(0, 10)}`;
  const input = RunInput.parse({ name, scorers: rule.scorers, budget });
  await runs.create(scope, input, { runId: row.runId, ruleId: rule.ruleId });
}

const seedOf = ({ ruleId, endsAt }: PeriodRow) =>
  createHash("sha256").update(`${ruleId} ${endsAt.toISOString()}`).digest().readUInt32BE();
