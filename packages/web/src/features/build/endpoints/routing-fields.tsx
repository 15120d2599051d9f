import { AssignBy, Failover, RoutingStrategy } from "@treadle/contract";
import { Field, Select } from "../../../components/form/field.tsx";
import { FallbacksField } from "./fallbacks-field.tsx";
import { ASSIGN_BY_WORDS, assignWords, FAILOVER_WORDS, STRATEGY_HELP, STRATEGY_WORDS } from "./routing-draft.ts";
import { RulesField } from "./rules-field.tsx";
import type { EndpointInput } from "./use-endpoints.ts";

type Values = Partial<EndpointInput>;
type FieldsProps = {
  form: {
    values: Values;
    errors: Readonly<Record<string, string>>;
    set: (next: Values) => void;
    check: (name: "rules" | "fallbacks") => void;
  };
};

/** How a variant is chosen, what stays together, and what is tried after a failure. */
export function RoutingFields({ form }: FieldsProps) {
  const { values, errors, set, check } = form;
  return (
    <>
      <VariantChoice form={form} />
      <RulesField
        rules={values.rules ?? []}
        names={(values.variants ?? []).flatMap(({ name }) => name ?? [])}
        onChange={(rules) => set({ rules })}
        onLeave={() => check("rules")}
        error={errors.rules}
      />
      <Choice
        label="After a failure"
        help="What Treadle tries when a variant fails before the first byte of the response."
        error={errors.failover}
        value={values.failover ?? "fallbacks"}
        words={FAILOVER_WORDS}
        onChange={(next) => set({ failover: Failover.parse(next) })}
      />
      <FallbacksField
        fallbacks={values.fallbacks ?? []}
        onChange={(fallbacks) => set({ fallbacks })}
        onLeave={() => check("fallbacks")}
        error={errors.fallbacks}
      />
    </>
  );
}

function VariantChoice({ form: { values, errors, set } }: FieldsProps) {
  const { strategy = "weight", assignBy = "auto" } = values;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        label="Choose variant by"
        help={STRATEGY_HELP[strategy]}
        error={errors.strategy}
        value={strategy}
        words={STRATEGY_WORDS}
        onChange={(next) => set({ strategy: RoutingStrategy.parse(next) })}
      />
      <Choice
        label="Keep together"
        help="Requests that belong together always get the same variant."
        error={errors.assignBy}
        value={assignBy}
        words={{ ...ASSIGN_BY_WORDS, auto: assignWords("auto", strategy) }}
        onChange={(next) => set({ assignBy: AssignBy.parse(next) })}
      />
    </div>
  );
}

type ChoiceProps = {
  label: string;
  help: string;
  error: string | undefined;
  value: string;
  words: Readonly<Record<string, string>>;
  onChange: (value: string) => void;
};

const Choice = ({ label, help, error, value, words, onChange }: ChoiceProps) => (
  <Field label={label} help={help} error={error}>
    {(field) => (
      <Select {...field} value={value} onChange={(event) => onChange(event.target.value)} className="max-w-96">
        {Object.entries(words).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
