import { KnowledgeSearching, SEARCH_MODES } from "@treadle/contract";
import { Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import { errorsIn } from "../shared/errors-in.ts";

type Draft = Partial<KnowledgeSearching>;
type FieldsProps = { value: Draft; onChange: (value: Draft) => void };

const MODE_WORDS = {
  hybrid: "Hybrid: words and meaning",
  words: "Words (BM25)",
  meaning: "Meaning (vectors)",
} as const;

/** The numbers of the form, with what they mean and their limits. */
const NUMBERS = [
  {
    name: "wordWeight",
    label: "Word weight",
    help: "From 0 to 1. The rest is the weight of meaning. Raise it if exact names and codes matter.",
    min: 0,
    max: 1,
    step: 0.05,
    isHybrid: true,
  },
  {
    name: "candidates",
    label: "Candidates",
    help: "From 10 to 500. The chunks taken from each list before they are joined.",
    min: 10,
    max: 500,
    step: 1,
    isHybrid: false,
  },
  {
    name: "diversity",
    label: "Diversity",
    help: "From 0 to 1. Avoids chunks that resemble each other. 0 turns it off, 0.3 is moderate.",
    min: 0,
    max: 1,
    step: 0.05,
    isHybrid: false,
  },
  {
    name: "perDocument",
    label: "Chunks per document",
    help: "From 0 to 50. The most chunks of one document. 0 is no limit.",
    min: 0,
    max: 50,
    step: 1,
    isHybrid: false,
  },
] as const;

/** How a search ranks chunks. */
export function SearchingFields({ value, onChange }: FieldsProps) {
  const errors = errorsIn(KnowledgeSearching, value);
  const isHybrid = (value.mode ?? "hybrid") === "hybrid";
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <ModeField value={value} onChange={onChange} />
      {isHybrid && <FusionField value={value} onChange={onChange} />}
      {NUMBERS.filter((number) => isHybrid || !number.isHybrid).map(({ name, label, help, min, max, step }) => (
        <Field key={name} label={label} help={help} error={errors[name] && `Enter a number from ${min} to ${max}.`}>
          {(field) => (
            <NumberInput
              {...field}
              min={min}
              max={max}
              step={step}
              value={value[name] ?? ""}
              onChange={({ target: { valueAsNumber } }) =>
                onChange({ ...value, [name]: Number.isNaN(valueAsNumber) ? undefined : valueAsNumber })
              }
            />
          )}
        </Field>
      ))}
    </div>
  );
}

const ModeField = ({ value, onChange }: FieldsProps) => (
  <Field label="Mode">
    {(field) => (
      <Select
        {...field}
        value={value.mode ?? "hybrid"}
        onChange={({ target }) =>
          onChange({ ...value, mode: SEARCH_MODES.find((mode) => mode === target.value) ?? "hybrid" })
        }
      >
        {SEARCH_MODES.map((mode) => (
          <option key={mode} value={mode}>
            {MODE_WORDS[mode]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

const FusionField = ({ value, onChange }: FieldsProps) => (
  <Field label="Fusion" help="Scores use how far apart the chunks of a list are. Ranks use only their order.">
    {(field) => (
      <Select
        {...field}
        value={value.fusion ?? "scores"}
        onChange={({ target }) => onChange({ ...value, fusion: target.value === "ranks" ? "ranks" : "scores" })}
      >
        <option value="scores">Scaled scores</option>
        <option value="ranks">Reciprocal ranks</option>
      </Select>
    )}
  </Field>
);
