import { Choice } from "../../../../components/form/choice.tsx";
import { Field, NumberInput } from "../../../../components/form/field.tsx";
import type { RuleFieldsProps } from "./field-props.ts";
import { ModelSelect } from "./options/model-select.tsx";

/** What two of the actions need to know. */
export function ActionDetails(props: RuleFieldsProps) {
  if (props.rule.action === "reroute") return <TargetField {...props} />;
  if (props.rule.action === "reask") return <FallbackField {...props} />;
  return null;
}

const TargetField = ({ rule, path, form, onChange }: RuleFieldsProps) => (
  <Field
    label="Target"
    help="The endpoint or model that gets a request with a finding. The request is not rerouted again."
    error={form.errorAt(`${path}.target`)}
  >
    {(control) => (
      <ModelSelect
        control={control}
        value={rule.target ?? ""}
        onChange={(target) => onChange({ ...rule, target: target ?? null })}
        onBlur={() => form.touch(`${path}.target`)}
      />
    )}
  </Field>
);

const FALLBACKS = ["block", "redact"] as const;
const FALLBACK_WORDS = { block: "Block", redact: "Redact" } as const;

const FallbackField = ({ rule, name, onChange }: RuleFieldsProps) => (
  <div className="flex min-w-0 flex-col items-start gap-1">
    <span className="text-sm font-medium">Fallback</span>
    <Choice
      label={`Fallback of ${name}`}
      names={FALLBACKS}
      words={FALLBACK_WORDS}
      chosen={rule.fallback}
      onChoose={(fallback) => onChange({ ...rule, fallback })}
    />
    <p className="text-xs text-muted">
      What happens if the second answer has a finding too, and to texts that are not a whole answer.
    </p>
  </div>
);

export const BudgetField = ({ rule, path, form, onChange }: RuleFieldsProps) => (
  <Field
    label="Time limit (ms)"
    help="From 50 to 60,000. A slower answer counts as too slow."
    error={form.errorAt(`${path}.budgetMs`)}
  >
    {(field) => (
      <NumberInput
        {...field}
        min={50}
        max={60_000}
        step={1}
        value={Number.isNaN(rule.budgetMs) ? "" : rule.budgetMs}
        onChange={({ target }) => onChange({ ...rule, budgetMs: target.valueAsNumber })}
        onBlur={() => form.touch(`${path}.budgetMs`)}
        className="max-w-40"
      />
    )}
  </Field>
);
