import { getRouteApi } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { ApiError } from "../../api.ts";
import { PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { LineageGraph } from "./lineage-graph.tsx";
import { type LineageStart, startOf } from "./lineage-search.ts";
import { RunRows } from "./run-rows.tsx";
import { type Lineage, useLineage } from "./use-lineage.ts";

const route = getRouteApi("/shell/lineage");

const TITLES: Readonly<Record<LineageStart["kind"], { readonly title: string; readonly description: string }>> = {
  answer: {
    title: "Where this answer comes from",
    description: "From the rows that a model was trained on, over its run and its version, to the answer.",
  },
  version: { title: "Lineage of a model version", description: "What it came from, and what came of it." },
  run: { title: "Lineage of a training run", description: "What it was given, and what came of it." },
  dataset: {
    title: "What came of a dataset version",
    description: "The runs that were given it, the versions they made, and what those answered.",
  },
  row: { title: "Lineage of a row", description: "Where it came from, and what was trained with it." },
};

/** From rows to answers and back, around the one thing that the address names. */
export function LineagePage() {
  const start = startOf(route.useSearch());
  const lineage = useLineage(start);
  const { title, description } = start ? TITLES[start.kind] : { title: "Lineage", description: "" };
  return (
    <>
      <PageHeader title={title} description={description} />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {!start ? (
          <EmptyState title="Nothing to start from" icon={<Waypoints size={22} />}>
            Open an answer that a fine-tuned model gave, a version of a model, a training run or a version of a dataset,
            and follow its lineage from there.
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
    <EmptyState title="It is not there" icon={<Waypoints size={22} />}>
      It may have been deleted, or belong to another project. {error.message}
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
            There is more than is shown here: the newest are. Open a step to go on from it.
          </p>
        )}
      </section>
      {runs.length === 1 && only?.target?.to === "training-run" && (
        <RunRows trainingRunId={only.target.trainingRunId} name={only.label} />
      )}
    </>
  );
}
