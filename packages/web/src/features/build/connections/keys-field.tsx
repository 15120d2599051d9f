import { ExternalLink } from "lucide-react";
import { NumberInput, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
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
            <span key={key.connectionKeyId}>
              <code>…{key.hint}</code>
              {stored.length > 1 && ` (weight ${key.weight})`}
            </span>
          ))}
          {keys.length > 0 && "replaced when you save"}
        </p>
      )}
      <RowEditor
        rows={keys}
        onChange={onChange}
        blank={{ value: "", weight: 1 }}
        addLabel={keys.length === 0 && stored.length > 0 ? "Replace key" : "Add key"}
        removeLabel={(_, place) => `Remove key ${place + 1}`}
        removal={hasSeveral || stored.length > 0 ? "enabled" : "hidden"}
        removeSize="normal"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(key, change, place) => (
          <>
            <TextInput
              type="password"
              autoComplete="off"
              aria-label={hasSeveral ? `Key ${place + 1}` : "Key"}
              value={key.value}
              onChange={({ target }) => change({ ...key, value: target.value.trim() })}
              placeholder="Paste key"
              className="font-mono text-sm"
            />
            {hasSeveral && (
              <NumberInput
                aria-label={`Weight of key ${place + 1}`}
                title="Share of requests"
                min={1}
                max={1000}
                step={1}
                value={key.weight}
                onChange={({ target }) => change({ ...key, weight: target.valueAsNumber || 1 })}
                className="w-20!"
              />
            )}
          </>
        )}
      </RowEditor>
    </fieldset>
  );
}
