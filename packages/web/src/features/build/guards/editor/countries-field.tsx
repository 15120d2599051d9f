import { X } from "lucide-react";
import { Field, Select } from "../../../../components/form/field.tsx";
import { countryName, PHONE_COUNTRIES } from "../shared/countries.ts";
import type { OptionProps } from "./field-props.ts";

const BY_NAME = PHONE_COUNTRIES.map((code) => ({ code, name: countryName(code) })).toSorted((one, other) =>
  one.name.localeCompare(other.name),
);

/** Countries, chosen one after the other from a list. */
export function CountriesField({ field, label, value, path, form, onChange }: OptionProps) {
  const chosen = (Array.isArray(value) ? value : []).map((code: unknown) => String(code).toLowerCase());
  const set = (next: readonly string[]) => onChange(next.length === 0 ? undefined : next);
  return (
    <Field label={label} isOptional help={field.help} error={form.errorAt(path)}>
      {(control) => (
        <div className="flex flex-wrap items-center gap-2">
          {chosen.map((code) => (
            <Chip key={code} code={code} onRemove={() => set(chosen.filter((one) => one !== code))} />
          ))}
          <Select {...control} value="" onChange={({ target }) => set([...chosen, target.value])} className="w-48!">
            <option value="">Add a country</option>
            {BY_NAME.filter(({ code }) => !chosen.includes(code)).map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </Select>
        </div>
      )}
    </Field>
  );
}

const Chip = ({ code, onRemove }: { code: string; onRemove: () => void }) => (
  <span className="inline-flex h-8 items-center gap-1 rounded-control border border-line bg-raised pr-1 pl-2.5">
    {countryName(code)}
    <button
      type="button"
      aria-label={`Remove ${countryName(code)}`}
      onClick={onRemove}
      className="inline-flex size-6 items-center justify-center rounded text-muted hover:text-text"
    >
      <X size={13} />
    </button>
  </span>
);
