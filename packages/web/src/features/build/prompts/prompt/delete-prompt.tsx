import { explain } from "../../../../api.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { usePromptChanges } from "../shared/use-prompt-changes.ts";
import type { Prompt } from "../shared/use-prompts.ts";

type DeleteProps = { prompt: Prompt; close: () => void; onDeleted: () => void };

/** Asks for the name before a prompt is deleted, which nothing brings back. */
export function DeletePrompt({ prompt: { name, latestVersion, labels }, close, onDeleted }: DeleteProps) {
  const { remove } = usePromptChanges(name);
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete prompt"
      phrase={name}
      isBusy={remove.isPending}
      close={close}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            toastDone(`Deleted ${name}`);
            onDeleted();
          },
        })
      }
    >
      <p>
        This permanently deletes its {formatNumberOf(latestVersion, "version")}
        {labels.length > 0 && `, ${formatNumberOf(labels.length, "label")}`} and its comments. Programs that request it
        get an error unless they have it cached. To hide it from the list instead, archive it. Traces remain.
      </p>
      {remove.error && (
        <p role="alert" className="mt-2 text-bad">
          {explain(remove.error)}
        </p>
      )}
    </ConfirmDialog>
  );
}
