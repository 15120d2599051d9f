import { Field, Select } from "../../../../components/form/field.tsx";
import type { Scope } from "../shared/use-guards.ts";
import { useEndpointNames, useKeyNames } from "../shared/use-names.ts";
import type { PolicyForm } from "./use-policy-form.ts";

/** The calls that the policy applies to. */
export function ScopeFields({ form }: { form: PolicyForm }) {
  const { appliesTo } = form.draft;
  const change = (next: Partial<Scope>) => form.change({ appliesTo: { ...appliesTo, ...next } });
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-2 text-sm font-medium">Applies to</legend>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-4 max-sm:grid-cols-1">
        <EndpointField scope={appliesTo} change={change} error={form.errorAt("appliesTo.endpointId")} />
        <VariantField scope={appliesTo} change={change} error={form.errorAt("appliesTo.variant")} />
        <KeyField scope={appliesTo} change={change} error={form.errorAt("appliesTo")} />
      </div>
      <p className="text-xs text-muted">
        A call has at most one policy. A policy with a key comes first, then one with a variant, then one with an
        endpoint.
      </p>
    </fieldset>
  );
}

type FieldProps = { scope: Scope; change: (next: Partial<Scope>) => void; error: string | undefined };

function EndpointField({ scope: { endpointId }, change, error }: FieldProps) {
  const endpoints = useEndpointNames();
  const options = (endpoints.data ?? []).map((one) => ({ value: one.endpointId, name: one.name }));
  return (
    <Choice
      label="Endpoint"
      all="Every endpoint and model"
      gone={endpoints.isSuccess ? "Deleted endpoint" : "Endpoint"}
      value={endpointId}
      options={options}
      onChange={(next) => change({ endpointId: next, variant: null })}
      error={error}
    />
  );
}

function VariantField({ scope: { endpointId, variant }, change, error }: FieldProps) {
  const endpoints = useEndpointNames();
  const endpoint = endpoints.data?.find((one) => one.endpointId === endpointId);
  return (
    <Choice
      label="Variant"
      all={endpointId === null ? "Choose an endpoint first" : "Every variant"}
      gone={endpoints.isSuccess ? "Deleted variant" : "Variant"}
      value={variant}
      isDisabled={endpointId === null}
      options={(endpoint?.variants ?? []).map((name) => ({ value: name, name }))}
      onChange={(next) => change({ variant: next })}
      error={error}
    />
  );
}

function KeyField({ scope: { keyId }, change, error }: FieldProps) {
  const keys = useKeyNames();
  return (
    <Choice
      label="API key"
      all="Every caller"
      gone={keys.isSuccess ? "Revoked key" : "Key"}
      value={keyId}
      options={(keys.data ?? []).map((key) => ({ value: key.apiKeyId, name: `${key.name} (${key.hint})` }))}
      onChange={(next) => change({ keyId: next })}
      error={error}
    />
  );
}

type ChoiceProps = {
  label: string;
  /** The words for no choice. */
  all: string;
  /** What a value is that is not among the options. */
  gone: string;
  value: string | null;
  options: readonly { readonly value: string; readonly name: string }[];
  isDisabled?: boolean;
  onChange: (value: string | null) => void;
  error: string | undefined;
};

function Choice({ label, all, gone, value, options, isDisabled = false, onChange, error }: ChoiceProps) {
  const isKnown = value === null || options.some((option) => option.value === value);
  return (
    <Field label={label} error={error}>
      {(field) => (
        <Select
          {...field}
          disabled={isDisabled}
          value={value ?? ""}
          onChange={({ target }) => onChange(target.value || null)}
        >
          <option value="">{all}</option>
          {!isKnown && (
            <option value={value}>
              {gone} {value}
            </option>
          )}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
