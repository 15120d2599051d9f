import { getRouteApi } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { EmptyState } from "../../../../components/feedback/states.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useDatasetPlace } from "../shared/use-draft.ts";
import { DropFile } from "./drop-file.tsx";
import { ImportPreview } from "./import-preview.tsx";
import { ImportRun } from "./import-run.tsx";

const route = getRouteApi("/shell/datasets/$datasetId/import");

/** Imports a file into the draft in three steps: choose, check, import. */
export function ImportPage() {
  const place = useDatasetPlace();
  const { upload, run } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  if (!can("datasets:write"))
    return (
      <EmptyState title="You cannot import" icon={<Lock size={22} />}>
        You need permission to edit datasets. Ask an owner of the project.
      </EmptyState>
    );
  return (
    <div className="flex w-full max-w-320 flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      <Steps current={run ? 2 : upload ? 1 : 0} />
      {run ? (
        <ImportRun place={place} importId={run} again={() => void navigate({ search: {} })} />
      ) : upload ? (
        <ImportPreview
          place={place}
          fileId={upload}
          again={() => void navigate({ search: {} })}
          onStarted={(importId) => void navigate({ search: { upload, run: importId } })}
        />
      ) : (
        <DropFile onSent={(fileId) => void navigate({ search: { upload: fileId } })} />
      )}
    </div>
  );
}

const NAMES = ["Choose file", "Check preview", "Import"] as const;

function Steps({ current }: { current: number }) {
  return (
    <ol aria-label="Import steps" className="flex flex-wrap items-center gap-x-5 gap-y-1">
      {NAMES.map((name, place) => (
        <li
          key={name}
          aria-current={place === current ? "step" : undefined}
          className={`flex items-center gap-2 ${place === current ? "font-medium" : "text-muted"}`}
        >
          <span
            className={`num flex size-5 items-center justify-center rounded-full border text-xs ${place === current ? "border-accent bg-accent text-on-accent" : place < current ? "border-accent text-accent" : "border-line-strong"}`}
          >
            {place + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  );
}
