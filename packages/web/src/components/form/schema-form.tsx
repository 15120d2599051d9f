import { useState } from "react";
import { Checkbox, Field, NumberInput, Select, TextArea, TextInput } from "./field.tsx";
import { LimitsField } from "./limits-field.tsx";
import { RowsField } from "./rows-field.tsx";
import { fieldsOf, problemOf, type SchemaField } from "./schema-fields.ts";

type Params = Readonly<Record<string, unknown>>;
type FormProps = {
  schema: unknown;
  params: Params;
  onChange: (params: Params) => void;
  /** The server error of a field, by name. */
  errors?: Readonly<Record<string, string>>;
  /** Suggestions for a text field by name, such as the available models. */
  proposals?: Readonly<Record<string, readonly string[]>>;
};

/** A form from a JSON schema: one control per parameter, validated on blur. */
export function SchemaForm({ schema, params, onChange, errors = {}, proposals = {} }: FormProps) {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setIsAll] = useState(false);
  const fields = fieldsOf(schema);
  // Shows the first fields, and all fields that are changed, invalid or required.
  const shown = fields.filter(
    (field, place) =>
      isAll || place < FEW || errors[field.name] || field.isRequired || !isInitial(field, params[field.name]),
  );
  if (fields.length === 0) return <p className="text-muted">There are no settings.</p>;
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 max-sm:grid-cols-1">
      {shown.map((field) => (
        <Parameter
          key={field.name}
          field={field}
          value={params[field.name]}
          error={errors[field.name] ?? (touched.has(field.name) ? problemOf(field, params[field.name]) : undefined)}
          onChange={(value) => onChange(withValue(params, field.name, value))}
          onLeave={() => setTouched(new Set([...touched, field.name]))}
          proposals={proposals[field.name] ?? []}
        />
      ))}
      {shown.length < fields.length && (
        <button
          type="button"
          onClick={() => setIsAll(true)}
          className="col-span-full justify-self-start text-xs text-accent hover:underline"
        >
          Show {fields.length - shown.length} more settings
        </button>
      )}
    </div>
  );
}

const FEW = 4;
const isInitial = ({ initial }: SchemaField, value: unknown) =>
  value === undefined || JSON.stringify(value) === JSON.stringify(initial);

/** An empty field is not sent, so that the server's default applies. */
function withValue(params: Params, name: string, value: unknown): Params {
  const { [name]: _, ...rest } = params;
  return value === undefined ? rest : { ...rest, [name]: value };
}

type ParameterProps = {
  field: SchemaField;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
  onLeave: () => void;
  proposals: readonly string[];
};

function Parameter(props: ParameterProps) {
  const { field, value, error, onChange } = props;
  const isWide = field.kind === "json" || field.kind === "lines" || field.kind === "words" || field.kind === "choices";
  if (field.kind === "switch")
    return (
      <div className="flex flex-col gap-1 pt-6 max-sm:pt-0">
        <Checkbox
          label={field.label}
          checked={(value ?? field.initial) === true}
          onChange={({ target }) => onChange(target.checked)}
        />
        {field.help && <p className="text-xs text-muted">{field.help}</p>}
      </div>
    );
  if (field.kind === "choices") return <Choices {...props} />;
  if (field.kind === "limits") return <LimitsField field={field} value={value} onChange={onChange} />;
  if (field.kind === "rows") return <RowsField field={field} value={value} onChange={onChange} />;
  return (
    <Field
      label={field.label}
      help={helpOf(field)}
      error={error}
      isOptional={!field.isRequired && field.initial === undefined}
      className={isWide ? "col-span-full" : ""}
    >
      {(control) => <Control {...props} control={control} />}
    </Field>
  );
}

const helpOf = ({ help, kind, initial }: SchemaField) =>
  [
    help,
    kind === "words" ? "Separate values with commas." : "",
    // A word that replaces a number is shown as the placeholder.
    kind === "number" && typeof initial === "number" ? `Default ${String(initial)}.` : "",
  ]
    .filter(Boolean)
    .join(" ") || undefined;

type ControlProps = ParameterProps & { control: { id: string } };

function Control({ field, value, onChange, onLeave, control, proposals }: ControlProps) {
  switch (field.kind) {
    case "number":
      return (
        <NumberInput
          {...control}
          value={typeof value === "number" ? value : ""}
          placeholder={typeof field.initial === "string" ? field.initial : undefined}
          min={field.least}
          max={field.most}
          onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber)}
          onBlur={onLeave}
        />
      );
    case "choice":
      return (
        <Select
          {...control}
          value={String(value ?? field.initial ?? "")}
          onChange={({ target }) => onChange(target.value)}
        >
          {value === undefined && field.initial === undefined && <option value="">Choose…</option>}
          {field.options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </Select>
      );
    case "lines":
      return (
        <TextArea
          {...control}
          rows={Math.min(18, Math.max(4, String(value ?? field.initial ?? "").split("\n").length + 1))}
          value={typeof value === "string" ? value : String(field.initial ?? "")}
          onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
          onBlur={onLeave}
        />
      );
    case "words":
      return <WordsInput control={control} value={value} onChange={onChange} onLeave={onLeave} />;
    case "json":
      return <JsonInput control={control} value={value} onChange={onChange} onLeave={onLeave} />;
    default:
      return (
        <>
          <TextInput
            {...control}
            list={proposals.length > 0 ? `${control.id}-proposals` : undefined}
            value={typeof value === "string" ? value : ""}
            onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
            onBlur={onLeave}
          />
          {proposals.length > 0 && (
            <datalist id={`${control.id}-proposals`}>
              {proposals.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      );
  }
}

function Choices({ field, value, onChange }: ParameterProps) {
  const asked = value ?? field.initial;
  const chosen: readonly unknown[] = Array.isArray(asked) ? asked : [];
  return (
    <fieldset className="col-span-full">
      <legend className="text-sm font-medium">{field.label}</legend>
      <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1.5">
        {field.options.map((option) => (
          <Checkbox
            key={option}
            label={option}
            checked={chosen.includes(option)}
            onChange={({ target }) =>
              onChange(field.options.filter((one) => (one === option ? target.checked : chosen.includes(one))))
            }
          />
        ))}
      </div>
      {field.help && <p className="mt-1 text-xs text-muted">{field.help}</p>}
    </fieldset>
  );
}

type TypedProps = Pick<ControlProps, "control" | "value" | "onChange" | "onLeave">;

/** What is typed stays as it is typed; the list is read from it. */
function WordsInput({ control, value, onChange, onLeave }: TypedProps) {
  const [text, setText] = useState(() => (Array.isArray(value) ? value.join(", ") : ""));
  function change(next: string) {
    setText(next);
    const words = next
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean);
    onChange(words.length === 0 ? undefined : words);
  }
  return <TextInput {...control} value={text} onChange={({ target }) => change(target.value)} onBlur={onLeave} />;
}

function JsonInput({ control, value, onChange, onLeave }: TypedProps) {
  const [text, setText] = useState(() => (value === undefined ? "" : JSON.stringify(value, null, 2)));
  function change(next: string) {
    setText(next);
    if (next.trim() === "") return onChange(undefined);
    try {
      onChange(JSON.parse(next));
    } catch (error) {
      onChange(error);
    }
  }
  return (
    <TextArea
      {...control}
      rows={Math.min(8, text.split("\n").length + 1)}
      value={text}
      onChange={({ target }) => change(target.value)}
      onBlur={onLeave}
      className="font-mono text-xs"
    />
  );
}
