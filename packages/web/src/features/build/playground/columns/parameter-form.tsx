import { useState } from "react";
import { Checkbox, Field, NumberInput, Select, TextArea } from "../../../../components/form/field.tsx";
import { type ChatColumn, isJsonObject, type Parameters } from "../state/playground-state.ts";
import { ToolsFields } from "./tools-fields.tsx";

type FormProps = {
  column: ChatColumn;
  onChange: (column: ChatColumn) => void;
  /** The canned results of tools, by name. All columns share them. */
  canned: Readonly<Record<string, string>>;
  onCanned: (canned: Readonly<Record<string, string>>) => void;
};

const NUMBERS = [
  {
    name: "temperature",
    label: "Temperature",
    help: "0 is the most predictable. Raise it for more varied answers.",
    min: 0,
    max: 10,
  },
  { name: "max_tokens", label: "Max tokens", help: "The longest answer, in tokens", min: 1, max: 10_000_000 },
  { name: "top_p", label: "Top p", help: "0 to 1. Lower it to use only the most likely tokens.", min: 0, max: 1 },
  {
    name: "seed",
    label: "Seed",
    help: "Set it to get the same answer again, if the model supports seeds.",
    min: -9e15,
    max: 9e15,
  },
] as const;

const FORMATS = { text: "Text", json_object: "Any JSON object", json_schema: "JSON schema" } as const;
const isFormat = (value: string): value is Parameters["format"] => value in FORMATS;

/** The request parameters. An empty field is not sent, so the default of the stored prompt or the model applies. */
export function ParameterForm({ column, onChange, canned, onCanned }: FormProps) {
  const { parameters, extra, prompt } = column;
  const set = (next: Partial<Parameters>) => onChange({ ...column, parameters: { ...parameters, ...next } });
  const others = Object.keys(extra);
  return (
    <div className="flex w-90 max-w-full flex-col gap-3 p-4 font-normal">
      <div className="grid grid-cols-2 gap-3">
        {NUMBERS.map(({ name, label, help, min, max }) => (
          <Field key={name} label={label} help={help}>
            {(field) => (
              <NumberInput
                {...field}
                min={min}
                max={max}
                placeholder={prompt ? "from the prompt" : "model default"}
                value={parameters[name] ?? ""}
                onChange={(event) => {
                  const value = event.target.valueAsNumber;
                  set({ [name]: Number.isNaN(value) ? undefined : Math.min(max, Math.max(min, value)) });
                }}
              />
            )}
          </Field>
        ))}
      </div>
      <Field label="Stop sequences" help="One sequence per line. The answer ends before any of them.">
        {(field) => (
          <TextArea
            {...field}
            rows={1}
            value={parameters.stop ?? ""}
            onChange={(event) => set({ stop: event.target.value || undefined })}
          />
        )}
      </Field>
      <Field label="Answer format">
        {(field) => (
          <Select
            {...field}
            value={parameters.format}
            onChange={(event) => isFormat(event.target.value) && set({ format: event.target.value })}
          >
            {Object.entries(FORMATS).map(([value, label]) => (
              <option key={value} value={value}>
                {value === "text" && prompt ? "From the prompt" : label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {parameters.format === "json_schema" && (
        <SchemaField schema={parameters.schema} onChange={(schema) => set({ schema })} />
      )}
      <ToolsFields
        tools={column.tools ?? ""}
        onChange={(tools) => onChange({ ...column, tools })}
        canned={canned}
        onCanned={onCanned}
      />
      <Checkbox
        label="Stream the answer"
        checked={parameters.isStreamed}
        onChange={(event) => set({ isStreamed: event.target.checked })}
      />
      {others.length > 0 && (
        <p className="text-xs text-muted">
          Also sent, from the recorded call: <code>{others.join(", ")}</code>
        </p>
      )}
    </div>
  );
}

function SchemaField({ schema, onChange }: { schema: string; onChange: (schema: string) => void }) {
  const [isTouched, setIsTouched] = useState(false);
  const error = isTouched && !isJsonObject(schema) ? "Enter a JSON object." : undefined;
  return (
    <Field label="JSON schema" error={error}>
      {(field) => (
        <TextArea
          {...field}
          rows={8}
          value={schema}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => setIsTouched(true)}
          className="font-mono text-xs"
        />
      )}
    </Field>
  );
}
