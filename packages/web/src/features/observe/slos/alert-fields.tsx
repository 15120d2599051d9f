import { useState } from "react";
import { Checkbox, Field, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import type { SloFormState } from "./use-slo-form.ts";

type LabelRow = { readonly name: string; readonly value: string };
const BLANK: LabelRow = { name: "", value: "" };

/** Whether the SLO has a monitor, and how its notifications are routed. */
export function AlertFields({ form }: { form: SloFormState }) {
  const { isEnabled = true, ...rest } = form.values.alerts ?? {};
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <Checkbox
          label="Alert when the budget burns too fast"
          checked={isEnabled}
          onChange={({ target }) => form.set({ alerts: { ...rest, isEnabled: target.checked } })}
        />
        <p className="text-xs text-muted">Creates a monitor with four pairs of windows.</p>
      </div>
      {isEnabled && (
        <>
          <LabelsField form={form} />
          <RunbookField form={form} />
        </>
      )}
    </div>
  );
}

function RunbookField({ form }: { form: SloFormState }) {
  const { alerts = {} } = form.values;
  return (
    <Field
      label="Runbook"
      isOptional
      help="The address of a page that tells what to do. Notifications link to it."
      error={form.errors.alerts && "Enter an address that begins with https:// or http://."}
    >
      {(field) => (
        <TextInput
          {...field}
          type="url"
          maxLength={2_000}
          placeholder="https://"
          value={alerts.runbookUrl ?? ""}
          onChange={({ target }) => form.set({ alerts: { ...alerts, runbookUrl: target.value || null } })}
        />
      )}
    </Field>
  );
}

/** Rows are stored here, because a label without a name is not part of the form yet. */
function LabelsField({ form }: { form: SloFormState }) {
  const { alerts = {} } = form.values;
  const [rows, setRows] = useState<readonly LabelRow[]>(() =>
    Object.entries(alerts.labels ?? {}).map(([name, value]) => ({ name, value })),
  );
  const change = (next: readonly LabelRow[]) => {
    setRows(next);
    const labels = Object.fromEntries(next.flatMap(({ name, value }) => (name.trim() ? [[name.trim(), value]] : [])));
    form.set({ alerts: { ...alerts, labels } });
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">
        Labels <span className="font-normal text-muted">optional</span>
      </legend>
      <RowEditor
        rows={rows}
        onChange={change}
        blank={BLANK}
        addLabel="Add label"
        removeLabel={(_, place) => `Remove label ${place + 1}`}
        note={<p className="text-xs text-muted">Notifications are routed by the labels of the monitor.</p>}
      >
        {(label, onChange, place) => <LabelInputs label={label} onChange={onChange} place={place} />}
      </RowEditor>
    </fieldset>
  );
}

type InputProps = { label: LabelRow; onChange: (label: LabelRow) => void; place: number };

const LabelInputs = ({ label, onChange, place }: InputProps) => (
  <>
    <TextInput
      aria-label={`Label ${place + 1}`}
      placeholder="team"
      maxLength={60}
      value={label.name}
      onChange={({ target }) => onChange({ ...label, name: target.value })}
    />
    <TextInput
      aria-label={`Value of label ${place + 1}`}
      placeholder="search"
      maxLength={200}
      value={label.value}
      onChange={({ target }) => onChange({ ...label, value: target.value })}
    />
  </>
);
