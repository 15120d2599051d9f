import { type ComponentProps, type ReactNode, useId } from "react";

type FieldProps = {
  label: ReactNode;
  /** What the field means, its unit or its default. */
  help?: ReactNode;
  error?: string | undefined;
  isOptional?: boolean;
  className?: string;
  /** Renders the control with the id and the ARIA attributes that tie it to its label, help and error. */
  children: (control: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
};

/** A labelled control with its help and error, linked for screen readers. */
export function Field({ label, help, error, isOptional = false, className = "", children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {isOptional && <span className="ml-1 font-normal text-muted"> optional</span>}
      </label>
      {children({
        id,
        "aria-describedby": error || help ? noteId : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {(error || help) && (
        <p id={noteId} className={`text-xs ${error ? "text-bad" : "text-muted"}`}>
          {error ?? help}
        </p>
      )}
    </div>
  );
}

export function TextInput({ className = "", ...rest }: ComponentProps<"input">) {
  return <input spellCheck={false} {...rest} className={`control w-full min-w-0 ${className}`} />;
}

/** A number input with tabular figures and without the browser's arrows, which take space in dense forms. */
export function NumberInput({ className = "", ...rest }: ComponentProps<"input">) {
  return (
    <input
      inputMode="decimal"
      type="number"
      step="any"
      {...rest}
      className={`control num w-full min-w-0 [appearance:textfield] [&::-webkit-inner-spin-button]:appearance-none ${className}`}
    />
  );
}

export function TextArea({ className = "", ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      spellCheck={false}
      {...rest}
      className={`control h-auto w-full min-w-0 resize-y py-1.5 leading-normal ${className}`}
    />
  );
}

/** The browser's own list: it works with every keyboard and on every phone. */
export function Select({ className = "", children, ...rest }: ComponentProps<"select">) {
  return (
    <select
      {...rest}
      className={`control w-full min-w-0 appearance-none bg-[image:var(--chevron)] bg-[position:right_8px_center] bg-no-repeat pr-7 ${className}`}
    >
      {children}
    </select>
  );
}

type CheckboxProps = ComponentProps<"input"> & { label: ReactNode };

export function Checkbox({ label, className = "", ...rest }: CheckboxProps) {
  return (
    <label className={`inline-flex items-center gap-2 ${className}`}>
      <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
      <span className="min-w-0">{label}</span>
    </label>
  );
}
