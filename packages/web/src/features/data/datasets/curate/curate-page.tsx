import { getRouteApi } from "@tanstack/react-router";
import type { CurationStep, Draft } from "@treadle/contract";
import { explain } from "../../../../api.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { type DatasetPlace, useDatasetPlace, useDraft } from "../shared/use-draft.ts";
import { useButtonJob } from "../shared/use-jobs.ts";
import { ContaminationNotes } from "./contamination-notes.tsx";
import { choicesOf, moveStep, type Pipeline, type PlannedStep, withStep } from "./pipeline.ts";
import { AddStep, PipelineList, StepChoices } from "./pipeline-list.tsx";
import { RecipeMenu } from "./recipe-menu.tsx";
import { StepPane } from "./step-pane.tsx";
import { useApplyCuration, useCurationSteps } from "./use-curation.ts";

const route = getRouteApi("/shell/datasets/$datasetId/curate");
const NO_STEPS: Pipeline = [];

/** Steps that clean the draft, each with a preview. The pipeline stays in this browser until it is applied. */
export function CuratePage() {
  const place = useDatasetPlace();
  const list = useCurationSteps();
  const draft = useDraft(place);
  if (list.error)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The steps could not be loaded" />;
  if (draft.error && !draft.data) return <ErrorState error={draft.error} retry={() => draft.refetch()} />;
  if (!list.data || !draft.data) return <Skeleton className="m-6 h-60 rounded-card" />;
  if (draft.data.rows === 0)
    return (
      <EmptyState title="No items to curate">
        Add items first: import a file, add traces, or enter items by hand.
      </EmptyState>
    );
  return <Curation place={place} steps={list.steps} draft={draft.data} />;
}

type CurationProps = { place: DatasetPlace; steps: readonly CurationStep[]; draft: Draft };

function Curation({ place, steps, draft }: CurationProps) {
  const { step: shownKey } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const [pipeline, setPipeline] = useStored<Pipeline>(`curate.${place.datasetId}.${place.branch}`, NO_STEPS);
  const shown = pipeline.find(({ key }) => key === shownKey) ?? pipeline[0];
  const show = (key: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, step: key }), replace: true, resetScroll: false });
  function add(step: CurationStep) {
    const next = withStep(pipeline, step);
    setPipeline(next);
    show(next.at(-1)?.key);
  }
  const set = (key: string, params: PlannedStep["params"]) =>
    setPipeline(pipeline.map((step) => (step.key === key ? { ...step, params } : step)));
  const step = steps.find(({ stepId }) => stepId === shown?.stepId);
  return (
    <div className="grid grid-cols-[300px_minmax(0,1fr)] items-start gap-4 px-6 pt-4 pb-8 max-lg:grid-cols-1 max-md:px-4">
      <div className="flex flex-col gap-3 lg:sticky lg:top-4">
        <section aria-label="Pipeline" className="card overflow-hidden">
          <div className="flex items-center justify-between px-4 pt-3 pb-2">
            <h2 className="font-semibold">Pipeline</h2>
            <RecipeMenu place={place} pipeline={pipeline} steps={steps} onPipeline={setPipeline} />
          </div>
          {pipeline.length > 0 && (
            <div className="border-line border-t">
              <PipelineList
                pipeline={pipeline}
                steps={steps}
                shown={shown?.key}
                onShow={show}
                onMove={(key, by) => setPipeline(moveStep(pipeline, key, by))}
                onRemove={(key) => setPipeline(pipeline.filter((one) => one.key !== key))}
              />
            </div>
          )}
          <div className="border-line border-t p-3">
            <AddStep steps={steps} onAdd={add} />
          </div>
        </section>
        {can("datasets:write") && pipeline.length > 0 && (
          <Apply place={place} pipeline={pipeline} draft={draft} onDone={() => setPipeline(NO_STEPS)} />
        )}
        <ContaminationNotes datasetId={place.datasetId} />
      </div>
      {shown && step ? (
        <StepPane
          key={shown.key}
          place={place}
          step={step}
          planned={shown}
          revision={draft.revision}
          onParams={(params) => set(shown.key, params)}
        />
      ) : shown ? (
        <EmptyState title="Step not found">
          “{shown.stepId}” is not available on this server. Remove it from the pipeline.
        </EmptyState>
      ) : (
        <section aria-label="Choose a step" className="card overflow-hidden">
          <div className="px-4 pt-3 pb-2">
            <h2 className="font-semibold">Choose a step</h2>
            <p className="text-muted text-pretty">
              Each step shows what it would remove or edit, and why. An applied step becomes a step of the draft, which
              you can undo.
            </p>
          </div>
          <div className="border-line border-t">
            <StepChoices steps={steps} onAdd={add} isOnPage />
          </div>
        </section>
      )}
    </div>
  );
}

type ApplyProps = { place: DatasetPlace; pipeline: Pipeline; draft: Draft; onDone: () => void };

/** Runs the pipeline as a job. */
function Apply({ place, pipeline, draft, onDone }: ApplyProps) {
  const apply = useApplyCuration(place);
  const { isRunning, failure, follow } = useButtonJob(() => {
    onDone();
    toastDone("Pipeline applied. You can undo each step");
  });
  return (
    <section aria-label="Apply pipeline" className="flex flex-col gap-3">
      <Failure text={apply.error ? explain(apply.error) : failure} />
      <Button
        kind="primary"
        className="w-full"
        isBusy={apply.isPending || isRunning}
        onClick={() =>
          apply.mutate({ steps: choicesOf(pipeline), expectedRevision: draft.revision }, { onSuccess: follow })
        }
      >
        Apply {formatNumberOf(pipeline.length, "step")} to {formatNumberOf(draft.rows, "item")}
      </Button>
      <p className="text-xs text-muted text-pretty">
        Steps run in order, each on the items that the previous step kept. Previews use the draft as it is now.
      </p>
    </section>
  );
}
