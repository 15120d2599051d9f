import { AnchorSetInput } from "@treadle/contract";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { useDatasetChoices } from "../choices/index.ts";
import { useAnchorChanges } from "./use-anchor-sets.ts";
import type { Scorer } from "./use-scorers.ts";

/** Makes an anchor set of a dataset; it is judged at once. */
export function AnchorForm({ scorer, close }: { scorer: Scorer; close: () => void }) {
  const { create } = useAnchorChanges();
  const datasets = useDatasetChoices();
  const form = useFormState({
    schema: AnchorSetInput,
    initial: { name: "", scorer: scorer.scorerId, output: "inputs.answer", label: "metadata.human" },
  });
  async function submit() {
    if (!(await form.submit((body) => create.mutateAsync(body)))) return;
    toastDone(`${form.values.name} is being judged`);
    close();
  }
  return (
    <Dialog
      title="New anchor set"
      description="Answers that people judged once. The scorer judges them now and after each change, and an alarm says when it agrees less."
      close={close}
    >
      <form
        aria-label="Anchor set"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="grid grid-cols-2 gap-4 text-base max-sm:grid-cols-1"
      >
        <Field label="Name" error={form.errors.name && "Give it a name of at most 120 characters."}>
          {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Golden answers" />}
        </Field>
        <Field label="Dataset" error={form.errors.datasetId && "Choose a dataset."}>
          {(field) => (
            <Select
              {...field}
              required
              value={form.values.datasetId ?? ""}
              onChange={({ target }) => form.set({ datasetId: target.value || undefined })}
            >
              <option value="">{datasets.data?.length === 0 ? "There is none yet" : "Choose…"}</option>
              {datasets.data?.map(({ datasetId, name }) => (
                <option key={datasetId} value={datasetId}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="The answer" help="Where an item holds it" error={form.errors.output}>
          {(field) => <TextInput {...field} {...form.text("output")} required className="font-mono text-sm" />}
        </Field>
        <Field label="What people said" help="Of that answer; the scorer does not see it" error={form.errors.label}>
          {(field) => <TextInput {...field} {...form.text("label")} required className="font-mono text-sm" />}
        </Field>
        <Field label="Passes from" isOptional help="For scores that are numbers" error={form.errors.passAt}>
          {(field) => <NumberInput {...field} {...form.number("passAt")} />}
        </Field>
        <Field label="Again after days" isOptional help="A provider may change a model" error={form.errors.everyDays}>
          {(field) => <NumberInput {...field} {...form.number("everyDays")} min={1} max={365} step={1} />}
        </Field>
        <div className="col-span-full">
          <Failure text={form.failure} />
        </div>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            Judge it
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
