import { Field, NumberInput, Select } from "../../../components/form/field.tsx";
import type { SloFormState } from "./use-slo-form.ts";

const WINDOWS = [7, 28, 30] as const;

/** The objective and its window. */
export const GoalFields = ({ form }: { form: SloFormState }) => (
  <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
    <ObjectiveField form={form} />
    <Field label="Window" help="Rolling, in days of UTC.">
      {(field) => (
        <Select
          {...field}
          value={form.values.windowDays ?? 28}
          onChange={({ target }) => form.set({ windowDays: WINDOWS.find((days) => `${days}` === target.value) ?? 28 })}
        >
          {WINDOWS.map((days) => (
            <option key={days} value={days}>
              {days} days
            </option>
          ))}
        </Select>
      )}
    </Field>
  </div>
);

function ObjectiveField({ form }: { form: SloFormState }) {
  const { objective } = form.values;
  const change = (percent: number) =>
    form.set({ objective: Number.isNaN(percent) ? undefined : Number((percent / 100).toPrecision(9)) });
  return (
    <Field
      label="Objective (%)"
      help="The share of requests that must be good."
      error={form.errors.objective && "Enter a percentage from 50 to 99.999."}
    >
      {(field) => (
        <NumberInput
          {...field}
          required
          min={50}
          max={99.999}
          value={objective === undefined ? "" : Number((objective * 100).toPrecision(7))}
          onChange={({ target }) => change(target.valueAsNumber)}
          onBlur={() => form.check("objective")}
        />
      )}
    </Field>
  );
}
