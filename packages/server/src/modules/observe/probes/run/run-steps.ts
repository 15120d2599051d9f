import { DAY_MS } from "../../../../kernel/day.ts";
import { newId } from "../../../../kernel/ids.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import type { ProbeRow } from "../stores/probe-store.ts";
import { createRunStore, type RunKind, type RunRow } from "../stores/run-store.ts";
import { makeCalls } from "./make-calls.ts";
import { planCalls } from "./plan-calls.ts";
import type { Pass } from "./tally.ts";

/** How a job runs one probe. */
export type Stepping = {
  readonly signal: AbortSignal;
  readonly report: (done: number, total: number) => void;
};
export type Passed = { readonly run: RunRow; readonly pass: Pass };

const SET_UP: ReadonlySet<RunKind> = new Set(["selection", "samples"]);

/** Continues the run that was begun, or begins one, and makes its calls. */
export async function passRun(
  deps: ProbeDeps,
  probe: ProbeRow,
  { kind, slot, signal, report }: Stepping & { readonly kind: RunKind; readonly slot: number },
): Promise<Passed> {
  const run = (await createRunStore(deps.db).running(probe, [kind])) ?? (await begin(deps, probe, { kind, slot }));
  const budget = await budgetOf(deps, probe, run);
  const pass = await makeCalls(deps, { probe, run, budget, signal, report });
  const { answers, failures, costUsd } = pass;
  await createRunStore(deps.db).update(run.id, { answers, failures: run.failures + failures, costUsd });
  return { run: { ...run, answers, failures: run.failures + failures, costUsd }, pass };
}

async function begin({ db, clock }: ProbeDeps, probe: ProbeRow, { kind, slot }: Begun): Promise<RunRow> {
  const now = clock.now();
  const id = newId("prun");
  const calls = planCalls({ id, kind }, probe.prompts).length;
  const { projectId, id: probeId, epoch } = probe;
  const row: RunRow = { ...NEW, id, projectId, probeId, epoch, kind, slot, calls, startedAt: new Date(now) };
  await createRunStore(db).create(row);
  return row;
}

type Begun = { readonly kind: RunKind; readonly slot: number };
const NEW = {
  state: "running",
  isReference: false,
  failures: 0,
  answers: 0,
  costUsd: 0,
  countFactor: null,
  logprobFactor: null,
  evidence: null,
  factors: {},
  message: "",
  endedAt: null,
} as const;

/** The set-up has one budget. The calls of a day in UTC share another. */
async function budgetOf({ db, clock }: ProbeDeps, { id, settings, setUpUsd }: ProbeRow, run: RunRow) {
  const answers = createAnswerStore(db);
  if (SET_UP.has(run.kind))
    return { limit: settings.setUpBudgetUsd, spent: setUpUsd + (await answers.costOf(run.id)).sum };
  const today = new Date(Math.floor(clock.now() / DAY_MS) * DAY_MS);
  const spent = await answers.costSince(id, ["reference", "daily", "confirmation"], today);
  return { limit: settings.dailyBudgetUsd, spent };
}
