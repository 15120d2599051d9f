import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, NumberInput } from "../../components/field.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { type Model, useRegistrySettings } from "./use-registry.ts";
import { useModelChanges } from "./use-registry-changes.ts";

/** How many versions are kept, and whether stages need a second person, which holds for every model of the project. */
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
          label="Versions that are kept"
          isOptional
          help="The newest so many; empty keeps all. What an alias points at, what is in staging or production and what an adapter goes over always stays."
          error={isWrong ? "A whole number from 1 to 10,000, or nothing." : undefined}
        >
          {(field) => (
            <NumberInput {...field} min={1} step={1} value={keep} onChange={({ target }) => setKeep(target.value)} />
          )}
        </Field>
        <fieldset className="flex flex-col gap-1" aria-label="Approval">
          <Checkbox
            label="Staging and production need a second person"
            checked={needsApproval}
            disabled={!mayDecide || !settings.data}
            onChange={({ target }) => setApproval(target.checked)}
          />
          <p className="text-xs text-muted">
            For every model of this project. Whoever asks for a stage cannot approve it, and the aliases of those names
            wait for the stage.{!mayDecide && " Only who may change the project can change this."}
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
