import { Field, NumberInput } from "../../components/field.tsx";

type FieldProps = {
  label: string;
  help?: string;
  value: number | null;
  error: string | undefined;
  /** Null for an empty field, which only an optional one may be. */
  onChange: (value: number | null) => void;
  isOptional?: boolean;
  placeholder?: string;
  min?: number;
};

/** A number of a search's settings. An empty field that is needed counts as 0, which the form then refuses. */
export const NumberField = ({ label, value, onChange, min = 0, placeholder, ...rest }: FieldProps) => (
  <Field label={label} {...rest}>
    {(field) => (
      <NumberInput
        {...field}
        min={min}
        placeholder={placeholder}
        value={value === null || Number.isNaN(value) ? "" : value}
        onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber)}
      />
    )}
  </Field>
);
