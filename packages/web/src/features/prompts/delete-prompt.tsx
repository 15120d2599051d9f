import { explain } from "../../api.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { formatNumberOf } from "../../components/format.ts";
import { toastDone } from "../../components/toast.tsx";
import { usePromptChanges } from "./use-prompt-changes.ts";
import type { Prompt } from "./use-prompts.ts";

type DeleteProps = { prompt: Prompt; close: () => void; onDeleted: () => void };

/** Asks for the name before a prompt is deleted, which nothing brings back. */
export function DeletePrompt({ prompt: { name, latestVersion, labels }, close, onDeleted }: DeleteProps) {
  const { remove } = usePromptChanges(name);
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete the prompt"
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
        Its {formatNumberOf(latestVersion, "version")}
        {labels.length > 0 && `, ${formatNumberOf(labels.length, "label")}`} and its comments go with it for good.
        Programs that ask for it get an error, unless they have it in memory. To take it out of the list only, archive
        it. Traces stay.
      </p>
      {remove.error && (
        <p role="alert" className="mt-2 text-bad">
          {explain(remove.error)}
        </p>
      )}
    </ConfirmDialog>
  );
}
