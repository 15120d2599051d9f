import { useNavigate } from "@tanstack/react-router";
import { ShadowInput } from "@treadle/contract";
import type { FormEvent } from "react";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Section } from "../../../components/layout/page.tsx";
import { CapFields } from "./cap-fields.tsx";
import { type EndpointChoice, useCreateShadow } from "./use-shadows.ts";
import { PrivacyFields, VariantFields } from "./variant-fields.tsx";

type Props = { endpoints: readonly EndpointChoice[]; endpointId: string | undefined };

/** What is mirrored, and how much of it. */
export function ShadowForm({ endpoints, endpointId }: Props) {
  const { form, submit } = useShadowForm(endpoints, endpointId);
  const { values, errors, set } = form;
  return (
    <form onSubmit={submit} noValidate className="flex max-w-4xl flex-col gap-4 px-6 pb-8 max-md:px-4">
      <Section title="Candidate and sample">
        <VariantFields endpoints={endpoints} values={values} errors={errors} onChange={set} />
      </Section>
      <Section title="Limits" description="A request that does not fit is dropped and counted. It never waits longer.">
        <CapFields values={values} errors={errors} onChange={set} />
      </Section>
      <Section title="Privacy" description="Another provider is another processor of personal data.">
        <PrivacyFields values={values} errors={errors} onChange={set} />
      </Section>
      <Failure text={form.failure} />
      <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
        Start shadow
      </Button>
    </form>
  );
}

function useShadowForm(endpoints: Props["endpoints"], endpointId: string | undefined) {
  const create = useCreateShadow();
  const navigate = useNavigate();
  const chosen =
    endpoints.find((one) => one.endpointId === endpointId) ??
    endpoints.find(({ variants }) => candidateOf(variants) !== "") ??
    endpoints[0];
  const form = useFormState({
    schema: ShadowInput,
    initial: {
      ...DEFAULTS,
      endpointId: chosen?.endpointId ?? "",
      candidate: candidateOf(chosen?.variants ?? []),
    },
  });
  async function submit(event: FormEvent) {
    event.preventDefault();
    const isSaved = await form.submit(async (body) => {
      const { shadowId } = await create.mutateAsync(body);
      await navigate({ to: "/shadows/$shadowId", params: { shadowId } });
    });
    if (isSaved) toastDone("Started the shadow");
  }
  return { form, submit: (event: FormEvent) => void submit(event) };
}

/** The first variant without traffic; empty for none. */
export const candidateOf = (variants: EndpointChoice["variants"]): string =>
  variants.find(({ weight }) => weight === 0)?.name ?? "";

/** What the contract fills in, shown in the form. */
const DEFAULTS = {
  share: 0.1,
  sampleBy: "request",
  concurrency: 2,
  queueLength: 100,
  maxBytes: 100_000,
  timeoutSeconds: 120,
  requestsPerDay: 1_000,
  budgetUsdPerDay: 5,
  maxPairs: 2_000,
  personalData: "redact",
  mirrorsFailures: false,
} as const;
