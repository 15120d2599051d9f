import { getRouteApi } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { ApiError } from "../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { LineageGraph } from "./lineage-graph.tsx";
import { type LineageStart, startOf } from "./lineage-search.ts";
import { RunRows } from "./run-rows.tsx";
import { type Lineage, useLineage } from "./use-lineage.ts";

const route = getRouteApi("/shell/lineage");

const TITLES: Readonly<Record<LineageStart["kind"], { readonly title: string; readonly description: string }>> = {
  answer: {
    title: "Lineage of an answer",
    description: "From the training data through the run and the model version to the answer.",
  },
  version: { title: "Lineage of a model version", description: "The inputs and results of this model version." },
  run: { title: "Lineage of a training run", description: "The inputs and results of this training run." },
  dataset: {
    title: "Lineage of a dataset version",
    description: "The runs that used this version, the models they produced, and the answers of those models.",
  },
  row: { title: "Lineage of a row", description: "The source of this row and the runs that trained on it." },
};

/** The lineage around the object that the address names, from rows to answers. */
export function LineagePage() {
  const start = startOf(route.useSearch());
  const lineage = useLineage(start);
  const { title, description } = start ? TITLES[start.kind] : { title: "Lineage", description: "" };
  return (
    <>
      <PageHeader title={title} description={description} />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {!start ? (
          <EmptyState title="Nothing selected" icon={<Waypoints size={22} />}>
            Open an answer of a fine-tuned model, a model version, a training run or a dataset version, and follow its
            lineage from there.
          </EmptyState>
        ) : lineage.error && !lineage.data ? (
          <Failed error={lineage.error} retry={() => lineage.refetch()} />
        ) : lineage.data ? (
          <Shown lineage={lineage.data} />
        ) : (
          <Skeleton className="h-80 rounded-card" />
        )}
      </div>
    </>
  );
}

function Failed({ error, retry }: { error: unknown; retry: () => unknown }) {
  return error instanceof ApiError && error.status === 404 ? (
    <EmptyState title="Object not found" icon={<Waypoints size={22} />}>
      It may have been deleted, or it belongs to another project. {error.message}
    </EmptyState>
  ) : (
    <ErrorState error={error} retry={retry} title="The lineage could not be loaded" />
  );
}

function Shown({ lineage }: { lineage: Lineage }) {
  const runs = lineage.steps.filter(({ kind, target }) => kind === "training-run" && target !== null);
  const [only] = runs;
  return (
    <>
      <section aria-label="Lineage" className="card">
        <LineageGraph lineage={lineage} />
        {lineage.isCut && (
          <p className="border-line border-t px-4 py-2 text-muted">
            Only the newest steps are shown. Open a step to see its own lineage.
          </p>
        )}
      </section>
      {runs.length === 1 && only?.target?.to === "training-run" && (
        <RunRows trainingRunId={only.target.trainingRunId} name={only.label} />
      )}
    </>
  );
}
