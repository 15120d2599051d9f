import { AnchorSetInput } from "@treadle/contract";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { useDatasetChoices } from "../../../system/choices/index.ts";
import type { Scorer } from "../shared/use-scorers.ts";
import { useAnchorChanges } from "./use-anchor-sets.ts";

/** Creates an anchor set from a dataset and scores it immediately. */
export function AnchorForm({ scorer, close }: { scorer: Scorer; close: () => void }) {
  const { create } = useAnchorChanges();
  const datasets = useDatasetChoices();
  const form = useFormState({
    schema: AnchorSetInput,
    initial: { name: "", scorer: scorer.scorerId, output: "inputs.answer", label: "metadata.human" },
  });
  async function submit() {
    if (!(await form.submit((body) => create.mutateAsync(body)))) return;
    toastDone(`Scoring ${form.values.name}`);
    close();
  }
  return (
    <Dialog
      title="New anchor set"
      description="Answers with human ratings. The scorer rates them now and after each change, and an alert appears if its agreement drops."
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
        <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
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
              <option value="">{datasets.data?.length === 0 ? "No datasets yet" : "Choose a dataset"}</option>
              {datasets.data?.map(({ datasetId, name }) => (
                <option key={datasetId} value={datasetId}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Answer field" help="The field of an item that holds the answer" error={form.errors.output}>
          {(field) => <TextInput {...field} {...form.text("output")} required className="font-mono text-sm" />}
        </Field>
        <Field
          label="Human rating field"
          help="The rating of that answer. The scorer does not see it"
          error={form.errors.label}
        >
          {(field) => <TextInput {...field} {...form.text("label")} required className="font-mono text-sm" />}
        </Field>
        <Field
          label="Pass threshold"
          isOptional
          help="For numeric scores: values from here on count as a pass"
          error={form.errors.passAt}
        >
          {(field) => <NumberInput {...field} {...form.number("passAt")} />}
        </Field>
        <Field
          label="Repeat after (days)"
          isOptional
          help="Scores the set again, since providers can change a model"
          error={form.errors.everyDays}
        >
          {(field) => <NumberInput {...field} {...form.number("everyDays")} min={1} max={365} step={1} />}
        </Field>
        <div className="col-span-full">
          <Failure text={form.failure} />
        </div>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            Create
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
