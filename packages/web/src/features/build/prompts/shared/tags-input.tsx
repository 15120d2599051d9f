import { useState } from "react";
import { Field, TextInput } from "../../../../components/form/field.tsx";

type TagsProps = { tags: readonly string[]; onChange: (tags: string[]) => void; error: string | undefined };

/** Tags with commas between them. */
export function TagsInput({ tags, onChange, error }: TagsProps) {
  const [text, setText] = useState(tags.join(", "));
  return (
    <Field label="Tags" isOptional help="Separate tags with commas." error={error}>
      {(field) => (
        <TextInput
          {...field}
          value={text}
          onChange={({ target: { value } }) => {
            setText(value);
            onChange([...new Set(value.split(",").map((tag) => tag.trim()))].filter(Boolean));
          }}
        />
      )}
    </Field>
  );
}
