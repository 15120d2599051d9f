import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, NumberInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useEndpointChoices } from "../../system/choices/index.ts";
import { ChoicesField } from "./choices-field.tsx";
import { MetricFields, type MetricValues } from "./metric-fields.tsx";
import { OffPolicyResult } from "./off-policy-result.tsx";
import { type OffPolicyBody, useOffPolicy } from "./use-replays.ts";

type Values = MetricValues & { readonly endpointId: string; readonly variant: string; readonly days: string };
type FieldsProps = { values: Values; onChange: (next: Partial<Values>) => void };

const DAY_MS = 86_400_000;

/** What all traffic to one variant would have earned, from the logged probabilities. */
export function OffPolicyPanel({ endpointId = "" }: { endpointId: string | undefined }) {
  const [draft, setDraft] = useState<Values>({ endpointId, variant: "", kind: "error", score: "", days: "7" });
  const values = useChosen(draft);
  const estimate = useOffPolicy();
  if (values.endpointId === "") return null;
  function submit(event: FormEvent) {
    event.preventDefault();
    estimate.mutate(bodyOf(values));
  }
  return (
    <Section
      title="Estimate from logged traffic"
      description="What all traffic to one variant would have earned. It uses the logged probability of each variant and calls no model."
    >
      <form aria-label="Estimate from logged traffic" onSubmit={submit} className="flex flex-col gap-4 px-4 pb-4">
        <div className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] items-end gap-4">
          <Fields values={values} onChange={(next) => setDraft((old) => ({ ...old, ...next }))} />
          <Button type="submit" isBusy={estimate.isPending} className="justify-self-start">
            Estimate
          </Button>
        </div>
        <Failure text={estimate.error ? explain(estimate.error) : undefined} />
        {estimate.data && <OffPolicyResult result={estimate.data} metric={estimate.variables.metric.kind} />}
      </form>
    </Section>
  );
}

/** The values with the first endpoint and variant where none is chosen. The endpoint is empty if the project has none. */
function useChosen(draft: Values): Values {
  const endpoints = useEndpointChoices().data ?? [];
  const endpoint = endpoints.find((one) => one.endpointId === draft.endpointId) ?? endpoints[0];
  const variant = endpoint?.variants.find(({ name }) => name === draft.variant) ?? endpoint?.variants[0];
  return { ...draft, endpointId: endpoint?.endpointId ?? "", variant: variant?.name ?? "" };
}

function Fields({ values, onChange }: FieldsProps) {
  const endpoints = useEndpointChoices().data ?? [];
  const endpoint = endpoints.find((one) => one.endpointId === values.endpointId);
  return (
    <>
      <ChoicesField
        label="Endpoint"
        value={values.endpointId}
        choices={endpoints.map((one) => [one.endpointId, one.name])}
        onChange={(endpointId) => onChange({ endpointId, variant: "" })}
      />
      <ChoicesField
        label="Variant"
        value={values.variant}
        choices={(endpoint?.variants ?? []).map(({ name }) => [name, name])}
        onChange={(variant) => onChange({ variant })}
      />
      <MetricFields values={values} onChange={onChange} />
      <DaysField values={values} onChange={onChange} />
    </>
  );
}

const DaysField = ({ values, onChange }: FieldsProps) => (
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
);

function bodyOf({ endpointId, variant, kind, score, days }: Values): OffPolicyBody {
  const from = new Date(Date.now() - Number(days) * DAY_MS).toISOString();
  const metric = kind === "score" ? { kind, name: score.trim() } : { kind };
  return { endpointId, policy: { [variant]: 1 }, metric, from };
}
