import { Link, useNavigate } from "@tanstack/react-router";
import { RolloutInput } from "@treadle/contract";
import { Route } from "lucide-react";
import type { FormEvent } from "react";
import { useSettled } from "../../../components/browser/use-settled.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { EmptyState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { RunForm } from "../../../components/form/run-form.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { ArmFields } from "./arm-fields.tsx";
import { EstimateSection } from "./estimate-section.tsx";
import { GuardrailsField } from "./guardrails-field.tsx";
import { LimitFields } from "./limit-fields.tsx";
import { MonitorsField } from "./monitors-field.tsx";
import { armsOf, BEGUN, type EndpointChoice, fieldsOf } from "./rollout-draft.ts";
import { StagesField } from "./stages-field.tsx";
import { type Rollout, type RolloutBody, useEstimate, useSaveDraft } from "./use-rollouts.ts";

type Props = {
  endpoints: readonly EndpointChoice[];
  /** The endpoint that the form begins with. */
  endpointId: string | undefined;
  /** The candidate that the form begins with. */
  candidate: string | undefined;
  /** The draft that is edited. */
  draft: Rollout | undefined;
};

/** The whole rollout on one page, with what it can find out next to it. */
export function RolloutForm({ endpoints, endpointId, candidate, draft }: Props) {
  const [first] = endpoints;
  if (!first)
    return (
      <EmptyState
        title="No endpoints yet"
        icon={<Route size={22} />}
        action={
          <Link to="/endpoints" className={buttonLook("primary")}>
            Go to endpoints
          </Link>
        }
      >
        A rollout needs an endpoint with two variants. One of them has the weight 0.
      </EmptyState>
    );
  const chosen = endpoints.find((one) => one.endpointId === endpointId);
  const initial = chosen ?? endpoints.find(({ variants }) => armsOf({ variants }).candidate !== "") ?? first;
  return <Form endpoints={endpoints} initial={initial} candidate={candidate} draft={draft} />;
}

type FormProps = Pick<Props, "endpoints" | "candidate" | "draft"> & { initial: EndpointChoice };

function Form({ endpoints, initial, candidate, draft }: FormProps) {
  const arms = { ...armsOf(initial), ...(candidate && { candidate }) };
  const { form, submit } = useRolloutForm({ endpointId: initial.endpointId, ...arms }, draft);
  const { values, errors, set } = form;
  const complete = RolloutInput.safeParse(useSettled(values, 500));
  const estimate = useEstimate(complete.data);
  return (
    <RunForm onSubmit={submit} panel={<EstimateSection estimate={estimate} isComplete={complete.success} />}>
      <Section title="Variants">
        <ArmFields
          endpoints={endpoints}
          values={values}
          errors={errors}
          onChange={set}
          isEndpointFixed={draft !== undefined}
        />
      </Section>
      <TrafficSection values={values} errors={errors} onChange={set} />
      <Section title="Limits">
        <LimitFields values={values} errors={errors} onChange={set} />
      </Section>
      <Failure text={form.failure} />
      <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
        Save draft
      </Button>
    </RunForm>
  );
}

/** The state of the form. `submit` saves the draft and opens its page. */
function useRolloutForm(
  initial: Pick<RolloutBody, "endpointId" | "candidate" | "control">,
  draft: Rollout | undefined,
) {
  const save = useSaveDraft(draft?.rolloutId);
  const navigate = useNavigate();
  const form = useFormState({
    schema: RolloutInput,
    initial: draft ? fieldsOf(draft) : { ...initial, ...BEGUN },
  });
  async function submit(event: FormEvent) {
    event.preventDefault();
    const isSaved = await form.submit(async (body) => {
      const { rolloutId } = await save.mutateAsync(body);
      await navigate({ to: "/rollouts/$rolloutId", params: { rolloutId } });
    });
    if (isSaved) toastDone("Saved the draft");
  }
  return { form, submit: (event: FormEvent) => void submit(event) };
}

type TrafficProps = {
  values: Partial<RolloutBody>;
  errors: Readonly<Record<string, string>>;
  onChange: (next: Partial<RolloutBody>) => void;
};

const TrafficSection = ({ values, errors, onChange }: TrafficProps) => (
  <Section title="Traffic and guardrails">
    <div className="flex flex-col gap-5 px-4 pb-4">
      <StagesField stages={values.stages ?? []} error={errors.stages} onChange={(stages) => onChange({ stages })} />
      <GuardrailsField
        guardrails={values.guardrails ?? []}
        error={errors.guardrails}
        onChange={(guardrails) => onChange({ guardrails })}
      />
      <MonitorsField
        monitors={values.monitors ?? []}
        error={errors.monitors}
        onChange={(monitors) => onChange({ monitors })}
      />
    </div>
  </Section>
);
