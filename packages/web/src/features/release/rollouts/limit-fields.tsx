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
  const numberOf = (value: number) => (Number.isNaN(value) ? undefined : value);
  return (
    <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
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
    </div>
  );
}
