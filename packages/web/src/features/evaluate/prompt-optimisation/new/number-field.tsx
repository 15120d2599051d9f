import { Field, NumberInput } from "../../../../components/form/field.tsx";

type FieldProps = {
  label: string;
  help?: string;
  value: number | null;
  error: string | undefined;
  /** Null for an empty field, which is valid only if the field is optional. */
  onChange: (value: number | null) => void;
  isOptional?: boolean;
  placeholder?: string;
  min?: number;
};

/** A numeric setting. An empty required field counts as 0, which fails validation. */
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
