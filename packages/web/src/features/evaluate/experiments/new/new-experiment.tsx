import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { EstimatePanel, StartButton } from "../../../../components/feedback/estimate-panel.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { RunDenied, RunForm } from "../../../../components/form/run-form.tsx";
import { useRunStart } from "../../../../components/form/use-run-start.ts";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useEstimate, useExperiment, useExperimentChanges } from "../shared/use-experiments.ts";
import { DatasetFields } from "./dataset-fields.tsx";
import { ExperimentEstimate } from "./estimate-panel.tsx";
import { BEGUN, type Draft, draftFrom, type FormProps, readDraft } from "./experiment-draft.ts";
import { RunFields } from "./run-fields.tsx";
import { ScorerFields } from "./scorer-fields.tsx";
import { VariantFields } from "./variant-fields.tsx";

const route = getRouteApi("/shell/experiments/new");

/** The form of a new experiment: items, variants, scorers and limits. The draft stays in this browser until it starts. */
export function NewExperiment() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<Draft>(`experiment-draft.${id}`, BEGUN);
  const { start } = useExperimentChanges();
  const change = (next: Partial<Draft>) => save({ ...draft, ...next });
  usePrefill(draft, save);
  const { input, problems } = readDraft(draft);
  const estimate = useEstimate(useSettled(input, 600));
  const run = useRunStart({
    input,
    start,
    onStarted({ experimentId }) {
      save({ ...BEGUN, datasetId: draft.datasetId, version: draft.version });
      return navigate({ to: "/experiments/$experimentId", params: { experimentId } });
    },
  });
  const back = <BackLink to="/experiments" label="Experiments" />;
  if (!can("experiments:write"))
    return <RunDenied title="New experiment" back={back} denied="You cannot start experiments" />;
  const parts: FormProps = { draft, change, problems: run.isTried ? problems : {} };
  return (
    <>
      <PageHeader
        title="New experiment"
        back={back}
        description="The draft stays in this browser until you start the experiment."
        action={
          <Button onClick={() => save(BEGUN)} disabled={draft === BEGUN}>
            Reset
          </Button>
        }
      />
      <RunForm
        onSubmit={run.onSubmit}
        panel={
          <EstimatePanel title="Estimate">
            <ExperimentEstimate
              estimate={estimate}
              isWhole={input !== undefined}
              problems={problems}
              repeats={draft.repeats}
            />
            <StartButton label="Start experiment" {...run.button} />
          </EstimatePanel>
        }
      >
        <GeneralFields {...parts} isCopy={search.from !== undefined} />
        <DatasetFields {...parts} />
        <VariantFields {...parts} />
        <ScorerFields
          {...parts}
          none="Without a scorer you can read the answers side by side, but nothing is measured."
        />
        <RunFields {...parts} />
      </RunForm>
    </>
  );
}

/** The name and the purpose; a copy of an experiment asks what has changed. */
function GeneralFields({ draft, change, problems, isCopy }: FormProps & { isCopy: boolean }) {
  return (
    <Section title="General">
      <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
        <Field label="Name" error={problems.name}>
          {(field) => (
            <TextInput
              {...field}
              maxLength={120}
              placeholder="shorter answers"
              value={draft.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
        <Field label="Description" isOptional>
          {(field) => (
            <TextArea
              {...field}
              rows={1}
              value={draft.description}
              placeholder={isCopy ? "What did you change?" : "What do you want to find out?"}
              onChange={({ target }) => change({ description: target.value })}
            />
          )}
        </Field>
      </div>
    </Section>
  );
}

/** Starting values from the address: a dataset, a prompt, or an experiment to duplicate. */
function usePrefill(draft: Draft, save: (draft: Draft) => void) {
  const { dataset, prompt, from } = route.useSearch();
  const source = useExperiment(from);
  const [taken, setTaken] = useState(false);
  useEffect(() => {
    if (taken || (from && !source.data)) return;
    setTaken(true);
    const begun = source.data ? draftFrom(source.data) : draft;
    const [first, ...rest] = begun.variants;
    const variants =
      prompt && first ? [{ ...first, source: "prompt" as const, promptName: prompt }, ...rest] : begun.variants;
    if (source.data || dataset || prompt) save({ ...begun, variants, ...(dataset && { datasetId: dataset }) });
  }, [taken, from, source.data, dataset, prompt, draft, save]);
}
