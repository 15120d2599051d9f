import { useState } from "react";
import { Field, TextArea } from "../../../../../components/form/field.tsx";
import { isSameJson } from "../../shared/is-same-json.ts";
import type { OptionProps } from "../field-props.ts";
import { printJson, problemOfJson, readJson } from "./json-text.ts";

type JsonProps = Pick<OptionProps, "value" | "path" | "form" | "onChange"> & {
  label: string;
  /** The name of the control if the label alone is not enough. */
  ariaLabel?: string;
  help?: string;
  isOptional?: boolean;
  /** Inserted by a button into an empty field. */
  example?: unknown;
};

/** What was typed counts until the form has another value, such as after it was discarded. */
function useTyped({ value, onChange }: Pick<JsonProps, "value" | "onChange">) {
  const [typed, setTyped] = useState("");
  const text = isSameJson(readJson(typed), value) ? typed : printJson(value);
  function change(next: string) {
    setTyped(next);
    onChange(readJson(next));
  }
  return { text, change };
}

/** A JSON value as a text. A text that is not JSON stays in the form, which cannot be saved with it. */
export function JsonText({ label, ariaLabel, help, isOptional = false, example, ...option }: JsonProps) {
  const { value, path, form, onChange } = option;
  const { text, change } = useTyped(option);
  const problem = form.errorWithin(path);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <Field label={label} isOptional={isOptional} help={help} error={problem && (problemOfJson(value) ?? problem)}>
        {(control) => (
          <TextArea
            {...control}
            aria-label={ariaLabel}
            rows={Math.min(18, Math.max(3, text.split("\n").length + 1))}
            value={text}
            onChange={({ target }) => change(target.value)}
            onBlur={() => form.touch(path)}
            className="font-mono text-xs"
          />
        )}
      </Field>
      {example !== undefined && value === undefined && <InsertExample insert={() => onChange(example)} />}
    </div>
  );
}

const InsertExample = ({ insert }: { insert: () => void }) => (
  <button type="button" onClick={insert} className="self-start text-xs text-muted underline hover:text-text">
    Insert an example
  </button>
);

export const SCHEMA_EXAMPLE = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};

/** An option that is a JSON object, such as a schema. */
export const JsonOption = ({ field, label, ...rest }: OptionProps) => (
  <JsonText
    label={label}
    help={field.help}
    isOptional={!field.isRequired}
    example={field.name === "schema" ? SCHEMA_EXAMPLE : undefined}
    {...rest}
  />
);
