import { useNavigate } from "@tanstack/react-router";
import { ProbeInput } from "@treadle/contract";
import type { FormEvent } from "react";
import { useSettled } from "../../../components/browser/use-settled.ts";
import {
  Estimated,
  EstimateNumbers,
  EstimatePanel,
  StartButton,
} from "../../../components/feedback/estimate-panel.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { RunForm } from "../../../components/form/run-form.tsx";
import { formatCount, formatMoney } from "../../../components/text/format.ts";
import { PinnedPrompts } from "./pinned-prompts.tsx";
import { BudgetFields, ModelFields } from "./probe-fields.tsx";
import { type ProbeBody, type ProbeEstimate, useCreateProbe, useProbeEstimate } from "./use-probes.ts";

/** Which model is watched, and what it may cost. */
export function ProbeForm() {
  const { form, submit } = useProbeForm();
  const { values, errors, set, check } = form;
  const parsed = ProbeInput.safeParse({ ...values, name: values.name || "probe" });
  const estimate = useProbeEstimate(useSettled(parsed.success ? toBody(parsed.data) : undefined, 400));
  const parts = { values, errors, onChange: set, check };
  return (
    <RunForm
      onSubmit={submit}
      panel={
        <EstimatePanel title="Estimate">
          <Estimated
            estimate={estimate}
            missing={parsed.success ? undefined : "Choose a model to see the number of calls and their cost."}
          >
            {(data) => <EstimateWords estimate={data} />}
          </Estimated>
          <StartButton label="Create probe" failure={form.failure} isBusy={form.isBusy} />
        </EstimatePanel>
      }
    >
      <ModelFields {...parts} />
      <PinnedPrompts {...parts} />
      <BudgetFields {...parts} />
    </RunForm>
  );
}

const toBody = (input: ReturnType<typeof ProbeInput.parse>): ProbeBody => input;

function useProbeForm() {
  const create = useCreateProbe();
  const navigate = useNavigate();
  const form = useFormState({ schema: ProbeInput, initial: DEFAULTS, draft: "new-probe" });
  async function submit(event: FormEvent) {
    event.preventDefault();
    const isSaved = await form.submit(async (body) => {
      const { probeId } = await create.mutateAsync(body);
      await navigate({ to: "/probes/$probeId", params: { probeId } });
    });
    if (isSaved) toastDone("Started the set-up");
  }
  return { form, submit: (event: FormEvent) => void submit(event) };
}

const EstimateWords = ({ estimate }: { estimate: ProbeEstimate }) => (
  <EstimateNumbers
    facts={[
      ["Set-up", `${formatCount(estimate.setUpCalls)} calls · ${costOf(estimate.setUpUsd)}`],
      ["Per day", `${formatCount(estimate.dailyCalls)} calls · ${costOf(estimate.dailyUsd)}`],
      ["Second test", `${formatCount(estimate.confirmationCalls)} calls · ${costOf(estimate.confirmationUsd)}`],
    ]}
    warnings={estimate.notices}
    basis="The second test is only made after a suspicion. Measured costs replace the estimate after the first run."
  />
);

const costOf = (usd: number | null) => (usd === null ? "unknown" : formatMoney(usd));

/** What the contract fills in, shown in the form. */
const DEFAULTS = {
  name: "",
  model: "",
  region: "",
  pinnedPrompts: [] as string[],
  setUpBudgetUsd: 5,
  dailyBudgetUsd: 1,
  experimentId: null,
  severity: "warning",
} as const satisfies Partial<ProbeBody>;
