import { Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { MEASURE_WORDS, WINDOW_WORDS } from "./limit-words.ts";
import type { LimitFormState } from "./use-limit-form.ts";

type FieldsProps = { form: LimitFormState; isNew: boolean };

/** What is counted, how much of it, and per which period. */
export function AmountFields({ form, isNew }: FieldsProps) {
  const { measure = "cost", window = null } = form.values;
  const isRate = window === "minute" || window === "hour";
  return (
    <div className="grid grid-cols-3 gap-4 max-sm:grid-cols-1">
      <ChoiceField
        label="Measure"
        words={MEASURE_WORDS}
        value={measure}
        isDisabled={!isNew}
        onChange={(next) =>
          form.set({ measure: next, window: next === "concurrency" ? null : (window ?? "day"), queueSeconds: 0 })
        }
      />
      <Field label="Amount" error={form.errors.amount && "Enter a number above 0."}>
        {(field) => <NumberInput {...field} {...form.number("amount")} min={0} step="any" required />}
      </Field>
      {measure !== "concurrency" && <Window form={form} isNew={isNew} />}
      {measure !== "concurrency" && (isRate ? <Burst form={form} /> : <TimeZone form={form} />)}
    </div>
  );
}

const Window = ({ form, isNew }: FieldsProps) => (
  <ChoiceField
    label="Per"
    words={WINDOW_WORDS}
    value={form.values.window ?? "day"}
    isDisabled={!isNew}
    error={form.errors.window}
    onChange={(next) => form.set({ window: next, burst: null, queueSeconds: 0 })}
  />
);

const TimeZone = ({ form }: Pick<FieldsProps, "form">) => (
  <Field
    label="Time zone"
    help="The period starts at midnight in this time zone."
    error={form.errors.timeZone}
    className="col-span-full"
  >
    {(field) => <TextInput {...field} {...form.text("timeZone")} placeholder="Europe/Berlin" />}
  </Field>
);

function Burst({ form }: Pick<FieldsProps, "form">) {
  return (
    <Field
      label="Burst"
      isOptional
      help="The most that can be used at the same moment. By default, the whole amount."
      error={form.errors.burst}
      className="col-span-full"
    >
      {(field) => (
        <NumberInput
          {...field}
          min={0}
          step="any"
          value={form.values.burst ?? ""}
          onChange={({ target: { valueAsNumber } }) =>
            form.set({ burst: Number.isNaN(valueAsNumber) ? null : valueAsNumber })
          }
        />
      )}
    </Field>
  );
}
