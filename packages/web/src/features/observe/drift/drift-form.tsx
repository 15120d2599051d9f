import { useNavigate } from "@tanstack/react-router";
import { DriftWatchInput } from "@treadle/contract";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { useEndpointChoices } from "../../system/choices/index.ts";
import { NO_REFERENCE, type ReferenceDraft, ReferenceField, toSource } from "./reference-field.tsx";
import { useCreateWatch } from "./use-drift.ts";

/** Creates a drift watch. Its first run starts immediately. */
export function DriftForm({ close }: { close: () => void }) {
  const create = useCreateWatch();
  const navigate = useNavigate();
  const [reference, setReference] = useState<ReferenceDraft>(NO_REFERENCE);
  const form = useFormState({ schema: DriftWatchInput, initial: { side: "inputs", sampleSize: 500 } });
  async function submit() {
    const source = toSource(reference);
    const isSaved = await form.submit(async (body) => {
      const watch = await create.mutateAsync({ ...body, ...(source && { reference: source }) });
      void navigate({ to: "/drift/$driftWatchId", params: { driftWatchId: watch.driftWatchId } });
    });
    if (!isSaved) return;
    toastDone(`Created ${form.values.name}. The first run has started.`);
    close();
  }
  return (
    <FormDialog title="New drift watch" form={form} verb="Create drift watch" onSubmit={submit} close={close}>
      <WatchFields form={form} />
      <ReferenceField value={reference} onChange={setReference} error={form.errors.reference} />
      <DetailFields form={form} />
    </FormDialog>
  );
}

type Form = ReturnType<typeof useFormState<typeof DriftWatchInput>>;

function WatchFields({ form }: { form: Form }) {
  const endpoints = useEndpointChoices();
  return (
    <>
      <Field label="Name" error={form.errors.name}>
        {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Support questions" />}
      </Field>
      <Field
        label="Endpoint"
        error={form.errors.endpoint}
        help="The calls to compare. Leave empty for all model calls."
      >
        {(field) => (
          <>
            <TextInput {...field} {...form.text("endpoint")} list="drift-endpoints" placeholder="All model calls" />
            <datalist id="drift-endpoints">
              {endpoints.data?.map(({ endpointId, name }) => (
                <option key={endpointId} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <SideField form={form} />
    </>
  );
}

const SideField = ({ form }: { form: Form }) => (
  <Field label="Texts" error={form.errors.side}>
    {(field) => (
      <Select
        {...field}
        value={form.values.side ?? "inputs"}
        onChange={({ target }) => form.set({ side: target.value === "outputs" ? "outputs" : "inputs" })}
      >
        <option value="inputs">User messages</option>
        <option value="outputs">Responses</option>
      </Select>
    )}
  </Field>
);

function DetailFields({ form }: { form: Form }) {
  return (
    <>
      <Field label="Filter" isOptional help="Narrows the calls, in the filter language." error={form.errors.filter}>
        {(field) => (
          <TextInput
            {...field}
            {...form.text("filter")}
            placeholder="environment:production"
            className="font-mono text-sm"
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <Field label="Sample size" help="The most texts per side, from 100 to 500." error={form.errors.sampleSize}>
          {(field) => <NumberInput {...field} {...form.number("sampleSize")} min={100} max={500} step={1} />}
        </Field>
        <Field label="Tenant key" isOptional help="The metadata key of the customer." error={form.errors.tenantKey}>
          {(field) => <TextInput {...field} {...form.text("tenantKey")} placeholder="tenant" />}
        </Field>
      </div>
    </>
  );
}
