import { useState } from "react";
import { NumberInput } from "./field.tsx";
import { isFields, withKey } from "./json-fields.ts";
import type { SchemaField } from "./schema-fields.ts";

type FieldProps = { field: SchemaField; value: unknown; onChange: (value: unknown) => void };
const SIDES = ["min", "max"] as const;
const SIDE_WORDS = { min: "at least", max: "at most" } as const;

/** Measures by name, each with a smallest and a largest value; unused measures are shown on request. */
export function LimitsField({ field, value, onChange }: FieldProps) {
  const [isAll, setIsAll] = useState(false);
  const asked = value ?? field.initial;
  const limits = isFields(asked) ? asked : {};
  const used = field.parts.filter(({ name }) => name in limits);
  const shown = isAll ? field.parts : used;
  function set(name: string, side: "min" | "max", number: number) {
    const old = limits[name];
    const limit = withKey(isFields(old) ? old : {}, side, Number.isNaN(number) ? undefined : number);
    onChange(withKey(limits, name, Object.keys(limit).length === 0 ? undefined : limit));
  }
  return (
    <fieldset className="col-span-full min-w-0">
      <legend className="text-sm font-medium">{field.label}</legend>
      {field.help && <p className="mt-0.5 text-xs text-muted">{field.help}</p>}
      <table aria-label={field.label} className="mt-1.5 w-full max-w-150">
        <thead>
          <tr className="text-xs text-muted">
            <th scope="col" className="text-left font-normal">
              Measure
            </th>
            {SIDES.map((side) => (
              <th key={side} scope="col" className="w-28 pl-2 text-left font-normal">
                {SIDE_WORDS[side]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, label, help }) => (
            <tr key={name}>
              <th scope="row" title={help} className="py-0.5 pr-2 text-left font-normal">
                {help || label}
              </th>
              {SIDES.map((side) => {
                const limit = limits[name];
                const number = isFields(limit) ? limit[side] : undefined;
                return (
                  <td key={side} className="py-0.5 pl-2">
                    <NumberInput
                      aria-label={`${help || label}, ${SIDE_WORDS[side]}`}
                      value={typeof number === "number" ? number : ""}
                      onChange={({ target }) => set(name, side, target.valueAsNumber)}
                      className="h-7!"
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {used.length < field.parts.length && (
        <button type="button" onClick={() => setIsAll(!isAll)} className="mt-1 text-xs text-accent hover:underline">
          {isAll ? "Show selected measures" : `Show all ${field.parts.length} measures`}
        </button>
      )}
    </fieldset>
  );
}
