import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { DetectorFields } from "./detector-fields.tsx";
import { ReplacementFields } from "./replacement-fields.tsx";
import { type PrivacyBody, type StoredPrivacy, useSavePrivacy } from "./use-privacy.ts";

type FormProps = { stored: StoredPrivacy; canWrite: boolean };

export function PrivacyForm({ stored, canWrite }: FormProps) {
  const save = useSavePrivacy();
  const [values, setValues] = useState<PrivacyBody>(bodyOf(stored));
  const change = (next: Partial<PrivacyBody>) => setValues({ ...values, ...next });
  const problem = problemOf(values);
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(values, { onSuccess: () => toastDone("Saved the privacy settings") });
  }
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!canWrite} className="flex min-w-0 flex-col gap-4">
        <RedactionSection values={values} change={change} canWrite={canWrite} />
        <ShareSection share={values.contentShare} onChange={(contentShare) => change({ contentShare })} />
        <ReadsSection values={values} change={change} />
        <Failure text={problem ?? (save.error ? explain(save.error) : undefined)} />
        {canWrite && <SaveButton isBusy={save.isPending} disabled={problem !== undefined} />}
      </fieldset>
    </form>
  );
}

const SaveButton = (props: { isBusy: boolean; disabled: boolean }) => (
  <Button type="submit" kind="primary" className="self-start" {...props}>
    Save
  </Button>
);

type SectionProps = { values: PrivacyBody; change: (next: Partial<PrivacyBody>) => void; canWrite: boolean };

const RedactionSection = ({ values, change, canWrite }: SectionProps) => (
  <Section title="Redaction">
    <div className="flex flex-col gap-5 px-4 pb-4">
      <div className="flex flex-col gap-1">
        <Checkbox
          label="Redact traces before they are stored"
          checked={values.isEnabled}
          onChange={({ target }) => change({ isEnabled: target.checked })}
        />
        <p className="max-w-170 text-xs text-muted">
          {values.isEnabled
            ? "Findings are removed before anything is written to disk. They cannot be restored. Forwarded and exported copies are redacted too."
            : "Redaction is off: traces and feedback are stored as they were sent."}
          {!canWrite && " You need permission to edit the project to change this."}
        </p>
      </div>
      {values.isEnabled && (
        <>
          <DetectorFields values={values} change={change} />
          <ReplacementFields values={values} change={change} />
        </>
      )}
    </div>
  </Section>
);

const ReadsSection = ({ values, change }: Omit<SectionProps, "canWrite">) => (
  <Section title="Access">
    <div className="flex flex-col gap-1 px-4 pb-4">
      <Checkbox
        label="Record reads of content"
        checked={values.recordsContentReads ?? true}
        onChange={({ target }) => change({ recordsContentReads: target.checked })}
      />
      <p className="max-w-170 text-xs text-muted">
        The audit log shows who read the inputs and outputs of which trace, once in ten minutes for each user or key.
        Only callers with the permission traces:content can read them.
      </p>
    </div>
  </Section>
);

const ShareSection = ({ share, onChange }: { share: number; onChange: (share: number) => void }) => (
  <Section title="Stored content">
    <div className="px-4 pb-4">
      <Field
        label="Traces with content (%)"
        help="The other traces keep their times, tokens, costs and names. Whole traces are chosen at random."
      >
        {(field) => (
          <NumberInput
            {...field}
            min={0}
            max={100}
            required
            value={Number.isNaN(share) ? "" : Math.round(share * 10_000) / 100}
            onChange={({ target }) => onChange(target.valueAsNumber / 100)}
            className="max-w-32"
          />
        )}
      </Field>
    </div>
  </Section>
);

/** Why the form cannot be saved. */
function problemOf({ isEnabled, detectors, fields }: PrivacyBody): string | undefined {
  if (!isEnabled) return undefined;
  if (detectors.length === 0) return "Choose at least one thing to find.";
  return fields.length === 0 ? "Choose at least one field." : undefined;
}

function bodyOf({ version: _, updatedAt: __, ...settings }: StoredPrivacy): PrivacyBody {
  return settings;
}
