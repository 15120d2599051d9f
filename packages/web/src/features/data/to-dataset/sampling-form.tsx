import { SAMPLING_KINDS } from "@treadle/contract";
import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { formatCount } from "../../../components/text/format.ts";
import type { Sampling } from "./span-mapping.ts";

const KIND_WORDS = {
  newest: "Newest",
  random: "Random",
  stratified: "Equal number per value (stratified)",
  hardest: "Lowest score",
  diverse: "Most diverse",
} as const;

type FormProps = { sampling: Sampling; matching: number | undefined; onChange: (sampling: Sampling) => void };

/** How to sample the matching spans if there are more than wanted. */
export function SamplingForm({ sampling, matching, onChange }: FormProps) {
  return (
    <div className="grid grid-cols-[120px_1fr_1fr] gap-4 max-sm:grid-cols-1">
      <Field label="Maximum items" help={matching === undefined ? undefined : `${formatCount(matching)} matching`}>
        {(field) => (
          <NumberInput
            {...field}
            min={1}
            max={100_000}
            step={1}
            required
            value={sampling.size}
            onChange={({ target }) =>
              onChange({ ...sampling, size: Math.max(1, Math.round(target.valueAsNumber) || 1) })
            }
          />
        )}
      </Field>
      <Field label="Sampling">
        {(field) => (
          <Select
            {...field}
            value={sampling.kind}
            onChange={({ target }) =>
              onChange({ ...sampling, kind: SAMPLING_KINDS.find((kind) => kind === target.value) ?? "newest" })
            }
          >
            {SAMPLING_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {KIND_WORDS[kind]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {sampling.kind === "stratified" && (
        <Field label="Group by">
          {(field) => (
            <TextInput
              {...field}
              value={sampling.by ?? ""}
              placeholder="model"
              required
              onChange={({ target }) => onChange({ ...sampling, by: target.value || undefined })}
              className="font-mono text-xs"
            />
          )}
        </Field>
      )}
      {sampling.kind === "hardest" && (
        <Field label="Score">
          {(field) => (
            <TextInput
              {...field}
              value={sampling.score ?? ""}
              placeholder="helpful"
              required
              onChange={({ target }) => onChange({ ...sampling, score: target.value || undefined })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
