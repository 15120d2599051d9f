import { SAMPLING_KINDS } from "@treadle/contract";
import { Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { formatCount } from "../../components/format.ts";
import type { Sampling } from "./span-mapping.ts";

const KIND_WORDS = {
  newest: "the newest",
  random: "any, at random",
  stratified: "as many of each kind",
  hardest: "those with the lowest score",
  diverse: "those that differ most",
} as const;

type FormProps = { sampling: Sampling; matching: number | undefined; onChange: (sampling: Sampling) => void };

/** Which of the spans that match are taken, where there are more than wanted. */
export function SamplingForm({ sampling, matching, onChange }: FormProps) {
  return (
    <div className="grid grid-cols-[120px_1fr_1fr] gap-4 max-sm:grid-cols-1">
      <Field label="At most" help={matching === undefined ? undefined : `${formatCount(matching)} match`}>
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
      <Field label="Of them">
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
        <Field label="Kinds are values of">
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
