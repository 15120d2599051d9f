import { Field, Select } from "../../../components/form/field.tsx";

type ChoicesProps = {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
  /** The name of an empty choice. Without it, there is none. */
  none?: string;
  isOptional?: boolean;
  error?: string | undefined;
};

/** A labelled choice of names that the project has. */
export const ChoicesField = ({ label, value, choices, onChange, none, isOptional = false, error }: ChoicesProps) => (
  <Field label={label} isOptional={isOptional} error={error}>
    {(field) => (
      <Select {...field} value={value} onChange={({ target }) => onChange(target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {choices.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
