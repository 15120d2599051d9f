import { Field, Select } from "../../../components/form/field.tsx";

type ChoiceProps<Choice extends string> = {
  label: string;
  help?: string;
  error?: string | undefined;
  words: Readonly<Record<Choice, string>>;
  value: Choice;
  isDisabled?: boolean;
  onChange: (next: Choice) => void;
};

/** A choice of a few words. */
export function ChoiceField<Choice extends string>(props: ChoiceProps<Choice>) {
  const { label, help, error, words, value, isDisabled = false, onChange } = props;
  const choices = Object.keys(words).filter((choice): choice is Choice => choice in words);
  return (
    <Field label={label} help={help} error={error}>
      {(field) => (
        <Select
          {...field}
          value={value}
          disabled={isDisabled}
          onChange={({ target }) => onChange(choices.find((choice) => choice === target.value) ?? value)}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {words[choice]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
