import { RotateCcw, Trash2 } from "lucide-react";
import { EmptyState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { formatTime } from "../../../components/text/format.ts";
import { useProject, useProjectChanges } from "../session/index.ts";

/** Replaces every page of a deleted project. */
export function DeletedProject() {
  const project = useProject();
  const { restore } = useProjectChanges();
  const action = project.can("projects:write") && (
    <Button
      kind="primary"
      isBusy={restore.isPending}
      onClick={() => void whenDone(restore.mutateAsync(), () => toastDone(`Restored ${project.name}`))}
    >
      {!restore.isPending && <RotateCcw aria-hidden size={14} />} Restore project
    </Button>
  );
  return (
    <div className="p-6">
      <EmptyState title={`${project.name} is deleted`} icon={<Trash2 size={22} />} action={action}>
        {project.purgeAt && <>Its data is removed after {formatTime(project.purgeAt)}. </>}
        Until then an owner or an admin can restore it. Its API keys do not work.
      </EmptyState>
    </div>
  );
}
