import { ProbePatch } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { BudgetGrid } from "./probe-fields.tsx";
import { type Probe, useUpdateProbe } from "./use-probes.ts";

/** The settings of a probe that can change. */
export function EditDialog({ probe, close }: { probe: Probe; close: () => void }) {
  const update = useUpdateProbe();
  const { probeId, name, setUpBudgetUsd, dailyBudgetUsd, experimentId, severity } = probe;
  const form = useFormState({
    schema: ProbePatch,
    initial: { name, setUpBudgetUsd, dailyBudgetUsd, experimentId, severity },
  });
  async function save() {
    const isSaved = await form.submit((body) => update.mutateAsync({ probeId, ...body }));
    if (!isSaved) return;
    toastDone("Saved the probe");
    close();
  }
  return (
    <FormDialog title={`Edit ${probe.name}`} verb="Save" form={form} onSubmit={save} close={close}>
      <Field label="Name" error={form.errors.name}>
        {(field) => <TextInput {...field} {...form.text("name")} required maxLength={120} />}
      </Field>
      <BudgetGrid
        values={form.values}
        errors={form.errors}
        onChange={(values) => form.set(values)}
        check={() => undefined}
      />
    </FormDialog>
  );
}
