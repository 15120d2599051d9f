import { createHash } from "node:crypto";
import { createRandom } from "@treadle/metrics";
import { systemScope } from "../../../../kernel/scope.ts";
import { dayFactor, MOST_FACTOR, promptFactor } from "../statistics/day-factor.ts";
import { addFactors, evidenceOf, isOver, isSuspicious } from "../statistics/evidence.ts";
import { logprobFactor } from "../statistics/logprob-factor.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeChanges, type ProbeRow } from "../stores/probe-store.ts";
import type { Detectors } from "../stores/probe-values.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { noAnswersNotice, SILENT_DAYS } from "./notices.ts";
import { type Passed, passRun, type Stepping } from "./run-steps.ts";
import { isMissed, isNearHour, nextRunAfter, type PlannedRun, plannedRun } from "./schedule.ts";

/** The run of an hour, if it is time for it: the reference of the hour, or a comparison with it. Gives the probe as it is then. */
export async function runDaily(deps: ProbeDeps, probe: ProbeRow, stepping: Stepping): Promise<ProbeRow | undefined> {
  const runs = createRunStore(deps.db);
  const now = deps.clock.now();
  const begun = await runs.running(probe, ["reference", "daily"]);
  const planned = probe.nextRunAt;
  if (begun) return pass(deps, probe, { ...stepping, kind: begun.kind, slot: begun.slot });
  if (planned !== null && planned.getTime() > now) return probe;
  const next = planned === null || isMissed(planned, now) ? null : await runAt(deps, probe, planned);
  if (next === null) return createProbeStore(deps.db).note(probe, { nextRunAt: nextRunAfter(probe.id, now) });
  return pass(deps, probe, { ...stepping, ...next });
}

/** The run of a probe at a time. Null without a reference, if the time is too far from both hours to collect one. */
export async function runAt({ db }: Pick<ProbeDeps, "db">, probe: ProbeRow, time: Date): Promise<PlannedRun | null> {
  const references = await createRunStore(db).listReferences(probe);
  return plannedRun(probe.id, time, { references, isWatching: probe.state === "watching" });
}

async function pass(
  deps: ProbeDeps,
  probe: ProbeRow,
  order: Parameters<typeof passRun>[2],
): Promise<ProbeRow | undefined> {
  const passed = await passRun(deps, probe, order);
  const { pass: made, run } = passed;
  const isWhole = made.answers >= run.calls || made.stop === "budget";
  // The answers belong to an hour of the day, so the calls are not repeated for long.
  if (isWhole || isMissed(run.startedAt, deps.clock.now())) return finish(deps, probe, passed);
  const lastError = `The provider does not answer: ${made.error} The calls are repeated every 10 minutes for 3 hours.`;
  return createProbeStore(deps.db).note(probe, { lastError });
}

/** What a comparison found. */
type Compared = {
  readonly factors: Readonly<Record<string, number>>;
  readonly countFactor: number | null;
  readonly logprobFactor: number | null;
};
const NOT_COMPARED: Compared = { factors: {}, countFactor: null, logprobFactor: null };

async function finish(deps: ProbeDeps, probe: ProbeRow, passed: Passed): Promise<ProbeRow | undefined> {
  const { run, pass: made } = passed;
  const compared = run.kind === "daily" && run.answers > 0 ? await compare(deps, probe, run) : NOT_COMPARED;
  const detectors = addFactors(probe.detectors, { counts: compared.countFactor, logprobs: compared.logprobFactor });
  const now = new Date(deps.clock.now());
  const changes: ProbeChanges = {
    ...stateAfter(probe, { detectors, factor: factorOf(compared), now }),
    detectors,
    lastRunAt: now,
    nextRunAt: nextRunAfter(probe.id, now.getTime()),
    daysWithout: run.answers > 0 ? 0 : probe.daysWithout + 1,
    lastError: run.answers > 0 ? "" : made.error,
    updatedAt: now,
  };
  const state = made.stop === "budget" ? "budget" : run.answers > 0 ? "done" : "no-answers";
  const isOfHour = run.kind === "reference" || isNearHour(probe.id, run.startedAt);
  const isReference = isOfHour && (changes.state ?? probe.state) === "watching";
  const evidence = run.kind === "daily" ? evidenceOf(detectors) : null;
  const ended = { ...compared, state, isReference, evidence, message: messageOf(passed), endedAt: now } as const;
  return deps.db.transaction(async (tx) => {
    await createRunStore(tx).update(run.id, ended);
    const after = await createProbeStore(tx).note(probe, changes);
    if (after?.daysWithout === SILENT_DAYS)
      await deps.announce(tx, systemScope(probe.projectId), noAnswersNotice(probe, { at: now, error: made.error }));
    return after;
  });
}

const messageOf = ({ pass: { stop, error, failures } }: Passed): string =>
  stop === "budget" ? "Stopped at the daily budget." : failures > 0 ? error : "";

type After = { readonly detectors: Detectors; readonly factor: number; readonly now: Date };

/** A suspicion begins, stays or ends. A confirmed change ends only by a person. */
function stateAfter(probe: ProbeRow, { detectors, factor, now }: After): ProbeChanges {
  const evidence = evidenceOf(detectors);
  const { suspicion } = probe;
  if (probe.state === "watching" && isSuspicious(detectors))
    return { state: "suspected", suspicion: { ...NEW_SUSPICION, since: now.toISOString(), evidence } };
  if (probe.state === "suspected" && isOver(detectors)) return { state: "watching", suspicion: null };
  if (suspicion === null) return {};
  const repeated = Math.min(MOST_FACTOR, suspicion.repeated * factor);
  return { suspicion: { ...suspicion, repeated, evidence: Math.max(evidence, suspicion.evidence) } };
}
/** The run that raises a suspicion does not confirm it. */
const NEW_SUSPICION = { repeated: 1, confirmation: null, attempts: 0, evaluation: null };

/** One factor of a run: the mean of those that it has, which is an e-value too. 1 without a comparison. */
function factorOf({ countFactor, logprobFactor: tokens }: Compared): number {
  if (countFactor === null) return tokens ?? 1;
  return tokens === null ? countFactor : countFactor / 2 + tokens / 2;
}

async function compare({ db }: ProbeDeps, probe: ProbeRow, run: RunRow): Promise<Compared> {
  const answers = createAnswerStore(db);
  const slot = { probeId: probe.id, epoch: probe.epoch, slot: run.slot };
  const [reference, current] = [await answers.countsOfReference(slot), await answers.countsOfRun(run.id)];
  const factors: Record<string, number> = {};
  for (const { promptId, kind } of probe.prompts) {
    const [before, now] = [reference.get(promptId), current.get(promptId)];
    if (kind !== "logprobs" && before && now) factors[promptId] = promptFactor(before, now);
  }
  const [tokensBefore, tokensNow] = [await answers.logprobsOfReference(slot), await answers.logprobsOfRun(run.id)];
  const pairs = [...tokensNow].map(([promptId, now]) => ({
    reference: tokensBefore.get(promptId) ?? [],
    current: now,
  }));
  const random = createRandom(createHash("sha256").update(run.id).digest().readUInt32BE(4));
  const values = Object.values(factors);
  return {
    factors,
    countFactor: values.length === 0 ? null : dayFactor(values),
    logprobFactor: logprobFactor(pairs, random),
  };
}
