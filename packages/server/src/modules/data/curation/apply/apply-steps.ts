import { CurationChoice, CurationOutcome } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { type Chosen, chooseStep, runStep } from "./run-step.ts";
import type { ToolsFor } from "./step-tools.ts";

const Payload = z.object({
  datasetId: z.string(),
  branch: z.string(),
  /** The draft as it was when the job was created. A draft that was changed since then is left alone. */
  revision: z.number(),
  steps: z.array(CurationChoice),
});
type Payload = z.output<typeof Payload>;
/** The finished work: this number of the payload's steps, which created this draft. */
const State = z.object({ revision: z.number(), outcomes: z.array(CurationOutcome) });
type State = z.output<typeof State>;

export const curationJob: JobKind<Payload, State> = { name: "dataset-curation", payload: Payload, state: State };

type Deps = { readonly db: Postgres; readonly datasets: CuratedDatasets; readonly toolsFor: ToolsFor };
type Run = JobRun<Payload, State>;

const SAMPLES = 10;

/**
 * Runs steps over a draft, each on the manifest of the step before. A step is added to the draft in the transaction
 * that records it as done. After a crash, the draft is as it was before the step, and the job continues from there.
 */
export const createApplySteps = (deps: Deps): JobHandler<Payload, State> => ({
  async run(run) {
    const { payload } = run;
    let state: State = run.state ?? { revision: payload.revision, outcomes: [] };
    for (const choice of payload.steps.slice(state.outcomes.length)) {
      const place = state.outcomes.length + 1;
      const label = payload.steps.length === 1 ? "" : `Step ${place} of ${payload.steps.length}: `;
      state = await applyStep(deps, { run, state, label, chosen: chooseStep(choice, `steps.${place - 1}`) });
    }
    const last = state.outcomes.at(-1);
    return { revision: state.revision, rows: last?.kept ?? 0, outcomes: state.outcomes };
  },
});

type One = { readonly run: Run; readonly state: State; readonly label: string; readonly chosen: Chosen };

async function applyStep({ db, datasets, toolsFor }: Deps, { run, state, label, chosen }: One): Promise<State> {
  const { scope, signal, payload } = run;
  const { datasetId, branch } = payload;
  const draft = await datasets.openDraft(scope, { datasetId, branch });
  if (draft.revision !== state.revision) throw movedOn(branch);
  const { manifest } = draft;
  const message = `${label}${chosen.step.label}`;
  const report = (done: number) => run.report({ done, total: manifest.rows, unit: "rows", message });
  report(0);
  const context = {
    signal,
    secret: draft.secret,
    rows: manifest.rows,
    tools: toolsFor({ scope, datasetId, signal }),
    read: () => datasets.readItems(scope, manifest, { signal }),
    progress: (share: number) => report(Math.round(share * manifest.rows)),
  };
  const running = runStep(chosen, context, SAMPLES);
  const written = await datasets.writeItems(scope, running.items, { signal, onRows: report });
  const outcome = running.outcome();
  const step = {
    kind: "curate" as const,
    summary: summaryOf(chosen.step.label, outcome),
    counts: { added: 0, removed: outcome.removed, changed: outcome.edited },
    recipe: { steps: [{ stepId: chosen.step.id, params: chosen.params }] },
  };
  return db.transaction(async (tx) => {
    const pushed = await datasets.pushStep(
      scope,
      { datasetId, branch, expectedRevision: state.revision, step, manifest: written },
      tx,
    );
    const next = { revision: pushed.revision, outcomes: [...state.outcomes, outcome] };
    await run.save(next, tx);
    return next;
  });
}

const movedOn = (branch: string) =>
  new AppError("conflict", {
    message: `The draft of ${branch} was changed after this job started, so the steps were not applied. Check the draft, then apply the steps again.`,
  });

function summaryOf(label: string, { removed, edited, rows }: CurationOutcome): string {
  const did = [removed > 0 && `${removed} removed`, edited > 0 && `${edited} edited`].filter(Boolean).join(", ");
  return `${label}: ${did || "nothing to do"} (${rows} checked)`;
}
