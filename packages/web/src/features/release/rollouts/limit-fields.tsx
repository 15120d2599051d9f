import { Field, NumberInput, Select } from "../../../components/form/field.tsx";
import type { RolloutBody } from "./use-rollouts.ts";

type Values = Partial<RolloutBody>;
type Props = {
  values: Values;
  errors: Readonly<Record<string, string>>;
  onChange: (next: Values) => void;
};

/** How sure the rollout has to be, and what happens if it never is. */
export function LimitFields({ values, errors, onChange }: Props) {
  return (
    <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
      <MaxDaysField values={values} errors={errors} onChange={onChange} />
      <InconclusiveField values={values} onChange={onChange} />
      <AlphaField values={values} errors={errors} onChange={onChange} />
    </div>
  );
}

const MaxDaysField = ({ values, errors, onChange }: Props) => (
  <Field label="Maximum days" help="Without a decision by then, it is inconclusive." error={errors.maxDays}>
    {(field) => (
      <NumberInput
        {...field}
        required
        min={0}
        max={90}
        value={values.maxDays ?? ""}
        onChange={({ target }) => onChange({ maxDays: numberOf(target.valueAsNumber) })}
      />
    )}
  </Field>
);

const InconclusiveField = ({ values, onChange }: Omit<Props, "errors">) => (
  <Field label="If inconclusive" help="An inconclusive candidate is never promoted.">
    {(field) => (
      <Select
        {...field}
        value={values.onInconclusive ?? "pause"}
        onChange={({ target }) => onChange({ onInconclusive: target.value === "rollback" ? "rollback" : "pause" })}
      >
        <option value="pause">Pause</option>
        <option value="rollback">Roll back</option>
      </Select>
    )}
  </Field>
);

const AlphaField = ({ values, errors, onChange }: Props) => (
  <Field
    label="False alarms (%)"
    help="The chance to blame an equal candidate, for all guardrails together."
    error={errors.alpha}
  >
    {(field) => (
      <NumberInput
        {...field}
        required
        min={0.01}
        max={20}
        value={values.alpha === undefined ? "" : Number((values.alpha * 100).toPrecision(4))}
        onChange={({ target }) => {
          const percent = numberOf(target.valueAsNumber);
          onChange({ alpha: percent === undefined ? undefined : percent / 100 });
        }}
      />
    )}
  </Field>
);

/** The number in a field, or undefined if the field is empty. */
const numberOf = (value: number) => (Number.isNaN(value) ? undefined : value);
