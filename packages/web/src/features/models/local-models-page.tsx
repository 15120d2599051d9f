import { Boxes } from "lucide-react";
import { formatBytes } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { ModelCard } from "./model-card.tsx";
import { PullForm } from "./pull-form.tsx";
import { PullProgress } from "./pull-progress.tsx";
import { PullTrouble } from "./pull-trouble.tsx";
import { type LocalModels, useLocalModels } from "./use-models.ts";

/** The models of this machine: pulled, loaded, or ready to be pulled. */
export function LocalModelsPage() {
  const models = useLocalModels();
  const project = useProject();
  if (models.error && !models.data)
    return <ErrorState error={models.error} retry={() => models.refetch()} title="The models could not be loaded" />;
  const here = models.data?.items.filter(({ state }) => state !== "available") ?? [];
  const catalogue = models.data?.items.filter(({ state }) => state === "available") ?? [];
  return (
    <>
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        <MemoryBudget models={models.data} />
        {project.can("models:write") && <PullForm />}
      </div>
      <PullProgress />
      <PullTrouble />
      {!models.data && [0, 1, 2].map((row) => <Skeleton key={row} className="h-24 rounded-card" />)}
      {here.length > 0 && (
        <Section title="Ready here">
          <ul className="divide-y divide-line border-line border-t">
            {here.map((model) => (
              <ModelCard key={model.id} model={model} />
            ))}
          </ul>
        </Section>
      )}
      {models.data && here.length === 0 && (
        <EmptyState title="No model is here yet" icon={<Boxes size={22} />} code="treadle pull smollm2-135m-instruct">
          Pull one from the catalogue below; a small one takes a minute and answers on any machine.
        </EmptyState>
      )}
      {catalogue.length > 0 && (
        <Section
          title="In the catalogue"
          description="Known to run well here. Each is checked against its SHA-256 when it has arrived."
        >
          <ul className="divide-y divide-line border-line border-t">
            {catalogue.map((model) => (
              <ModelCard key={model.id} model={model} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** How much of the memory that models may take is taken. */
function MemoryBudget({ models }: { models: LocalModels | undefined }) {
  const share = models ? models.memoryUsedBytes / Math.max(1, models.memoryBudgetBytes) : undefined;
  const loaded = models?.items.filter(({ state }) => state === "loaded") ?? [];
  return (
    <Section title="Memory for models">
      <div className="px-4 pb-4">
        {models ? (
          <>
            <p className="num flex justify-between gap-2">
              <span>
                <span className="text-lg font-semibold">{formatBytes(models.memoryUsedBytes)}</span>{" "}
                <span className="text-muted">of {formatBytes(models.memoryBudgetBytes)}</span>
              </span>
              <span className="self-end text-muted">
                {loaded.length} {loaded.length === 1 ? "model" : "models"} loaded
              </span>
            </p>
            <ProgressBar
              label="Memory taken by models"
              value={share}
              tone={(share ?? 0) > 0.9 ? "warn" : "accent"}
              className="mt-2"
            />
            <p className="mt-2 text-xs text-muted">
              A model loads at its first request. When the memory is full, the one that rested longest makes room.
            </p>
          </>
        ) : (
          <Skeleton className="h-16" />
        )}
      </div>
    </Section>
  );
}
