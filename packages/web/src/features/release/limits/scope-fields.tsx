import { Field, TextInput } from "../../../components/form/field.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { SCOPE_WORDS } from "./limit-words.ts";
import type { LimitFormState } from "./use-limit-form.ts";

const EXAMPLES = {
  key: "key_…",
  user: "ada@example.com",
  tag: "batch",
  endpoint: "support",
  variant: "support/candidate",
  provider: "openai",
} as const;
type FieldsProps = { form: LimitFormState; isNew: boolean };

/** Whose calls are counted together. */
export function ScopeFields({ form, isNew }: FieldsProps) {
  const { scope = "project" } = form.values;
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <ChoiceField
        label="Scope"
        words={SCOPE_WORDS}
        value={scope}
        isDisabled={!isNew}
        onChange={(next) => form.set({ scope: next, value: null })}
      />
      {scope !== "project" && <Value form={form} isNew={isNew} example={EXAMPLES[scope]} />}
    </div>
  );
}

const Value = ({ form, isNew, example }: FieldsProps & { example: string }) => (
  <Field
    label="Value"
    isOptional
    help="Leave empty to apply the limit to each value separately."
    error={form.errors.value}
  >
    {(field) => (
      <TextInput
        {...field}
        value={form.values.value ?? ""}
        maxLength={500}
        disabled={!isNew}
        placeholder={example}
        onChange={({ target }) => form.set({ value: target.value === "" ? null : target.value })}
      />
    )}
  </Field>
);
