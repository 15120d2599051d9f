import { getRouteApi } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { EmptyState } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { GenerateForm } from "./generate-form.tsx";
import { GenerateRun } from "./generate-run.tsx";
import { useDatasetPlace } from "./use-draft.ts";

const route = getRouteApi("/shell/datasets/$datasetId/generate");

/** Items that a model writes: say which, look at a few, and have the rest made by a job. */
export function GeneratePage() {
  const place = useDatasetPlace();
  const { job } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  if (!can("datasets:write") || !can("gateway:use"))
    return (
      <EmptyState title="You may not generate items" icon={<Lock size={22} />}>
        Somebody who may change datasets and call models can, or can give you that right.
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
