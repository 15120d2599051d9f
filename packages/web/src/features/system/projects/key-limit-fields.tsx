import { Field, TextArea, TextInput } from "../../../components/form/field.tsx";
import type { KeyLimits } from "./key-limits.ts";

type Props = { limits: KeyLimits; onChange: (next: KeyLimits) => void };

/** Which models a new key may call, and when it stops working. */
export const KeyLimitFields = ({ limits, onChange }: Props) => (
  <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
    <Field label="Models" isOptional help="Patterns such as openai/*, one per line. Leave empty to allow all models.">
      {(field) => (
        <TextArea
          {...field}
          rows={2}
          value={limits.models}
          maxLength={24_000}
          onChange={({ target }) => onChange({ ...limits, models: target.value })}
          className="font-mono text-sm"
        />
      )}
    </Field>
    <Field label="Expires" isOptional help="When the key stops working. Leave empty if it never expires.">
      {(field) => (
        <TextInput
          {...field}
          type="datetime-local"
          min={localNow()}
          max="2199-12-31T23:59"
          value={limits.expires}
          onChange={({ target }) => onChange({ ...limits, expires: target.value })}
        />
      )}
    </Field>
  </div>
);

/** The present in the form of `datetime-local`, in the reader's time zone. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, "2026-01-01T00:00".length);
}
