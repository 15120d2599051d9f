import { useState } from "react";
import { Field, NumberInput, TextArea, TextInput } from "../../../components/form/field.tsx";
import { isFields } from "../../../components/form/json-fields.ts";
import type { EndpointInput } from "./use-endpoints.ts";
import { VariantKnowledge } from "./variant-knowledge.tsx";

type Variant = EndpointInput["variants"][number];
type SettingsProps = { variant: Variant; place: number; onChange: (variant: Variant) => void };

/** What a variant sets besides its model: a stored prompt, parameters, tools, a knowledge base and the time in the cache. */
export function VariantSettings({ variant, place, onChange }: SettingsProps) {
  const { prompt = null, parameters = {}, tools = null, cacheTtlSeconds = null } = variant;
  const nth = `of variant ${place + 1}`;
  return (
    <details className="order-last basis-full text-sm">
      <summary className="w-fit cursor-pointer text-xs text-muted">{wordsOf(variant)}</summary>
      <div className="mt-2 mb-1 grid gap-3 border-l border-line pl-3 sm:grid-cols-2">
        <Field label="Prompt" isOptional help="Its messages come before the messages of the request.">
          {(field) => (
            <TextInput
              {...field}
              aria-label={`Prompt ${nth}`}
              list="prompt-names"
              value={prompt?.name ?? ""}
              onChange={({ target: { value } }) =>
                onChange({ ...variant, prompt: value === "" ? null : { ...prompt, name: value } })
              }
            />
          )}
        </Field>
        <Field label="Version or label" isOptional help="If empty, the label production is used.">
          {(field) => (
            <TextInput
              {...field}
              aria-label={`Version or label of the prompt ${nth}`}
              disabled={prompt === null}
              value={String(prompt?.version ?? prompt?.label ?? "")}
              onChange={({ target: { value } }) =>
                prompt && onChange({ ...variant, prompt: { name: prompt.name, ...choiceOf(value.trim()) } })
              }
            />
          )}
        </Field>
        <JsonField
          label="Parameters"
          help={`Such as {"temperature": 0.2}. They replace the parameters of the request.`}
          ariaLabel={`Parameters ${nth}`}
          value={Object.keys(parameters).length > 0 ? parameters : undefined}
          read={(value) => (value === undefined ? {} : isFields(value) ? value : undefined)}
          problem="This is not a JSON object."
          onChange={(next) => onChange({ ...variant, parameters: next })}
        />
        <JsonField
          label="Tools"
          help="A list in OpenAI's format. If empty, the tools of the request are used."
          ariaLabel={`Tools ${nth}`}
          value={tools ?? undefined}
          read={(value) => (value === undefined ? null : isToolList(value) ? value : undefined)}
          problem="This is not a JSON list of objects."
          onChange={(next) => onChange({ ...variant, tools: next })}
        />
        <Field label="Priority" help="Requests go to the lowest number. Higher ones answer after failures.">
          {(field) => (
            <NumberInput
              {...field}
              aria-label={`Priority ${nth}`}
              min={1}
              max={20}
              step={1}
              value={variant.priority ?? 1}
              onChange={({ target: { valueAsNumber } }) => onChange({ ...variant, priority: valueAsNumber || 1 })}
            />
          )}
        </Field>
        <Field label="Exact cache (seconds)" isOptional help="If empty, the time of the endpoint is used.">
          {(field) => (
            <NumberInput
              {...field}
              aria-label={`Seconds in the cache ${nth}`}
              min={0}
              step={1}
              value={cacheTtlSeconds ?? ""}
              onChange={({ target: { valueAsNumber } }) =>
                onChange({ ...variant, cacheTtlSeconds: Number.isNaN(valueAsNumber) ? null : valueAsNumber })
              }
            />
          )}
        </Field>
        <VariantKnowledge variant={variant} nth={nth} onChange={onChange} />
      </div>
    </details>
  );
}

type JsonProps<Value> = {
  label: string;
  help: string;
  ariaLabel: string;
  value: unknown;
  /** The value to store; undefined for JSON of another shape. Gets undefined for an empty text. */
  read: (value: unknown) => Value | undefined;
  problem: string;
  onChange: (value: Value) => void;
};

/** A text of JSON that is stored while it is valid; otherwise the field says what is wrong. */
function JsonField<Value>({ label, help, ariaLabel, value, read, problem, onChange }: JsonProps<Value>) {
  const [text, setText] = useState(() => (value === undefined ? "" : JSON.stringify(value, null, 2)));
  const [error, setError] = useState<string>();
  function change(next: string) {
    setText(next);
    const result = read(parse(next));
    setError(result === undefined ? problem : undefined);
    if (result !== undefined) onChange(result);
  }
  return (
    <Field label={label} isOptional help={help} error={error}>
      {(field) => (
        <TextArea
          {...field}
          aria-label={ariaLabel}
          rows={3}
          value={text}
          onChange={(event) => change(event.target.value)}
          className="font-mono text-xs"
        />
      )}
    </Field>
  );
}

/** Undefined for an empty text, and null for a text that is not JSON, which no field takes. */
function parse(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isToolList = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every(isFields);

/** Digits are a version, anything else is a label. */
function choiceOf(text: string): { version: number | null; label: string | null } {
  if (/^\d+$/.test(text)) return { version: Number(text), label: null };
  return { version: null, label: text === "" ? null : text };
}

/** What a variant sets, in a few words. */
export function wordsOf({ prompt, parameters = {}, tools, cacheTtlSeconds, knowledge, priority = 1 }: Variant): string {
  const which = prompt && (prompt.version ? ` version ${prompt.version}` : prompt.label ? ` (${prompt.label})` : "");
  const words = [
    priority > 1 && `priority ${priority}`,
    prompt && `prompt ${prompt.name}${which}`,
    ...Object.entries(parameters).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    tools && `${tools.length} ${tools.length === 1 ? "tool" : "tools"}`,
    knowledge && "knowledge base",
    typeof cacheTtlSeconds === "number" && `cache ${cacheTtlSeconds} s`,
  ].filter(Boolean);
  return words.length > 0 ? `Settings: ${words.join(", ")}` : "Settings";
}
