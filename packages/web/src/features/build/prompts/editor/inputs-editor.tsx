import { Braces, Plus, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Checkbox, Select, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { INPUT_TYPES, type InputRow, newRow, rowsOf, withRows } from "./schema-edits.ts";

type EditorProps = {
  /** The schema as JSON; empty for whatever comes. */
  inputs: string;
  onChange: (inputs: string) => void;
  error: string | undefined;
  /** What the text names, to be offered. */
  found: { names: readonly string[]; placeholders: readonly string[] };
};

/** What a prompt takes: a row for each input, or the whole schema as JSON. */
export function InputsEditor({ inputs, onChange, error, found }: EditorProps) {
  const [isJson, setIsJson] = useState(false);
  const schema = schemaIn(inputs);
  const rows = schema && rowsOf(schema);
  const set = (next: readonly InputRow[]) => onChange(JSON.stringify(withRows(schema ?? {}, next), null, 2));
  const known = new Set(rows?.map(({ name }) => name));
  const missing = [...found.names, ...found.placeholders].filter((name) => !known.has(name));
  const asRow = (name: string) => newRow(name, found.placeholders.includes(name));
  if (inputs.trim() === "" && !isJson)
    return (
      <div className="flex flex-wrap items-center gap-2">
        <p className="text-muted">The prompt accepts any inputs and does not report missing inputs.</p>
        <Button size="small" onClick={() => set(missing.map(asRow))}>
          <Plus aria-hidden size={13} /> Define inputs
        </Button>
      </div>
    );
  return (
    <div className="flex flex-col gap-2">
      {isJson || !rows ? (
        <TextArea
          aria-label="Inputs as a JSON schema"
          aria-invalid={error ? true : undefined}
          rows={10}
          value={inputs}
          onChange={({ target }) => onChange(target.value)}
          className="font-mono text-xs"
        />
      ) : (
        <ul aria-label="Inputs" className="flex flex-col gap-2">
          {rows.map((row, at) => (
            <RowFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name of its own while it is being typed.
              key={at}
              row={row}
              place={at + 1}
              onChange={(next) => set(rows.map((other, index) => (index === at ? next : other)))}
              onRemove={() => set(rows.filter((_, index) => index !== at))}
            />
          ))}
        </ul>
      )}
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {rows && !isJson && (
          <>
            <Button size="small" disabled={known.has("")} onClick={() => set([...rows, newRow("")])}>
              <Plus aria-hidden size={13} /> Add input
            </Button>
            {missing.map((name) => (
              <Button key={name} size="small" kind="quiet" onClick={() => set([...rows, asRow(name)])}>
                <Plus aria-hidden size={13} /> <code>{name}</code>
                <span className="sr-only">, used in the text</span>
              </Button>
            ))}
          </>
        )}
        <span className="ml-auto flex gap-1">
          {(rows || isJson) && (
            <Button size="small" kind="quiet" aria-pressed={isJson} onClick={() => setIsJson(!isJson)}>
              <Braces aria-hidden size={13} /> {isJson ? "As a form" : "As JSON"}
            </Button>
          )}
          <Button
            size="small"
            kind="quiet"
            onClick={() => {
              setIsJson(false);
              onChange("");
            }}
          >
            Accept any inputs
          </Button>
        </span>
      </div>
    </div>
  );
}

function schemaIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

type RowProps = { row: InputRow; place: number; onChange: (row: InputRow) => void; onRemove: () => void };

function RowFields({ row, place, onChange, onRemove }: RowProps) {
  return (
    <li className="flex flex-wrap items-center gap-2">
      <TextInput
        aria-label={`Name of input ${place}`}
        value={row.name}
        placeholder="name"
        onChange={({ target }) => onChange({ ...row, name: target.value })}
        className="max-w-40 grow basis-28 font-mono text-xs"
      />
      <Select
        aria-label={`Type of input ${place}`}
        value={row.type}
        onChange={({ target }) => onChange({ ...row, type: target.value })}
        className="max-w-28 shrink-0"
      >
        <option value="">any</option>
        {INPUT_TYPES.map((type) => (
          <option key={type}>{type}</option>
        ))}
      </Select>
      <TextInput
        aria-label={`Description of input ${place}`}
        value={row.description}
        placeholder="description"
        onChange={({ target }) => onChange({ ...row, description: target.value })}
        className="min-w-32 shrink grow basis-32"
      />
      <Checkbox
        label="required"
        checked={row.isRequired}
        onChange={({ target }) => onChange({ ...row, isRequired: target.checked })}
        className="text-muted"
      />
      <IconButton label={`Remove input ${place}`} size="small" onClick={onRemove}>
        <X size={14} />
      </IconButton>
    </li>
  );
}
