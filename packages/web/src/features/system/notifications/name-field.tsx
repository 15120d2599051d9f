import { Field, TextInput } from "../../../components/form/field.tsx";

type NameProps = { value: string; error: string | undefined; placeholder: string; onChange: (name: string) => void };

export const NameField = ({ value, error, placeholder, onChange }: NameProps) => (
  <Field label="Name" error={error}>
    {(field) => (
      <TextInput
        {...field}
        value={value}
        required
        autoFocus
        maxLength={120}
        placeholder={placeholder}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);
