import { SUGGESTION_RULES } from "@treadle/contract";
import { Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import { SUGGESTION_WORDS } from "../shared/queue-words.ts";

type ShareProps = {
  label: string;
  help?: string;
  /** A share from 0 to 1, shown as a percentage. */
  share: number | undefined;
  /** The largest percentage. */
  most: number;
  error: string | undefined;
  onChange: (share: number) => void;
};

/** A share that is typed as a percentage. */
export function ShareField({ label, help, share = 0, most, error, onChange }: ShareProps) {
  return (
    <Field label={label} help={help} error={error && `Enter a number from 0 to ${most}.`}>
      {(field) => (
        <NumberInput
          {...field}
          min={0}
          max={most}
          value={Number((share * 100).toPrecision(4))}
          onChange={({ target }) => onChange((target.valueAsNumber || 0) / 100)}
        />
      )}
    </Field>
  );
}

type Rule = (typeof SUGGESTION_RULES)[number];
type SuggestionProps = {
  rule: Rule | undefined;
  error: string | undefined;
  onChange: (rule: Rule | undefined) => void;
};

/** When annotators see the answer of the judge. */
export function SuggestionField({ rule, error, onChange }: SuggestionProps) {
  return (
    <Field label="Show judge's answer" error={error}>
      {(field) => (
        <Select
          {...field}
          value={rule}
          onChange={({ target }) => onChange(SUGGESTION_RULES.find((one) => one === target.value))}
        >
          {SUGGESTION_RULES.map((one) => (
            <option key={one} value={one}>
              {SUGGESTION_WORDS[one]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
