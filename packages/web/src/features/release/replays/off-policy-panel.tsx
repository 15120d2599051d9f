import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useEndpointChoices } from "../../system/choices/index.ts";
import { OffPolicyResult } from "./off-policy-result.tsx";
import { type OffPolicyBody, useOffPolicy } from "./use-replays.ts";

type Kind = OffPolicyBody["metric"]["kind"];
type Values = { endpointId: string; variant: string; kind: Kind; score: string; days: string };

const METRICS: Readonly<Record<Kind, string>> = {
  score: "Score",
  error: "Error rate",
  cost: "Cost per call",
  latency: "Latency",
};
const DAY_MS = 86_400_000;

/** What all traffic to one variant would have earned, from the logged probabilities. */
export function OffPolicyPanel({ endpointId = "" }: { endpointId: string | undefined }) {
  const [values, setValues] = useState<Values>({ endpointId, variant: "", kind: "error", score: "", days: "7" });
  const endpoints = useEndpointChoices();
  const estimate = useOffPolicy();
  const choices = endpoints.data ?? [];
  const endpoint = choices.find((one) => one.endpointId === values.endpointId) ?? choices[0];
  const variant = endpoint?.variants.find(({ name }) => name === values.variant) ?? endpoint?.variants[0];
  const change = (next: Partial<Values>) => setValues((old) => ({ ...old, ...next }));
  function submit(event: FormEvent) {
    event.preventDefault();
    if (endpoint && variant) estimate.mutate(bodyOf(values, endpoint.endpointId, variant.name));
  }
  if (choices.length === 0) return null;
  return (
    <Section
      title="Estimate from logged traffic"
      description="What all traffic to one variant would have earned. It uses the logged probability of each variant and calls no model."
    >
      <form aria-label="Estimate from logged traffic" onSubmit={submit} className="flex flex-col gap-4 px-4 pb-4">
        <div className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] items-end gap-4">
          <Choices label="Endpoint" value={endpoint?.endpointId} onChange={(next) => change({ endpointId: next })}>
            {choices.map((one) => [one.endpointId, one.name])}
          </Choices>
          <Choices label="Variant" value={variant?.name} onChange={(next) => change({ variant: next })}>
            {(endpoint?.variants ?? []).map(({ name }) => [name, name])}
          </Choices>
          <MetricFields values={values} onChange={change} />
          <Button type="submit" isBusy={estimate.isPending} className="self-end">
            Estimate
          </Button>
        </div>
        <Failure text={estimate.error ? explain(estimate.error) : undefined} />
        {estimate.data && !estimate.error && (
          <OffPolicyResult result={estimate.data} metric={estimate.variables.metric.kind} />
        )}
      </form>
    </Section>
  );
}

type FieldsProps = { values: Values; onChange: (next: Partial<Values>) => void };

const MetricFields = ({ values, onChange }: FieldsProps) => (
  <>
    <Choices label="Metric" value={values.kind} onChange={(next) => onChange({ kind: next as Kind })}>
      {Object.entries(METRICS)}
    </Choices>
    {values.kind === "score" && (
      <Field label="Score name">
        {(field) => (
          <TextInput
            {...field}
            required
            value={values.score}
            placeholder="helpful"
            onChange={({ target }) => onChange({ score: target.value })}
          />
        )}
      </Field>
    )}
    <Field label="Days">
      {(field) => (
        <NumberInput
          {...field}
          required
          min={1}
          max={365}
          value={values.days}
          onChange={({ target }) => onChange({ days: target.value })}
        />
      )}
    </Field>
  </>
);

type ChoicesProps = {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
  children: readonly (readonly [value: string, label: string])[];
};

const Choices = ({ label, value, onChange, children }: ChoicesProps) => (
  <Field label={label}>
    {(field) => (
      <Select {...field} value={value ?? ""} onChange={({ target }) => onChange(target.value)}>
        {children.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

function bodyOf({ kind, score, days }: Values, endpointId: string, variant: string): OffPolicyBody {
  const from = new Date(Date.now() - Number(days) * DAY_MS).toISOString();
  const metric = kind === "score" ? { kind, name: score.trim() } : { kind };
  return { endpointId, policy: { [variant]: 1 }, metric, from };
}
