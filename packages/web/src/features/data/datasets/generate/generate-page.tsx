import { getRouteApi } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { EmptyState } from "../../../../components/feedback/states.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useDatasetPlace } from "../shared/use-draft.ts";
import { GenerateForm } from "./generate-form.tsx";
import { GenerateRun } from "./generate-run.tsx";

const route = getRouteApi("/shell/datasets/$datasetId/generate");

/** Generates items with a model: choose a recipe, preview a few items, and start a job. */
export function GeneratePage() {
  const place = useDatasetPlace();
  const { job } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  if (!can("datasets:write") || !can("gateway:use"))
    return (
      <EmptyState title="You cannot generate items" icon={<Lock size={22} />}>
        You need permission to edit datasets and to call models. Ask an owner of the project.
      </EmptyState>
    );
  return (
    <div className="flex w-full max-w-300 flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      {job ? (
        <GenerateRun place={place} jobId={job} again={() => void navigate({ search: {} })} />
      ) : (
        <GenerateForm place={place} onStarted={(started) => void navigate({ search: { job: started } })} />
      )}
    </div>
  );
}
