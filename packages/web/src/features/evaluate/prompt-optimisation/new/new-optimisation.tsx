import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { EstimatePanel, StartButton } from "../../../../components/feedback/estimate-panel.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { RunDenied, RunForm } from "../../../../components/form/run-form.tsx";
import { useRunStart } from "../../../../components/form/use-run-start.ts";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import { DatasetFields, PromptFields, ScorerFields } from "../../experiments/index.ts";
import { useEstimate, useOptimisationChanges } from "../shared/use-optimisations.ts";
import { BudgetFields } from "./budget-fields.tsx";
import { OptimisationEstimate } from "./estimate-panel.tsx";
import { MethodFields } from "./method-fields.tsx";
import { ModelField } from "./model-field.tsx";
import { BEGUN, type Draft, type FormProps, readDraft } from "./optimisation-draft.ts";
import { PartsFields } from "./parts-fields.tsx";

const route = getRouteApi("/shell/optimisations/new");

/** The form of a new optimisation. The draft stays in this browser until it starts. */
export function NewOptimisation() {
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<Draft>(`optimisation-draft.${id}`, BEGUN);
  const { start } = useOptimisationChanges();
  const change = (next: Partial<Draft>) => save({ ...draft, ...next });
  usePrefill(draft, save);
  const { input, problems } = readDraft(draft);
  const estimate = useEstimate(useSettled(input, 600));
  const run = useRunStart({
    input,
    start,
    onStarted({ optimisationId }) {
      save({ ...BEGUN, datasetId: draft.datasetId, version: draft.version, scorers: draft.scorers });
      return navigate({ to: "/optimisations/$optimisationId", params: { optimisationId } });
    },
  });
  const back = <BackLink to="/optimisations" label="Optimisations" />;
  if (!can("experiments:write"))
    return <RunDenied title="New optimisation" back={back} denied="You cannot start optimisations" />;
  const parts: FormProps = { draft, change, problems: run.isTried ? problems : {} };
  return (
    <>
      <PageHeader
        title="New optimisation"
        back={back}
        description="The draft stays in this browser until you start the optimisation."
        action={
          <Button onClick={() => save(BEGUN)} disabled={draft === BEGUN}>
            Reset
          </Button>
        }
      />
      <RunForm
        onSubmit={run.onSubmit}
        panel={
          <EstimatePanel title="Maximum cost">
            <OptimisationEstimate estimate={estimate} isWhole={input !== undefined} problems={problems} />
            <StartButton label="Start optimisation" {...run.button} />
          </EstimatePanel>
        }
      >
        <PromptSection {...parts} />
        <DatasetFields {...parts} />
        <PartsFields {...parts} />
        <ScorerFields {...parts} none="Add a scorer. The optimisation improves the first one." />
        <MethodFields {...parts} />
        <BudgetFields {...parts} />
      </RunForm>
    </>
  );
}

const PromptSection = ({ draft, change, problems }: FormProps) => (
  <Section
    title="Prompt"
    description="The prompt to improve. Only the texts of system, developer and user messages change."
  >
    <div className="flex flex-col gap-4 px-4 pb-4">
      <PromptFields chosen={draft} set={change} error={problems.prompt} />
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <ModelField
          label="Answering model"
          help="Leave empty to use the prompt's model"
          value={draft.model}
          error={problems.model}
          onChange={(model) => change({ model })}
        />
        <Field label="Name" isOptional error={problems.name}>
          {(field) => (
            <TextInput
              {...field}
              maxLength={120}
              placeholder={draft.promptName ? `Optimise ${draft.promptName}` : "named after the prompt"}
              value={draft.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
      </div>
    </div>
  </Section>
);

/** The prompt from the address. */
function usePrefill(draft: Draft, save: (draft: Draft) => void) {
  const { prompt, version } = route.useSearch();
  const [taken, setTaken] = useState(false);
  useEffect(() => {
    if (taken) return;
    setTaken(true);
    if (prompt) save({ ...draft, promptName: prompt, promptVersion: version ?? "latest" });
  }, [taken, prompt, version, draft, save]);
}
