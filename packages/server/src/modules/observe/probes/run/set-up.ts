import { messageOf } from "../../../../kernel/message-of.ts";
import { choosePrompts } from "../prompts/choose-prompts.ts";
import { createAnswerStore } from "../stores/answer-store.ts";
import type { ProbeDeps } from "../stores/deps.ts";
import { createProbeStore, type ProbeChanges, type ProbeRow } from "../stores/probe-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { estimateProbe } from "./estimate-probe.ts";
import { type Passed, passRun, type Stepping } from "./run-steps.ts";
import { nextRunAfter } from "./schedule.ts";

/** A set-up run is complete with this share of its answers, because a provider may refuse some prompts. */
const ENOUGH = 0.8;
const REASONING =
  "The model reasons before it answers, so its answers vary without a change. Delete this probe and create one for a model that does not reason.";

/** One stage of the set-up. Gives the probe as it is then; undefined if the stage has to be continued later. */
export async function setUp(deps: ProbeDeps, probe: ProbeRow, stepping: Stepping): Promise<ProbeRow | undefined> {
  const kind = probe.stage === "samples" ? "samples" : "selection";
  const passed = await passRun(deps, probe, { ...stepping, kind, slot: 0 });
  const { pass, run } = passed;
  if (pass.stop === "reasoning") {
    const changes: ProbeChanges = { state: "unsuited", notices: [REASONING], nextRunAt: null };
    await finish(deps, probe, { run, changes });
    return undefined;
  }
  if (pass.stop !== null || pass.answers < run.calls * ENOUGH) {
    await createProbeStore(deps.db).note(probe, { lastError: whyNot(probe, passed) });
    return undefined;
  }
  const changes = kind === "selection" ? await selected(deps, probe, passed) : watching(deps, probe);
  return finish(deps, probe, { run, changes: { ...changes, lastError: "" } });
}

const whyNot = ({ settings }: ProbeRow, { pass }: Passed): string =>
  pass.stop === "budget"
    ? `The set-up stopped at its budget of $${settings.setUpBudgetUsd}. Raise the budget to continue.`
    : `The provider does not answer: ${pass.error} Check the connection. The set-up tries again every 10 minutes, or when you run the probe.`;

const watching = ({ clock }: ProbeDeps, probe: ProbeRow): ProbeChanges => ({
  state: "watching",
  stage: "daily",
  nextRunAt: nextRunAfter(probe.id, clock.now()),
});

async function selected(deps: ProbeDeps, probe: ProbeRow, { run }: Passed): Promise<ProbeChanges> {
  const answers = createAnswerStore(deps.db);
  const [counts, tokens] = [await answers.countsOfRun(run.id), await answers.logprobsOfRun(run.id)];
  const { pinnedPrompts: pinned } = probe.settings;
  const { prompts, notices } = choosePrompts({ counts, hasLogprobs: tokens.size > 0, pinned });
  const estimatedUsd = await estimateDay(deps, { ...probe, prompts });
  const unpriced = estimatedUsd === null ? ["The price of the model is unknown, so budgets do not apply."] : [];
  return { prompts, stage: "samples", notices: [...notices, ...unpriced], estimatedUsd };
}

async function estimateDay({ priceOf, log }: ProbeDeps, probe: ProbeRow): Promise<number | null> {
  try {
    const { dailyUsd } = await estimateProbe({ priceOf }, probe.projectId, probe);
    return dailyUsd;
  } catch (error) {
    log.debug({ probeId: probe.id, reason: messageOf(error) }, "the cost of a probe could not be estimated");
    return null;
  }
}

/** Ends a set-up run and changes the probe, together. */
async function finish(
  { db, clock }: ProbeDeps,
  probe: ProbeRow,
  { run, changes }: { readonly run: RunRow; readonly changes: ProbeChanges },
): Promise<ProbeRow | undefined> {
  const now = new Date(clock.now());
  return db.transaction(async (tx) => {
    await createRunStore(tx).update(run.id, { state: "done", endedAt: now });
    const setUpUsd = probe.setUpUsd + run.costUsd;
    return createProbeStore(tx).note(probe, { ...changes, setUpUsd, updatedAt: now });
  });
}
