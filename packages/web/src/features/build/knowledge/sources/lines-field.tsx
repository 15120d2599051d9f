import { useState } from "react";
import { Field, TextArea } from "../../../../components/form/field.tsx";

type LinesProps = {
  label: string;
  help: string;
  placeholder: string;
  value: readonly string[] | undefined;
  onChange: (lines: string[]) => void;
  error: string | undefined;
  isOptional?: boolean;
};

/** A list with one entry per line. The text stays as it is typed. */
export function LinesField({ value = [], onChange, placeholder, ...field }: LinesProps) {
  const [text, setText] = useState(value.join("\n"));
  const change = (typed: string) => {
    setText(typed);
    onChange(typed.split("\n").filter((line) => line.trim() !== ""));
  };
  return (
    <Field {...field}>
      {(control) => (
        <TextArea
          {...control}
          value={text}
          onChange={({ target }) => change(target.value)}
          rows={2}
          placeholder={placeholder}
          className="font-mono text-sm"
        />
      )}
    </Field>
  );
}
