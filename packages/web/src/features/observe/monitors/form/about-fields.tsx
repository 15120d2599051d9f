import { Field, TextInput } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { LabelsField } from "../../../../components/form/labels-field.tsx";
import type { MonitorForm } from "./use-monitor-form.ts";

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
    <LabelsField
      rows={form.draft.labels}
      error={form.errors.labels}
      onChange={(labels) => form.set({ labels })}
      onLeave={() => form.touch("labels")}
    />
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
