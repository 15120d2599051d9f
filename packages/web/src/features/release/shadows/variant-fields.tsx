import { Checkbox, Field, NumberInput, Select } from "../../../components/form/field.tsx";
import type { EndpointChoice, ShadowBody } from "./use-shadows.ts";

export type FieldsProps = {
  values: Partial<ShadowBody>;
  errors: Readonly<Record<string, string>>;
  onChange: (next: Partial<ShadowBody>) => void;
};
type Props = FieldsProps & { endpoints: readonly EndpointChoice[] };

/** The endpoint, the candidate, and which of its requests are mirrored. */
export function VariantFields({ endpoints, values, errors, onChange }: Props) {
  const variants = endpoints.find(({ endpointId }) => endpointId === values.endpointId)?.variants ?? [];
  return (
    <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
      <EndpointField endpoints={endpoints} values={values} errors={errors} onChange={onChange} />
      <CandidateField variants={variants} values={values} errors={errors} onChange={onChange} />
      <ShareField values={values} errors={errors} onChange={onChange} />
      <SampleField values={values} errors={errors} onChange={onChange} />
    </div>
  );
}

const EndpointField = ({ endpoints, values, errors, onChange }: Props) => (
  <Field label="Endpoint" error={errors.endpointId}>
    {(field) => (
      <Select
        {...field}
        value={values.endpointId ?? ""}
        onChange={({ target }) => onChange({ endpointId: target.value, candidate: "" })}
      >
        {endpoints.map(({ endpointId, name }) => (
          <option key={endpointId} value={endpointId}>
            {name}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

const CandidateField = ({ variants, values, errors, onChange }: FieldsProps & Pick<EndpointChoice, "variants">) => (
  <Field
    label="Candidate"
    help="The variant that gets the copies. Its weight is usually 0."
    error={errors.candidate && "Choose the candidate."}
  >
    {(field) => (
      <Select
        {...field}
        required
        value={values.candidate ?? ""}
        onChange={({ target }) => onChange({ candidate: target.value })}
      >
        <option value="">Choose a variant</option>
        {variants.map(({ name, model, weight }) => (
          <option key={name} value={name}>
            {name} ({model}
            {weight > 0 ? ", has traffic" : ""})
          </option>
        ))}
      </Select>
    )}
  </Field>
);

const ShareField = ({ values, errors, onChange }: FieldsProps) => (
  <Field label="Share (%)" help="How much of the traffic is mirrored." error={errors.share}>
    {(field) => (
      <NumberInput
        {...field}
        required
        min={0}
        max={100}
        value={values.share === undefined ? "" : Number((values.share * 100).toPrecision(6))}
        onChange={({ target: { valueAsNumber } }) =>
          onChange({ share: Number.isNaN(valueAsNumber) ? undefined : valueAsNumber / 100 })
        }
      />
    )}
  </Field>
);

const SampleField = ({ values, onChange }: FieldsProps) => (
  <Field label="Sample by" help="By unit, all requests of a chosen user, session or conversation are mirrored.">
    {(field) => (
      <Select
        {...field}
        value={values.sampleBy ?? "request"}
        onChange={({ target }) => onChange({ sampleBy: target.value === "unit" ? "unit" : "request" })}
      >
        <option value="request">Request</option>
        <option value="unit">Unit of the endpoint</option>
      </Select>
    )}
  </Field>
);

/** What of a request may leave, and which requests. */
export const PrivacyFields = ({ values, errors, onChange }: FieldsProps) => (
  <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
    <Field
      label="Personal data"
      help="E-mail addresses, telephone and card numbers, and other data of a known form."
      error={errors.personalData}
    >
      {(field) => (
        <Select
          {...field}
          value={values.personalData ?? "redact"}
          onChange={({ target }) => onChange({ personalData: MODES.find((mode) => mode === target.value) })}
        >
          <option value="redact">Replace by placeholders</option>
          <option value="skip">Skip the request</option>
          <option value="send">Send unchanged</option>
        </Select>
      )}
    </Field>
    <Checkbox
      label="Mirror failed requests too"
      checked={values.mirrorsFailures ?? false}
      onChange={({ target }) => onChange({ mirrorsFailures: target.checked })}
      className="self-center"
    />
  </div>
);

const MODES = ["redact", "skip", "send"] as const;
