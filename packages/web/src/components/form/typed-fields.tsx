import type { ReactNode } from "react";
import { Field, NumberInput, TextInput } from "./field.tsx";

type Shared = { label: string; help?: ReactNode; error?: string | undefined; isOptional?: boolean; className?: string };
type TextProps = Shared & { value: string; most?: number; onChange: (value: string) => void };

/** A labelled line of text. */
export const TextField = ({ value, most, onChange, ...field }: TextProps) => (
  <Field {...field}>
    {(control) => (
      <TextInput {...control} value={value} maxLength={most} onChange={({ target }) => onChange(target.value)} />
    )}
  </Field>
);

type NumberProps = Shared & {
  value: number | null;
  min?: number;
  max?: number;
  step?: number | "any";
  /** Null for an empty field. */
  onChange: (value: number | null) => void;
};

/** A labelled number. */
export const NumberField = ({ value, min, max, step, onChange, ...field }: NumberProps) => (
  <Field {...field}>
    {(control) => (
      <NumberInput
        {...control}
        min={min}
        max={max}
        step={step}
        value={value ?? ""}
        onChange={({ target }) => onChange(target.value === "" ? null : Number(target.value))}
      />
    )}
  </Field>
);
