import { AssignBy, Failover, RoutingStrategy } from "@treadle/contract";
import { Field, Select } from "../../../components/form/field.tsx";
import { FallbacksField } from "./fallbacks-field.tsx";
import { FAILOVER_WORDS, STRATEGY_HELP, STRATEGY_WORDS } from "./routing-draft.ts";
import { RulesField } from "./rules-field.tsx";
import { ASSIGN_BY_WORDS, type EndpointInput } from "./use-endpoints.ts";

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
export function RoutingFields({ form: { values, errors, set, check } }: FieldsProps) {
  const { strategy = "weight", assignBy = "auto", failover = "fallbacks", rules = [], fallbacks = [] } = values;
  const names = (values.variants ?? []).flatMap(({ name }) => name ?? []);
  return (
    <>
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
          words={ASSIGN_BY_WORDS}
          onChange={(next) => set({ assignBy: AssignBy.parse(next) })}
        />
      </div>
      <RulesField
        rules={rules}
        names={names}
        onChange={(next) => set({ rules: next })}
        onLeave={() => check("rules")}
        error={errors.rules}
      />
      <Choice
        label="After a failure"
        help="What Treadle tries when a variant fails before the first byte of the response."
        error={errors.failover}
        value={failover}
        words={FAILOVER_WORDS}
        onChange={(next) => set({ failover: Failover.parse(next) })}
        className="max-w-96"
      />
      <FallbacksField
        fallbacks={fallbacks}
        onChange={(next) => set({ fallbacks: next })}
        onLeave={() => check("fallbacks")}
        error={errors.fallbacks}
      />
    </>
  );
}

type ChoiceProps = {
  label: string;
  help: string;
  error: string | undefined;
  value: string;
  words: Readonly<Record<string, string>>;
  onChange: (value: string) => void;
  className?: string;
};

const Choice = ({ label, help, error, value, words, onChange, className = "" }: ChoiceProps) => (
  <Field label={label} help={help} error={error} className={className}>
    {(field) => (
      <Select {...field} value={value} onChange={(event) => onChange(event.target.value)}>
        {Object.entries(words).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
