import { parseFilter } from "@treadle/contract";
import { Field, NumberInput, TextInput } from "../../../components/form/field.tsx";

/** The span filter, in the filter language of traces. */
export function FilterField({ filter, onChange }: { filter: string; onChange: (filter: string) => void }) {
  const [problem] = parseFilter(filter).problems;
  return (
    <Field label="Filter" help="Uses the filter language of traces. Leave empty for all spans" error={problem?.message}>
      {(field) => (
        <TextInput
          {...field}
          value={filter}
          maxLength={2_000}
          placeholder="kind:generation -status:error model:gpt*"
          onChange={({ target }) => onChange(target.value)}
          className="font-mono text-sm"
        />
      )}
    </Field>
  );
}

/** The percentage of matching traces to use. */
export function ShareField({ share, onChange }: { share: number; onChange: (share: number) => void }) {
  return (
    <Field label="Trace sample (%)" help="The sample always contains the same traces" className="max-w-44">
      {(field) => (
        <NumberInput
          {...field}
          min={0.1}
          max={100}
          value={Number((share * 100).toPrecision(4))}
          onChange={({ target }) => onChange(Math.min(1, Math.max(0.001, (target.valueAsNumber || 100) / 100)))}
        />
      )}
    </Field>
  );
}
