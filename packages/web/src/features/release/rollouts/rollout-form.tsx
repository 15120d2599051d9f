import { Link, useNavigate } from "@tanstack/react-router";
import { RolloutInput } from "@treadle/contract";
import { Route } from "lucide-react";
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
import { armsOf, BEGUN, type EndpointChoice, fieldsOf } from "./rollout-draft.ts";
import { StagesField } from "./stages-field.tsx";
import { type Rollout, useEstimate, useSaveDraft } from "./use-rollouts.ts";

type Props = {
  endpoints: readonly EndpointChoice[];
  /** The endpoint that the form begins with. */
  endpointId: string | undefined;
  /** The draft that is edited. */
  draft: Rollout | undefined;
};

/** The whole rollout on one page, with what it can find out next to it. */
export function RolloutForm({ endpoints, endpointId, draft }: Props) {
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
  return <Form endpoints={endpoints} initial={initial} draft={draft} />;
}

function Form({ endpoints, initial, draft }: Pick<Props, "endpoints" | "draft"> & { initial: EndpointChoice }) {
  const save = useSaveDraft(draft?.rolloutId);
  const navigate = useNavigate();
  const form = useFormState({
    schema: RolloutInput,
    initial: draft ? fieldsOf(draft) : { endpointId: initial.endpointId, ...armsOf(initial), ...BEGUN },
  });
  const { values, errors } = form;
  const complete = RolloutInput.safeParse(useSettled(values, 500));
  const estimate = useEstimate(complete.data);
  async function submit() {
    const isSaved = await form.submit(async (body) => {
      const { rolloutId } = await save.mutateAsync(body);
      await navigate({ to: "/rollouts/$rolloutId", params: { rolloutId } });
    });
    if (isSaved) toastDone("Saved the draft");
  }
  return (
    <RunForm
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      panel={<EstimateSection estimate={estimate} isComplete={complete.success} />}
    >
      <Section title="Variants">
        <ArmFields
          endpoints={endpoints}
          values={values}
          errors={errors}
          onChange={(next) => form.set(next)}
          isEndpointFixed={draft !== undefined}
        />
      </Section>
      <Section title="Traffic and guardrails">
        <div className="flex flex-col gap-5 px-4 pb-4">
          <StagesField stages={values.stages ?? []} error={errors.stages} onChange={(stages) => form.set({ stages })} />
          <GuardrailsField
            guardrails={values.guardrails ?? []}
            error={errors.guardrails}
            onChange={(guardrails) => form.set({ guardrails })}
          />
        </div>
      </Section>
      <Section title="Limits">
        <LimitFields values={values} errors={errors} onChange={(next) => form.set(next)} />
      </Section>
      <Failure text={form.failure} />
      <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
        Save draft
      </Button>
    </RunForm>
  );
}
