import { Field, Select } from "../../../components/form/field.tsx";
import type { PrivacyBody } from "./use-privacy.ts";

type Props = { values: PrivacyBody; change: (next: Partial<PrivacyBody>) => void };

/** What takes the place of a finding, and what happens to content that cannot be scanned. */
export const ReplacementFields = ({ values, change }: Props) => (
  <div className="grid grid-cols-3 gap-4 max-lg:grid-cols-1">
    <Field
      label="Replacement"
      help="A hash stays the same for equal values. User and session ids always get one, so that they stay distinct."
    >
      {(field) => (
        <Select
          {...field}
          value={values.replacement}
          onChange={({ target }) => change({ replacement: target.value === "hash" ? "hash" : "redact" })}
        >
          <option value="redact">Kind, such as [EMAIL]</option>
          <option value="hash">Kind and hash</option>
        </Select>
      )}
    </Field>
    <Field label="Texts too long to scan" help="Applies to texts of more than 1,000,000 characters.">
      {(field) => (
        <Select
          {...field}
          value={values.failure}
          onChange={({ target }) => change({ failure: target.value === "cut" ? "cut" : "withhold" })}
        >
          <option value="withhold">Do not store</option>
          <option value="cut">Store the scanned part</option>
        </Select>
      )}
    </Field>
    <Field label="Images, audio and files" help="Detectors cannot read media.">
      {(field) => (
        <Select
          {...field}
          value={values.media}
          onChange={({ target }) => change({ media: target.value === "store" ? "store" : "withhold" })}
        >
          <option value="withhold">Do not store</option>
          <option value="store">Store as sent</option>
        </Select>
      )}
    </Field>
  </div>
);
