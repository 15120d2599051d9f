import type { ReactNode } from "react";
import { Field, NumberInput } from "../../../../components/form/field.tsx";
import type { NumberValue } from "./monitor-draft.ts";

type NumberProps = {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  isOptional?: boolean;
  value: NumberValue;
  /** What a value is multiplied by where it is shown: 100 for percent. */
  scale?: number;
  min?: number;
  max?: number;
  placeholder?: string | undefined;
  onChange: (value: NumberValue) => void;
  onLeave?: () => void;
};

/** Enough digits to hide the error of the multiplication, and more than anybody types. */
const DIGITS = 12;

/** A labelled number, null while it is empty. */
export function NumberField({ label, help, error, isOptional = false, value, scale = 1, ...rest }: NumberProps) {
  const { onChange, onLeave, ...input } = rest;
  return (
    <Field label={label} help={help} error={error} isOptional={isOptional}>
      {(field) => (
        <NumberInput
          {...field}
          {...input}
          value={value === null ? "" : Number((value * scale).toPrecision(DIGITS))}
          onChange={({ target }) => onChange(numberOf(target.valueAsNumber, scale))}
          onBlur={onLeave}
        />
      )}
    </Field>
  );
}

const numberOf = (value: number, scale: number): NumberValue =>
  Number.isNaN(value) ? null : Number((value / scale).toPrecision(DIGITS));
