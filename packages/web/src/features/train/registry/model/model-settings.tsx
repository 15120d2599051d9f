import { type FormEvent, useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { useProject } from "../../../system/session/index.ts";
import { type Model, useRegistrySettings } from "../shared/use-registry.ts";
import { useModelChanges } from "../shared/use-registry-changes.ts";

/** How many versions to keep, and whether stages need approval (for every model of the project). */
export function ModelSettings({ model, close }: { model: Model; close: () => void }) {
  const { can } = useProject();
  const settings = useRegistrySettings();
  const { changeModel, saveSettings } = useModelChanges();
  const [keep, setKeep] = useState(model.keepVersions?.toString() ?? "");
  const [approval, setApproval] = useState<boolean>();
  const mayDecide = can("projects:write");
  const before = settings.data?.needsApproval ?? false;
  const needsApproval = approval ?? before;
  const keepVersions = keep.trim() === "" ? null : Number(keep);
  const isWrong =
    keepVersions !== null && !(Number.isInteger(keepVersions) && keepVersions >= 1 && keepVersions <= 10_000);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isWrong) return;
    if (keepVersions !== model.keepVersions) await changeModel.mutateAsync({ name: model.name, keepVersions });
    if (needsApproval !== before) await saveSettings.mutateAsync({ needsApproval });
    toastDone("Settings saved");
    close();
  }
  return (
    <Dialog title={`Settings of ${model.name}`} close={close} width="narrow">
      <form onSubmit={(event) => void submit(event).catch(() => undefined)} className="flex flex-col gap-5">
        <Field
          label="Versions to keep"
          isOptional
          help="The number of newest versions to retain. Older versions are deleted. Leave empty to retain all. Versions with an alias, in staging or production, or under an adapter are always kept."
          error={isWrong ? "Enter a whole number from 1 to 10,000, or leave the field empty." : undefined}
        >
          {(field) => (
            <NumberInput {...field} min={1} step={1} value={keep} onChange={({ target }) => setKeep(target.value)} />
          )}
        </Field>
        <fieldset className="flex flex-col gap-1" aria-label="Approval">
          <Checkbox
            label="Require approval for staging and production"
            checked={needsApproval}
            disabled={!mayDecide || !settings.data}
            onChange={({ target }) => setApproval(target.checked)}
          />
          <p className="text-xs text-muted">
            Applies to every model of this project. You cannot approve your own request. The aliases staging and
            production move only after approval.
            {!mayDecide && " You need permission to edit the project to change this."}
          </p>
        </fieldset>
        <Failure text={changeModel.error ? explain(changeModel.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={changeModel.isPending || saveSettings.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
