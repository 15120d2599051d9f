import { Failure } from "../../../../components/feedback/failure.tsx";
import { Checkbox, Field, NumberInput, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatDuration } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { TryPanel } from "../try/try-panel.tsx";
import { RefusalSection } from "./refusal-section.tsx";
import { RulesSection } from "./rules-section.tsx";
import { ScopeFields } from "./scope-fields.tsx";
import type { PolicyForm } from "./use-policy-form.ts";

type EditorProps = { form: PolicyForm; canWrite: boolean };

/** The fields of a policy, with a panel to try its rules. */
export function PolicyEditor({ form, canWrite }: EditorProps) {
  const canTry = useProject().can("gateway:use");
  return (
    <div
      className={`grid items-start gap-4 px-6 pt-4 pb-8 max-md:px-4 ${canTry ? "grid-cols-[minmax(0,1fr)_minmax(20rem,34%)] max-lg:grid-cols-1" : "grid-cols-1"}`}
    >
      <div className="flex min-w-0 flex-col gap-4">
        <Failure text={form.failure} />
        <Section title="Policy">
          <fieldset disabled={!canWrite} className="flex min-w-0 flex-col gap-4 px-4 pb-4">
            <NameFields form={form} />
            <OnField form={form} />
            <ScopeFields form={form} />
          </fieldset>
        </Section>
        <RulesSection form={form} canWrite={canWrite} />
        <RefusalSection form={form} canWrite={canWrite} />
        {form.draft.rules.some(({ action }) => action === "mask") && <MaskSection form={form} canWrite={canWrite} />}
      </div>
      {canTry && <TryPanel draft={form.draft} />}
    </div>
  );
}

const NameFields = ({ form }: Pick<EditorProps, "form">) => (
  <>
    <Field label="Name" error={form.errorAt("name")}>
      {(field) => (
        <TextInput
          {...field}
          required
          maxLength={120}
          value={form.draft.name}
          onChange={({ target }) => form.change({ name: target.value })}
          onBlur={() => form.touch("name")}
          placeholder="Privacy"
        />
      )}
    </Field>
    <Field label="Description" isOptional error={form.errorAt("description")}>
      {(field) => (
        <TextArea
          {...field}
          rows={2}
          maxLength={1_000}
          value={form.draft.description}
          onChange={({ target }) => form.change({ description: target.value })}
        />
      )}
    </Field>
  </>
);

const OnField = ({ form }: Pick<EditorProps, "form">) => (
  <div className="flex flex-col gap-0.5">
    <Checkbox
      label="On"
      checked={form.draft.isEnabled}
      onChange={({ target }) => form.change({ isEnabled: target.checked })}
    />
    <p className="text-xs text-muted">A policy that is off checks no calls. A less specific policy then applies.</p>
  </div>
);

function MaskSection({ form, canWrite }: EditorProps) {
  const { maskSeconds } = form.draft;
  const words = maskSeconds === null ? "" : ` Now ${formatDuration(maskSeconds * 1_000)}.`;
  return (
    <Section title="Masking">
      <fieldset disabled={!canWrite} className="px-4 pb-4">
        <Field
          label="Placeholder lifetime (seconds)"
          help={`How long the placeholders of a session are stored after its last call.${words}`}
          error={form.errorAt("maskSeconds")}
        >
          {(field) => (
            <NumberInput
              {...field}
              min={60}
              max={2_592_000}
              step={1}
              value={maskSeconds ?? ""}
              onChange={({ target: { valueAsNumber } }) =>
                form.change({ maskSeconds: Number.isNaN(valueAsNumber) ? null : valueAsNumber })
              }
              onBlur={() => form.touch("maskSeconds")}
              className="max-w-40"
            />
          )}
        </Field>
      </fieldset>
    </Section>
  );
}
