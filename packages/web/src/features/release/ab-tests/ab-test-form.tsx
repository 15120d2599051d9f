import { Link, useNavigate } from "@tanstack/react-router";
import { AbTestInput } from "@treadle/contract";
import { Route } from "lucide-react";
import type { FormEvent } from "react";
import { Failure } from "../../../components/feedback/failure.tsx";
import { EmptyState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Section } from "../../../components/layout/page.tsx";
import { armsOf, BEGUN, type EndpointChoice, fieldsOf } from "./ab-test-draft.ts";
import { AllocationFields } from "./allocation-fields.tsx";
import { ArmsField } from "./arms-field.tsx";
import { EndpointFields, type FieldProps, LimitFields } from "./endpoint-fields.tsx";
import { MetricsField } from "./metrics-field.tsx";
import { type AbTest, useSaveTest } from "./use-ab-tests.ts";

type Props = {
  endpoints: readonly EndpointChoice[];
  /** The endpoint that the form begins with. */
  endpointId: string | undefined;
  /** The draft that is edited. */
  draft: AbTest | undefined;
};

/** The whole test on one page. */
export function AbTestForm({ endpoints, endpointId, draft }: Props) {
  const chosen = endpoints.find((one) => one.endpointId === endpointId);
  const initial = chosen ?? endpoints.find(({ variants }) => variants.length > 1) ?? endpoints[0];
  if (!initial)
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
        An A/B test needs an endpoint with at least two variants.
      </EmptyState>
    );
  return <Form endpoints={endpoints} initial={initial} draft={draft} />;
}

type FormProps = Pick<Props, "endpoints" | "draft"> & { initial: EndpointChoice };

function Form({ endpoints, initial, draft }: FormProps) {
  const { form, submit } = useTestForm(initial, draft);
  const { values, errors, set } = form;
  const endpoint = endpoints.find((one) => one.endpointId === values.endpointId);
  return (
    <form onSubmit={submit} noValidate className="flex max-w-4xl flex-col gap-4 px-6 pb-8 max-md:px-4">
      <Section title="Endpoint">
        <EndpointFields
          endpoints={endpoints}
          values={values}
          errors={errors}
          onChange={set}
          isEndpointFixed={draft !== undefined}
        />
      </Section>
      <ComparedSection variants={endpoint?.variants ?? []} values={values} errors={errors} onChange={set} />
      <Section title="Shares">
        <AllocationFields values={values} errors={errors} onChange={set} />
      </Section>
      <Section title="Precision">
        <LimitFields values={values} errors={errors} onChange={set} />
      </Section>
      <Failure text={form.failure} />
      <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
        Save draft
      </Button>
    </form>
  );
}

type ComparedProps = FieldProps & Pick<EndpointChoice, "variants">;

const ComparedSection = ({ variants, values, errors, onChange }: ComparedProps) => (
  <Section title="Variants and metrics">
    <div className="flex flex-col gap-5 px-4 pb-4">
      <ArmsField variants={variants} values={values} errors={errors} onChange={onChange} />
      <MetricsField
        metrics={values.metrics ?? []}
        error={errors.metrics}
        onChange={(metrics) => onChange({ metrics })}
      />
    </div>
  </Section>
);

/** The state of the form. `submit` saves the draft and opens its page. */
function useTestForm(initial: EndpointChoice, draft: AbTest | undefined) {
  const save = useSaveTest(draft?.abTestId);
  const navigate = useNavigate();
  const form = useFormState({
    schema: AbTestInput,
    initial: draft ? fieldsOf(draft) : { name: "", endpointId: initial.endpointId, ...armsOf(initial), ...BEGUN },
  });
  async function submit(event: FormEvent) {
    event.preventDefault();
    const isSaved = await form.submit(async (body) => {
      const { abTestId } = await save.mutateAsync(body);
      await navigate({ to: "/ab-tests/$abTestId", params: { abTestId } });
    });
    if (isSaved) toastDone("Saved the draft");
  }
  return { form, submit: (event: FormEvent) => void submit(event) };
}
