import { Field, Select } from "./field.tsx";
import { GrowingText } from "./growing-text.tsx";
import type { InputField } from "./input-values.ts";

type Typed = Readonly<Record<string, string>>;
type FieldsProps = {
  fields: readonly InputField[];
  typed: Typed;
  onChange: (typed: Typed) => void;
  problems: Readonly<Record<string, string>>;
};

const PLACEHOLDERS = {
  text: "",
  any: "",
  number: "a number",
  boolean: "",
  json: "JSON",
} as const satisfies Record<InputField["kind"], string>;

/** One control for each input, made from the schema of the prompt. */
export function InputFields({ fields, typed, onChange, problems }: FieldsProps) {
  return (
    <div className="flex flex-col gap-3">
      {fields.map((field) => (
        <Field
          key={field.name}
          label={<code className="text-xs font-medium">{field.name}</code>}
          help={field.help || undefined}
          isOptional={!field.isRequired && field.help !== "A list of messages"}
          error={problems[field.name]}
        >
          {(control) => (
            <Control
              control={control}
              field={field}
              value={typed[field.name] ?? ""}
              onChange={(value) => onChange({ ...typed, [field.name]: value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

type ControlProps = {
  control: { id: string };
  field: InputField;
  value: string;
  onChange: (value: string) => void;
};

function Control({ control, field: { kind, choices }, value, onChange }: ControlProps) {
  const options = kind === "boolean" ? ["true", "false"] : choices;
  if (options.length > 0)
    return (
      <Select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">not set</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </Select>
    );
  return (
    <GrowingText
      {...control}
      value={value}
      placeholder={PLACEHOLDERS[kind]}
      onChange={({ target }) => onChange(target.value)}
      className={kind === "json" ? "font-mono text-xs" : ""}
    />
  );
}
