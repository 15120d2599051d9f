import { Boxes } from "lucide-react";
import { ProgressBar } from "../../../components/feedback/progress-bar.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatBytes } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
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
        {project.can("local-models:write") && <PullForm />}
      </div>
      <PullProgress />
      <PullTrouble />
      {!models.data && [0, 1, 2].map((row) => <Skeleton key={row} className="h-24 rounded-card" />)}
      {here.length > 0 && (
        <Section title="Installed">
          <ul className="divide-y divide-line border-line border-t">
            {here.map((model) => (
              <ModelCard key={model.modelId} model={model} />
            ))}
          </ul>
        </Section>
      )}
      {models.data && here.length === 0 && (
        <EmptyState title="No models installed" icon={<Boxes size={22} />} code="treadle pull smollm2-135m-instruct">
          Pull a model from the catalog below. A small model takes about a minute and runs on any machine.
        </EmptyState>
      )}
      {catalogue.length > 0 && (
        <Section
          title="Catalogue"
          description="Models that run well with Treadle. Each download is checked against its SHA-256."
        >
          <ul className="divide-y divide-line border-line border-t">
            {catalogue.map((model) => (
              <ModelCard key={model.modelId} model={model} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** How much of the memory budget for models is in use. */
function MemoryBudget({ models }: { models: LocalModels | undefined }) {
  const share = models ? models.memoryUsedBytes / Math.max(1, models.memoryBudgetBytes) : undefined;
  const loaded = models?.items.filter(({ state }) => state === "loaded") ?? [];
  return (
    <Section title="Model memory">
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
              label="Memory used by models"
              value={share}
              tone={(share ?? 0) > 0.9 ? "warn" : "accent"}
              className="mt-2"
            />
            <p className="mt-2 text-xs text-muted">
              A model loads on its first request. When memory is full, Treadle unloads the least recently used model.
            </p>
          </>
        ) : (
          <Skeleton className="h-16" />
        )}
      </div>
    </Section>
  );
}
