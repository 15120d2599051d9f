import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { BackLink, PageHeader, Section } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useStored } from "../../components/stored-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { useSettled } from "../../components/use-settled.ts";
import { DatasetFields, PromptFields, ScorerFields } from "../experiments/index.ts";
import { useProject } from "../session/index.ts";
import { BudgetFields } from "./budget-fields.tsx";
import { EstimatePanel } from "./estimate-panel.tsx";
import { MethodFields } from "./method-fields.tsx";
import { ModelField } from "./model-field.tsx";
import { BEGUN, type Draft, type FormProps, readDraft } from "./optimisation-draft.ts";
import { PartsFields } from "./parts-fields.tsx";
import { useEstimate, useOptimisationChanges } from "./use-optimisations.ts";

const route = getRouteApi("/shell/optimisations/new");

/** Which prompt is to become better, by what, and what that may take. Kept in this browser until it is started. */
export function NewOptimisation() {
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<Draft>(`optimisation-draft.${id}`, BEGUN);
  const [isTried, setIsTried] = useState(false);
  const { start } = useOptimisationChanges();
  const change = (next: Partial<Draft>) => save({ ...draft, ...next });
  usePrefill(draft, save);
  const { input, problems } = readDraft(draft);
  const estimate = useEstimate(useSettled(input, 600));
  async function begin() {
    setIsTried(true);
    if (!input) return;
    const { optimisationId, name } = await start.mutateAsync(input);
    save({ ...BEGUN, datasetId: draft.datasetId, version: draft.version, scorers: draft.scorers });
    toastDone(`Started ${name}`);
    await navigate({ to: "/optimisations/$optimisationId", params: { optimisationId } });
  }
  const back = <BackLink to="/optimisations" label="Optimisations" />;
  if (!can("experiments:write"))
    return (
      <>
        <PageHeader title="New optimisation" back={back} />
        <EmptyState title="You may not start optimisations">
          Ask an owner of the project for a role that may.
        </EmptyState>
      </>
    );
  const parts: FormProps = { draft, change, problems: isTried ? problems : {} };
  return (
    <>
      <PageHeader
        title="New optimisation"
        back={back}
        description="What is written here stays in this browser until it is started."
        action={
          <Button onClick={() => save(BEGUN)} disabled={draft === BEGUN}>
            Start over
          </Button>
        }
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // A refusal is shown beside the button.
          void begin().catch(() => undefined);
        }}
        className="grid grid-cols-[minmax(0,1fr)_20rem] items-start gap-4 px-6 pb-8 max-lg:grid-cols-1 max-md:px-4"
      >
        <div className="flex min-w-0 flex-col gap-4">
          <PromptSection {...parts} />
          <DatasetFields {...parts} />
          <PartsFields {...parts} />
          <ScorerFields {...parts} none="Add what says how good an answer is: the first scorer is made better." />
          <MethodFields {...parts} />
          <BudgetFields {...parts} />
        </div>
        <EstimatePanel estimate={estimate} isWhole={input !== undefined} problems={problems}>
          <Failure text={start.error ? explain(start.error) : undefined} />
          <Button type="submit" kind="primary" isBusy={start.isPending} className="w-full">
            Start the search
          </Button>
          {isTried && !input && (
            <p role="alert" className="text-bad">
              Something is missing: see the form.
            </p>
          )}
        </EstimatePanel>
      </form>
    </>
  );
}

const PromptSection = ({ draft, change, problems }: FormProps) => (
  <Section
    title="Prompt"
    description="Where the search begins. Texts of system, developer and user messages change; inputs, parameters and tools stay."
  >
    <div className="flex flex-col gap-4 px-4 pb-4">
      <PromptFields chosen={draft} set={change} error={problems.prompt} />
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <ModelField
          label="Model that answers"
          help="The one that the prompt names when left out"
          value={draft.model}
          error={problems.model}
          onChange={(model) => change({ model })}
        />
        <Field label="Name of the search" isOptional error={problems.name}>
          {(field) => (
            <TextInput
              {...field}
              maxLength={120}
              placeholder={draft.promptName ? `Optimise ${draft.promptName}` : "after the prompt"}
              value={draft.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
      </div>
    </div>
  </Section>
);

/** The prompt that the address brings. */
function usePrefill(draft: Draft, save: (draft: Draft) => void) {
  const { prompt, version } = route.useSearch();
  const [taken, setTaken] = useState(false);
  useEffect(() => {
    if (taken) return;
    setTaken(true);
    if (prompt) save({ ...draft, promptName: prompt, promptVersion: version ?? "latest" });
  }, [taken, prompt, version, draft, save]);
}
