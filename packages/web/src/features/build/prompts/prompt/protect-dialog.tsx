import { DEFAULT_PROMPT_LABEL } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { useLabelChanges } from "../shared/use-prompt-changes.ts";
import type { Prompt } from "../shared/use-prompts.ts";

/** Which labels only some may move. */
export function ProtectDialog({ prompt, close }: { prompt: Prompt; close: () => void }) {
  const { protect } = useLabelChanges(prompt);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(prompt.protectedLabels));
  const names = new Set([DEFAULT_PROMPT_LABEL, ...prompt.labels.map(({ label }) => label), ...prompt.protectedLabels]);
  function toggle(label: string, isChosen: boolean) {
    const next = new Set(chosen);
    if (isChosen) next.add(label);
    else next.delete(label);
    setChosen(next);
  }
  return (
    <Dialog
      title="Protect labels"
      description="Only users with the permission prompts:protect, such as admins, can set, move or remove a protected label."
      close={close}
      width="narrow"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          protect.mutate([...chosen], {
            onSuccess: () => {
              toastDone("Saved protected labels");
              close();
            },
          });
        }}
        className="flex flex-col gap-4"
      >
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">Protected labels</legend>
          {[...names].map((label) => (
            <Checkbox
              key={label}
              label={label}
              checked={chosen.has(label)}
              onChange={({ target }) => toggle(label, target.checked)}
            />
          ))}
        </fieldset>
        {protect.error && (
          <p role="alert" className="text-bad">
            {explain(protect.error)}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={protect.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
