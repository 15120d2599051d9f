import { Field, TextInput } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { RowEditor } from "../../../../components/form/row-editor.tsx";
import type { LabelRow } from "./monitor-draft.ts";
import type { MonitorForm } from "./use-monitor-form.ts";

const BLANK: LabelRow = { name: "", value: "" };

/** What the monitor is called and what it is for. */
export const NameFields = ({ form: { draft, errors, set, touch } }: { form: MonitorForm }) => (
  <>
    <Field label="Name" error={errors.name}>
      {(field) => (
        <TextInput
          {...field}
          maxLength={120}
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
          onBlur={() => touch("name")}
        />
      )}
    </Field>
    <Field label="Description" isOptional error={errors.description}>
      {(field) => (
        <GrowingText
          {...field}
          maxLength={2_000}
          value={draft.description}
          onChange={({ target }) => set({ description: target.value })}
          onBlur={() => touch("description")}
        />
      )}
    </Field>
  </>
);

/** Who is notified, and what they should do. */
export const RoutingFields = ({ form }: { form: MonitorForm }) => (
  <>
    <LabelsField form={form} />
    <Field
      label="Runbook"
      isOptional
      help="The address of a page that tells what to do. Notifications link to it."
      error={form.errors.runbookUrl}
    >
      {(field) => (
        <TextInput
          {...field}
          type="url"
          maxLength={2_000}
          placeholder="https://"
          value={form.draft.runbookUrl}
          onChange={({ target }) => form.set({ runbookUrl: target.value })}
          onBlur={() => form.touch("runbookUrl")}
        />
      )}
    </Field>
  </>
);

const LabelsField = ({ form: { draft, errors, set, touch } }: { form: MonitorForm }) => (
  <fieldset className="flex min-w-0 flex-col gap-1.5" onBlur={() => touch("labels")}>
    <legend className="mb-1 text-sm font-medium">
      Labels <span className="font-normal text-muted">optional</span>
    </legend>
    <RowEditor
      rows={draft.labels}
      onChange={(labels) => set({ labels })}
      blank={BLANK}
      addLabel="Add label"
      removeLabel={(_, place) => `Remove label ${place + 1}`}
      note={<LabelsNote error={errors.labels} />}
    >
      {(label, change, place) => <LabelFields label={label} onChange={change} place={place} />}
    </RowEditor>
  </fieldset>
);

const LabelsNote = ({ error }: { error: string | undefined }) => (
  <p className={`text-xs ${error ? "text-bad" : "text-muted"}`}>
    {error ?? "Notifications are routed by the labels of a monitor."}
  </p>
);

type RowProps = { label: LabelRow; onChange: (label: LabelRow) => void; place: number };

const LabelFields = ({ label, onChange, place }: RowProps) => (
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
