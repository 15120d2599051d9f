import { ATTACK_ACTIONS, type KnowledgeReading } from "@treadle/contract";
import { useState } from "react";
import { Field, Select, TextInput } from "../../../../components/form/field.tsx";
import { usePolicies } from "../../guards/index.ts";

type Draft = Partial<KnowledgeReading>;
type FieldsProps = { value: Draft; onChange: (value: Draft) => void; languagesError: string | undefined };

const ACTION_WORDS = {
  quarantine: "Quarantine the document",
  warn: "Index it with a warning",
  ignore: "Do not check",
} as const;

/** How documents are read and checked. */
export const ReadingFields = ({ value, onChange, languagesError }: FieldsProps) => (
  <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
    <Field
      label="Text that gives orders to a model"
      help="No search finds a document in quarantine until a person releases it."
    >
      {(field) => (
        <Select
          {...field}
          value={value.attacks ?? "quarantine"}
          onChange={({ target }) =>
            onChange({ ...value, attacks: ATTACK_ACTIONS.find((action) => action === target.value) ?? "quarantine" })
          }
        >
          {ATTACK_ACTIONS.map((action) => (
            <option key={action} value={action}>
              {ACTION_WORDS[action]}
            </option>
          ))}
        </Select>
      )}
    </Field>
    <PolicyField value={value} onChange={onChange} />
    <LanguagesField value={value} onChange={onChange} error={languagesError} />
  </div>
);

function PolicyField({ value, onChange }: Omit<FieldsProps, "languagesError">) {
  const policies = usePolicies().data?.items ?? [];
  const chosen = value.guardPolicyId ?? "";
  const isGone = chosen !== "" && !policies.some(({ policyId }) => policyId === chosen);
  return (
    <Field
      label="Guard policy"
      isOptional
      help="Also checks each document. A rule that blocks puts it into quarantine."
    >
      {(field) => (
        <Select
          {...field}
          value={chosen}
          onChange={({ target }) => onChange({ ...value, guardPolicyId: target.value || null })}
        >
          <option value="">None</option>
          {isGone && <option value={chosen}>{chosen}</option>}
          {policies.map(({ policyId, name }) => (
            <option key={policyId} value={policyId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

type LanguagesProps = Omit<FieldsProps, "languagesError"> & { error: string | undefined };

/** The text stays as it is typed. The codes in it are the value. */
function LanguagesField({ value, onChange, error }: LanguagesProps) {
  const [text, setText] = useState((value.ocrLanguages ?? []).join(", "));
  const change = (typed: string) => {
    setText(typed);
    onChange({ ...value, ocrLanguages: typed.split(/[\s,]+/).filter((code) => code !== "") });
  };
  return (
    <Field
      label="Languages of scanned pages"
      isOptional
      help="Codes of Tesseract, such as eng, deu. Empty turns OCR off."
      error={error}
    >
      {(field) => <TextInput {...field} value={text} onChange={({ target }) => change(target.value)} />}
    </Field>
  );
}
