import { useState } from "react";
import { Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import type { NumberValue } from "./monitor-draft.ts";

type DurationProps = {
  label: string;
  help?: string;
  error?: string | undefined;
  seconds: NumberValue;
  onChange: (seconds: NumberValue) => void;
  onLeave: () => void;
};

const UNITS = [
  [86_400, "days"],
  [3_600, "hours"],
  [60, "minutes"],
  [1, "seconds"],
] as const;

/** The largest unit in which a time is a whole number. */
const unitFor = (seconds: NumberValue): number =>
  (seconds ? UNITS.find(([size]) => seconds % size === 0)?.[0] : undefined) ?? 60;

/** A time as a number and its unit. */
export function DurationField({ label, help, error, seconds, onChange, onLeave }: DurationProps) {
  const [unit, setUnit] = useState(() => unitFor(seconds));
  const change = (value: number, size: number) => onChange(Number.isNaN(value) ? null : Math.round(value * size));
  const shown = seconds === null ? "" : Number((seconds / unit).toFixed(4));
  return (
    <Field label={label} help={help} error={error}>
      {(field) => (
        <div className="flex gap-1.5">
          <NumberInput
            {...field}
            min={0}
            value={shown}
            onChange={({ target }) => change(target.valueAsNumber, unit)}
            onBlur={onLeave}
          />
          <UnitSelect
            label={`${label}: unit`}
            unit={unit}
            onChange={(next) => {
              setUnit(next);
              if (seconds !== null) change(seconds / unit, next);
            }}
          />
        </div>
      )}
    </Field>
  );
}

type UnitProps = { label: string; unit: number; onChange: (unit: number) => void };

const UnitSelect = ({ label, unit, onChange }: UnitProps) => (
  <Select
    aria-label={label}
    value={unit}
    onChange={({ target }) => onChange(Number(target.value))}
    className="max-w-28"
  >
    {UNITS.map(([size, word]) => (
      <option key={size} value={size}>
        {word}
      </option>
    ))}
  </Select>
);
