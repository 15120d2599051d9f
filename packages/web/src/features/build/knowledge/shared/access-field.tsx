import { useId } from "react";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import { type Access, WHO, type Who } from "./access.ts";

const WORDS: Readonly<Record<Who, string>> = { everyone: "Everyone", some: "Some principals", nobody: "Nobody" };

type FieldProps = {
  access: Access;
  onChange: (access: Access) => void;
  error: string | undefined;
  /** `nobody` is left out where a document needs at least one principal. */
  hasNobody?: boolean;
};

/** Who finds a document: everyone, nobody, or the listed principals. */
export function AccessField({ access, onChange, error, hasNobody = true }: FieldProps) {
  const labelId = useId();
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <span id={labelId} className="text-sm font-medium">
          Who finds it
        </span>
        <Choice
          label="Who finds it"
          names={hasNobody ? WHO : WHO.filter((who) => who !== "nobody")}
          words={WORDS}
          chosen={access.who}
          onChoose={(who) => onChange({ ...access, who })}
        />
      </div>
      {access.who === "some" && (
        <PrincipalsField value={access.text} error={error} onChange={(text) => onChange({ ...access, text })} />
      )}
    </div>
  );
}

type PrincipalsProps = { value: string; error: string | undefined; onChange: (value: string) => void };

const PrincipalsField = ({ value, error, onChange }: PrincipalsProps) => (
  <Field
    label="Principals"
    help="One per line. The application that searches says which principals its user has."
    error={error}
  >
    {(field) => (
      <TextArea
        {...field}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        rows={4}
        placeholder={"group:support\nuser:ada"}
        className="font-mono text-sm"
      />
    )}
  </Field>
);
