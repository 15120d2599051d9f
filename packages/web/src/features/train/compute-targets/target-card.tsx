import { Pencil, Trash2 } from "lucide-react";
import { explain } from "../../../api.ts";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { KINDS } from "./kinds.ts";
import { type ComputeTarget, useTestComputeTarget } from "./use-compute-targets.ts";

type CardProps = { target: ComputeTarget; canWrite: boolean; onEdit: () => void; onDelete: () => void };

/** One compute target: its kind, its address, and the result of a connection test. */
export function TargetCard({ target, canWrite, onEdit, onDelete }: CardProps) {
  const { computeTargetId, name, url, folder, settings, hasToken } = target;
  const test = useTestComputeTarget();
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <p className="font-medium break-words">
            {name} <span className="ml-1 text-sm font-normal text-muted">{KINDS[settings.kind].label}</span>
          </p>
          <p className="text-sm break-all text-muted">
            <code className="text-xs">{url}</code>
          </p>
          <p className="mt-0.5 text-sm break-words text-muted">
            {hasToken ? "Token set" : "No token"} ·{" "}
            {folder ? (
              <>
                <code className="text-xs break-all">{folder.here}</code> is mounted at{" "}
                <code className="text-xs break-all">{folder.there}</code> on the cluster
              </>
            ) : (
              "same paths on the cluster"
            )}
          </p>
        </div>
        {canWrite && (
          <div className="flex shrink-0 items-center gap-1">
            <Button size="small" onClick={() => test.mutate(computeTargetId)} isBusy={test.isPending}>
              Test
            </Button>
            <IconButton label={`Edit ${name}`} onClick={onEdit}>
              <Pencil size={14} />
            </IconButton>
            <IconButton label={`Delete ${name}`} onClick={onDelete}>
              <Trash2 size={14} />
            </IconButton>
          </div>
        )}
      </div>
      {test.data && (
        <p role="status" className={`text-sm break-words ${test.data.ok ? "text-good" : "text-bad"}`}>
          {test.data.ok ? "Test passed: " : "Test failed: "}
          {test.data.message}
        </p>
      )}
      {test.error && (
        <p role="alert" className="text-sm text-bad">
          {explain(test.error)}
        </p>
      )}
    </li>
  );
}
