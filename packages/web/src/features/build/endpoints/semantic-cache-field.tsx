import { Checkbox, Field, NumberInput } from "../../../components/form/field.tsx";
import type { EndpointInput } from "./use-endpoints.ts";

type Settings = NonNullable<EndpointInput["semanticCache"]>;
type FieldProps = {
  settings: Settings | null;
  onChange: (settings: Settings | null) => void;
  error: string | undefined;
};
type NumberField = { name: "ttlSeconds" | "threshold" | "falseHitLimit"; label: string; help: string; usual: number };

const NUMBERS: readonly NumberField[] = [
  { name: "ttlSeconds", label: "Lifetime (seconds)", help: "How long an answer can be repeated.", usual: 86_400 },
  {
    name: "threshold",
    label: "Similarity threshold",
    help: "From 0.92 to 1. A higher value gives fewer hits.",
    usual: 0.92,
  },
  {
    name: "falseHitLimit",
    label: "False hit limit",
    help: "The cache stops above this share of wrong answers.",
    usual: 0.05,
  },
];

/** The semantic cache of an endpoint in a form: off, or on with its few settings. */
export function SemanticCacheField({ settings, onChange, error }: FieldProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="sr-only">Semantic cache</legend>
      <Checkbox
        label={<span className="text-sm font-medium">Semantic cache</span>}
        checked={settings !== null}
        onChange={(event) => onChange(event.target.checked ? {} : null)}
      />
      <p className="text-xs text-muted">
        Repeats an answer when a question means the same. It needs a temperature of at most 0.3. Treadle checks 20
        matches before it serves any.
      </p>
      {settings && <Settings settings={settings} onChange={onChange} />}
      {error && <p className="text-xs text-bad">{error}</p>}
    </fieldset>
  );
}

function Settings({ settings, onChange }: { settings: Settings; onChange: (settings: Settings) => void }) {
  return (
    <div className="mt-1 grid gap-3 border-l border-line pl-3 sm:grid-cols-3">
      {NUMBERS.map((field) => (
        <NumberSetting key={field.name} field={field} settings={settings} onChange={onChange} />
      ))}
      <Checkbox
        className="sm:col-span-3"
        label="Share answers between users. Use it only if no answer depends on the user."
        checked={settings.isShared ?? false}
        onChange={(event) => onChange({ ...settings, isShared: event.target.checked })}
      />
    </div>
  );
}

type NumberProps = { field: NumberField; settings: Settings; onChange: (settings: Settings) => void };

function NumberSetting({ field: { name, label, help, usual }, settings, onChange }: NumberProps) {
  const change = (value: number) => onChange({ ...settings, [name]: Number.isNaN(value) ? undefined : value });
  return (
    <Field label={label} isOptional help={help}>
      {(control) => (
        <NumberInput
          {...control}
          value={settings[name] ?? ""}
          placeholder={String(usual)}
          onChange={(event) => change(event.target.valueAsNumber)}
        />
      )}
    </Field>
  );
}
