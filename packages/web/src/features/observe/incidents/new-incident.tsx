import { useNavigate } from "@tanstack/react-router";
import { IncidentInput, SEVERITIES, SPAN_MEASURES } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Field, Select, TextArea, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { useCreateIncident } from "./use-incidents.ts";

/** How far back the affected time range can begin, in minutes. */
const STARTS = [
  { minutes: 15, label: "15 minutes ago" },
  { minutes: 60, label: "1 hour ago" },
  { minutes: 360, label: "6 hours ago" },
  { minutes: 1_440, label: "1 day ago" },
] as const;

/** Opens an incident by hand. Its evidence explains the chosen measure. */
export function NewIncident({ close }: { close: () => void }) {
  const create = useCreateIncident();
  const navigate = useNavigate();
  const form = useIncidentForm();
  async function submit() {
    const isSaved = await form.submit(async (body) => {
      const { incidentId } = await create.mutateAsync(body);
      await navigate({ to: "/incidents/$incidentId", params: { incidentId }, search: {} });
    });
    if (!isSaved) return;
    toastDone("Opened the incident");
    close();
  }
  return (
    <FormDialog title="New incident" form={form} verb="Open incident" onSubmit={submit} close={close}>
      <WhatFields form={form} />
      <WhenFields form={form} />
      <ScopeFields form={form} />
    </FormDialog>
  );
}

const useIncidentForm = () =>
  useFormState({
    schema: IncidentInput,
    initial: { title: "", severity: "warning", measure: "errorRate", filter: "", from: minutesAgo(60) },
  });
type FormProps = { form: ReturnType<typeof useIncidentForm> };

const WhatFields = ({ form }: FormProps) => (
  <>
    <Field label="Title" error={form.errors.title}>
      {(field) => (
        <TextInput {...field} {...form.text("title")} required autoFocus placeholder="Answers in the wrong language" />
      )}
    </Field>
    <Field label="Description" isOptional error={form.errors.text}>
      {(field) => <TextArea {...field} {...form.text("text")} rows={3} />}
    </Field>
  </>
);

const WhenFields = ({ form }: FormProps) => (
  <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
    <Field label="Severity" error={form.errors.severity}>
      {(field) => (
        <Select
          {...field}
          value={form.values.severity}
          onChange={({ target }) => form.set({ severity: SEVERITIES.find((one) => one === target.value) })}
        >
          {SEVERITIES.map((one) => (
            <option key={one} value={one}>
              {SEVERITY_WORDS[one]}
            </option>
          ))}
        </Select>
      )}
    </Field>
    <SinceField form={form} />
  </div>
);

const SinceField = ({ form }: FormProps) => (
  <Field label="Affected since" error={form.errors.from}>
    {(field) => (
      <Select
        {...field}
        defaultValue={60}
        onChange={({ target }) => form.set({ from: minutesAgo(Number(target.value)) })}
      >
        {STARTS.map(({ minutes, label }) => (
          <option key={minutes} value={minutes}>
            {label}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

const ScopeFields = ({ form }: FormProps) => (
  <>
    <Field label="Measure" help="The evidence explains a change of this measure." error={form.errors.measure}>
      {(field) => (
        <Select {...field} value={form.values.measure} onChange={({ target }) => form.set({ measure: target.value })}>
          {Object.entries(SPAN_MEASURES).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
    <Field
      label="Filter"
      isOptional
      help="The affected spans, in the filter language. Leave empty for all spans."
      error={form.errors.filter}
    >
      {(field) => (
        <TextInput {...field} {...form.text("filter")} placeholder="endpoint:support" className="font-mono text-sm" />
      )}
    </Field>
  </>
);

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
