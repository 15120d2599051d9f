import { ExternalLink, Plus, X } from "lucide-react";
import { Button, IconButton } from "../../components/button.tsx";
import { NumberInput, TextInput } from "../../components/field.tsx";
import type { Connection, Preset } from "./use-connections.ts";

export type KeyInput = { value: string; weight: number };

type KeysProps = {
  keys: readonly KeyInput[];
  onChange: (keys: readonly KeyInput[]) => void;
  /** Those the server holds: only their last characters are known here. */
  stored: Connection["keys"];
  preset: Preset;
  error: string | undefined;
};

/** Secrets that are written and never read. Several share the load by weight; new ones take the place of the old. */
export function KeysField({ keys, onChange, stored, preset, error }: KeysProps) {
  const change = (index: number, next: Partial<KeyInput>) =>
    onChange(keys.map((key, at) => (at === index ? { ...key, ...next } : key)));
  const hasSeveral = keys.length > 1;
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 flex w-full items-center justify-between text-sm font-medium">
        <span>
          {preset.fields.includes("accessKeyId") ? "API key or secret access key" : "API key"}
          {!preset.needsKey && <span className="ml-1 font-normal text-muted">optional</span>}
        </span>
        {preset.keyUrl && (
          <a
            href={preset.keyUrl}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex items-center gap-1 text-xs font-normal text-accent hover:underline"
          >
            Get a key <ExternalLink aria-hidden size={11} />
          </a>
        )}
      </legend>
      {stored.length > 0 && (
        <p className="num flex flex-wrap items-center gap-x-3 text-sm text-muted">
          {stored.map((key) => (
            <span key={key.id}>
              <code>…{key.hint}</code>
              {stored.length > 1 && ` (weight ${key.weight})`}
            </span>
          ))}
          {keys.length > 0 && "replaced when you save"}
        </p>
      )}
      {keys.map((key, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are only added at the end, and a secret must not be a key.
        <div key={index} className="flex gap-2">
          <TextInput
            type="password"
            autoComplete="off"
            aria-label={hasSeveral ? `Key ${index + 1}` : "Key"}
            value={key.value}
            onChange={(event) => change(index, { value: event.target.value.trim() })}
            placeholder="Paste the key"
            className="font-mono text-sm"
          />
          {hasSeveral && (
            <NumberInput
              aria-label={`Weight of key ${index + 1}`}
              title="Its share of the requests"
              min={1}
              max={1000}
              step={1}
              value={key.weight}
              onChange={(event) => change(index, { weight: event.target.valueAsNumber || 1 })}
              className="w-20!"
            />
          )}
          {(hasSeveral || stored.length > 0) && (
            <IconButton
              label={`Remove key ${index + 1}`}
              onClick={() => onChange(keys.filter((_, at) => at !== index))}
            >
              <X size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {error && <p className="text-xs text-bad">{error}</p>}
      <Button
        size="small"
        kind="quiet"
        className="self-start"
        onClick={() => onChange([...keys, { value: "", weight: 1 }])}
      >
        <Plus aria-hidden size={13} /> {keys.length === 0 && stored.length > 0 ? "Replace the key" : "Another key"}
      </Button>
    </fieldset>
  );
}
