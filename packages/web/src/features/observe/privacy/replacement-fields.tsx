import { Field, Select } from "../../../components/form/field.tsx";
import type { PrivacyBody } from "./use-privacy.ts";

type Props = { values: PrivacyBody; change: (next: Partial<PrivacyBody>) => void };

/** What takes the place of a finding, and what happens to content that cannot be scanned. */
export const ReplacementFields = ({ values: { replacement, failure, media }, change }: Props) => (
  <div className="grid grid-cols-3 gap-4 max-lg:grid-cols-1">
    <OneOf
      label="Replacement"
      help="A hash stays the same for equal values. User and session ids always get one, so that they stay distinct."
      options={{ redact: "Kind, such as [EMAIL]", hash: "Kind and hash" }}
      value={replacement}
      onChange={(next) => change({ replacement: next })}
    />
    <OneOf
      label="Texts too long to scan"
      help="Applies to texts of more than 1,000,000 characters."
      options={{ withhold: "Do not store", cut: "Store the scanned part" }}
      value={failure}
      onChange={(next) => change({ failure: next })}
    />
    <OneOf
      label="Images, audio and files"
      help="Detectors cannot read media."
      options={{ withhold: "Do not store", store: "Store as sent" }}
      value={media}
      onChange={(next) => change({ media: next })}
    />
  </div>
);

type OneOfProps<Value extends string> = {
  label: string;
  help: string;
  options: Readonly<Record<Value, string>>;
  value: Value;
  onChange: (value: Value) => void;
};

function OneOf<Value extends string>({ label, help, options, value, onChange }: OneOfProps<Value>) {
  const values = Object.keys(options) as Value[];
  return (
    <Field label={label} help={help}>
      {(field) => (
        <Select
          {...field}
          value={value}
          onChange={({ target }) => onChange(values.find((each) => each === target.value) ?? value)}
        >
          {values.map((each) => (
            <option key={each} value={each}>
              {options[each]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
