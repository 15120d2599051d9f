import { Field, TextInput } from "../../../../components/form/field.tsx";
import { useModelNames } from "../../experiments/index.ts";

type FieldProps = {
  label: string;
  help: string;
  value: string;
  error: string | undefined;
  onChange: (name: string) => void;
};

/** A model or an endpoint of the gateway, with suggestions. */
export function ModelField({ label, help, value, error, onChange }: FieldProps) {
  const models = useModelNames();
  return (
    <Field label={label} isOptional help={help} error={error}>
      {(field) => (
        <>
          <TextInput
            {...field}
            list={`${field.id}-models`}
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
          <datalist id={`${field.id}-models`}>
            {models.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
