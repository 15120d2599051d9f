import { LiveAgreementInput } from "@treadle/contract";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select, TextInput } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { NumberField } from "../../../../components/form/typed-fields.tsx";
import { SEVERITY_WORDS } from "../../../../components/text/severity.ts";
import type { LiveRule } from "../use-live-rules.ts";
import { useAgreementChanges } from "./use-agreements.ts";

const useAgreementForm = (scores: readonly string[]) =>
  useFormState({ schema: LiveAgreementInput, initial: { score: scores[0], passAt: null, tolerance: 0.25 } });
type FormProps = { form: ReturnType<typeof useAgreementForm> };

/** Chooses the human scores that a judge of a rule is compared with. */
export function AgreementForm({ rule, scores }: { rule: LiveRule; scores: readonly string[] }) {
  const form = useAgreementForm(scores);
  const { create } = useAgreementChanges(rule.ruleId);
  const submit = async () => {
    if (await form.submit((body) => create.mutateAsync(body)))
      toastDone(`${form.values.score} is compared with people`);
  };
  return (
    <form
      aria-label="Compare a score"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      className="flex flex-col gap-4 text-base"
    >
      <h3 className="font-medium">Compare a score with people</h3>
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <NameFields form={form} scores={scores} />
        <ScaleFields form={form} />
        <SeverityField form={form} />
      </div>
      <Failure text={form.failure} />
      <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
        Compare
      </Button>
    </form>
  );
}

const NameFields = ({ form, scores }: FormProps & { scores: readonly string[] }) => (
  <>
    <Field label="Score" error={form.errors.score}>
      {(field) => (
        <Select {...field} value={form.values.score} onChange={({ target }) => form.set({ score: target.value })}>
          {scores.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
    </Field>
    <Field
      label="Human score"
      help="The name of the feedback or the annotation question on the same spans."
      error={form.errors.label && "Enter the name of the human scores."}
    >
      {(field) => <TextInput {...field} {...form.text("label")} required placeholder="thumbs" />}
    </Field>
  </>
);

function ScaleFields({ form }: FormProps) {
  const passAt = form.values.passAt ?? null;
  return (
    <>
      <NumberField
        label="Pass from"
        help="The lowest passing score. Leave empty to compare the values."
        error={form.errors.passAt && "Enter a number."}
        isOptional
        step="any"
        value={passAt}
        onChange={(value) => form.set({ passAt: value })}
      />
      {passAt === null && (
        <NumberField
          label="Tolerance"
          help="Numbers that are further apart disagree."
          error={form.errors.tolerance && "Enter a number from 0."}
          isOptional
          min={0}
          step="any"
          value={form.values.tolerance ?? null}
          onChange={(value) => form.set({ tolerance: value ?? undefined })}
        />
      )}
    </>
  );
}

const SeverityField = ({ form }: FormProps) => (
  <Field label="Severity" help="The severity of the incident if the judge gets worse.">
    {(field) => (
      <Select
        {...field}
        value={form.values.severity ?? "warning"}
        onChange={({ target }) => form.set({ severity: target.value as keyof typeof SEVERITY_WORDS })}
      >
        {Object.entries(SEVERITY_WORDS).map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
