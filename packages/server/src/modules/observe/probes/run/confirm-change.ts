import { createHash } from "node:crypto";
import { PROBE_CONFIRMATION, type ProbeEvaluation, type ProbeSuspicion } from "@treadle/contract";
import { answerDiscrepancy, createRandom } from "@treadle/metrics";
import { DAY_MS } from "../../../../kernel/day.ts";
import { systemScope } from "../../../../kernel/scope.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeRow } from "../stores/probe-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { changeOpening } from "./notices.ts";
import { type Passed, passRun, type Stepping } from "./run-steps.ts";

const ALPHA = 0.001;
const PERMUTATIONS = 4_999;
/** A suspicion that the second test does not confirm is tested again after the next daily runs, so often in all. */
const MOST_ATTEMPTS = 3;
/** After a day, the second test goes with the answers that it has, if they are enough. */
const ENOUGH = 0.5;

export const NOT_PINNED: ProbeEvaluation = {
  status: "not-pinned",
  experimentId: null,
  baseRunId: null,
  runId: null,
  message: "No evaluation is pinned to this probe.",
};

/** Confirms a suspicion by its later daily runs, or by the second test, and opens an incident. Gives the probe as it is then. */
export async function confirmChange(
  deps: ProbeDeps,
  probe: ProbeRow,
  stepping: Stepping,
): Promise<ProbeRow | undefined> {
  const { suspicion } = probe;
  if (probe.state !== "suspected" || suspicion === null) return probe;
  if (suspicion.repeated >= PROBE_CONFIRMATION)
    return deps.db.transaction((tx) => confirm(deps, tx, { probe, suspicion }));
  if (!(await isDue(deps, probe, suspicion))) return probe;
  const passed = await passRun(deps, probe, { ...stepping, kind: "confirmation", slot: 0 });
  const { run, pass } = passed;
  const isOld = deps.clock.now() - run.startedAt.getTime() > DAY_MS && pass.answers >= run.calls * ENOUGH;
  if (pass.answers < run.calls && !isOld) return createProbeStore(deps.db).note(probe, { lastError: whyNot(passed) });
  return decide(deps, probe, { run, suspicion });
}

const whyNot = ({ pass }: Passed): string =>
  pass.stop === "budget"
    ? "The second test stopped at the daily budget and continues tomorrow."
    : `The second test continues later: ${pass.error}`;

/** Whether the second test runs, or the suspicion is newer than the last one. */
async function isDue({ db }: ProbeDeps, probe: ProbeRow, { attempts, confirmation }: ProbeSuspicion): Promise<boolean> {
  const runs = createRunStore(db);
  if (await runs.running(probe, ["confirmation"])) return true;
  if (attempts >= MOST_ATTEMPTS) return false;
  const daily = await runs.newest(probe, ["daily"]);
  return confirmation === null || (daily?.endedAt?.getTime() ?? 0) > Date.parse(confirmation.at);
}

type Deciding = { readonly run: RunRow; readonly suspicion: ProbeSuspicion };

async function decide(deps: ProbeDeps, probe: ProbeRow, { run, suspicion }: Deciding): Promise<ProbeRow | undefined> {
  const test = await testSamples(deps, probe, run);
  const at = new Date(deps.clock.now());
  const after = { ...suspicion, confirmation: { ...test, at: at.toISOString() }, attempts: suspicion.attempts + 1 };
  const isConfirmed = test.pValue < ALPHA;
  const message = isConfirmed ? "The change is confirmed." : "The change is not confirmed.";
  return deps.db.transaction(async (tx) => {
    await createRunStore(tx).update(run.id, { state: "done", endedAt: at, message });
    if (isConfirmed) return confirm(deps, tx, { probe, suspicion: after });
    return createProbeStore(tx).note(probe, { suspicion: after, lastError: "", updatedAt: at });
  });
}

/** The change is certain enough for an incident. */
async function confirm(
  { incidents, clock }: ProbeDeps,
  tx: ProbeDeps["db"],
  { probe, suspicion: before }: { readonly probe: ProbeRow; readonly suspicion: ProbeSuspicion },
): Promise<ProbeRow | undefined> {
  const at = new Date(clock.now());
  const suspicion = { ...before, evaluation: firstEvaluation(probe) };
  const store = createProbeStore(tx);
  const changed = await store.note(probe, { state: "changed", suspicion, lastError: "", updatedAt: at });
  if (!changed) return changed;
  const incidentId = await incidents.open(tx, systemScope(probe.projectId), changeOpening(probe, { suspicion, at }));
  return store.note(changed, { incidentId });
}

const firstEvaluation = ({ settings: { experimentId } }: ProbeRow): ProbeEvaluation =>
  experimentId === null ? NOT_PINNED : { ...NOT_PINNED, status: "running", message: "" };

async function testSamples({ db }: ProbeDeps, probe: ProbeRow, run: RunRow) {
  const answers = createAnswerStore(db);
  const before = await createRunStore(db).newest(probe, ["samples"]);
  const [reference, current] = [before ? await answers.textsOfRun(before.id) : null, await answers.textsOfRun(run.id)];
  const pairs = [...current].map(([promptId, now]) => ({ reference: reference?.get(promptId) ?? [], current: now }));
  const random = createRandom(createHash("sha256").update(run.id).digest().readUInt32BE(8));
  const test = answerDiscrepancy(pairs, { random, permutations: PERMUTATIONS });
  return { value: test?.value ?? 0, pValue: test?.pValue ?? 1, samples: run.answers };
}
