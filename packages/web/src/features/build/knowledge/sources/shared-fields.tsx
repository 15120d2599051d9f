import { Field, NumberInput, Select, TextInput } from "../../../../components/form/field.tsx";
import { LinesField } from "./lines-field.tsx";
import type { SourceForm } from "./source-form.ts";

type Props = { form: SourceForm };

const INTERVALS: readonly (readonly [seconds: number | null, word: string])[] = [
  [null, "Only when requested"],
  [3_600, "Every hour"],
  [21_600, "Every 6 hours"],
  [86_400, "Every day"],
  [604_800, "Every week"],
];

export const NameField = ({ form }: Props) => (
  <Field label="Name" error={form.errors.name}>
    {(field) => (
      <TextInput
        {...field}
        {...form.text("name")}
        onBlur={undefined}
        required
        maxLength={120}
        placeholder="Help center"
      />
    )}
  </Field>
);

export function ScheduleField({ form }: Props) {
  const { everySeconds = null } = form.values;
  const isListed = INTERVALS.some(([seconds]) => seconds === everySeconds);
  return (
    <Field label="Schedule" error={form.errors.everySeconds}>
      {(field) => (
        <Select
          {...field}
          value={everySeconds ?? ""}
          onChange={({ target }) => form.set({ everySeconds: target.value === "" ? null : Number(target.value) })}
        >
          {!isListed && <option value={everySeconds ?? ""}>Every {everySeconds} seconds</option>}
          {INTERVALS.map(([seconds, word]) => (
            <option key={word} value={seconds ?? ""}>
              {word}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

const LimitField = ({ form }: Props) => (
  <Field
    label="Deletion limit (%)"
    help="A sync that would delete a larger share of the documents waits for your approval."
    error={form.errors.shrinkLimit}
  >
    {(field) => (
      <NumberInput
        {...field}
        min={0}
        max={100}
        value={Math.round((form.values.shrinkLimit ?? 0.5) * 100)}
        onChange={({ target }) =>
          form.set({ shrinkLimit: Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber / 100 })
        }
      />
    )}
  </Field>
);

/** Patterns and the limit of deletions. */
export const AdvancedFields = ({ form }: Props) => (
  <details>
    <summary className="w-fit text-sm font-medium">Advanced</summary>
    <div className="mt-3 flex flex-col gap-4">
      <LinesField
        label="Include"
        isOptional
        help="Glob patterns, one per line. Everything if empty."
        placeholder="docs/**/*.md"
        value={form.values.include}
        onChange={(include) => form.set({ include })}
        error={form.errors.include}
      />
      <LinesField
        label="Exclude"
        isOptional
        help="Glob patterns, one per line. They take precedence."
        placeholder="**/archive/**"
        value={form.values.exclude}
        onChange={(exclude) => form.set({ exclude })}
        error={form.errors.exclude}
      />
      <LimitField form={form} />
    </div>
  </details>
);
