import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextArea, TextInput } from "../../components/field.tsx";
import { BackLink, PageHeader, Section } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useStored } from "../../components/stored-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { useSettled } from "../../components/use-settled.ts";
import { useProject } from "../session/index.ts";
import { DatasetFields } from "./dataset-fields.tsx";
import { EstimatePanel } from "./estimate-panel.tsx";
import { BEGUN, type Draft, draftFrom, type FormProps, readDraft } from "./experiment-draft.ts";
import { RunFields } from "./run-fields.tsx";
import { ScorerFields } from "./scorer-fields.tsx";
import { useEstimate, useExperiment, useExperimentChanges } from "./use-experiments.ts";
import { VariantFields } from "./variant-fields.tsx";

const route = getRouteApi("/shell/experiments/new");

/** Which items, who answers, what scores the answers, and what it may take. Kept in this browser until it is started. */
export function NewExperiment() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<Draft>(`experiment-draft.${id}`, BEGUN);
  const [isTried, setIsTried] = useState(false);
  const { start } = useExperimentChanges();
  const change = (next: Partial<Draft>) => save({ ...draft, ...next });
  usePrefill(draft, save);
  const { input, problems } = readDraft(draft);
  const estimate = useEstimate(useSettled(input, 600));
  async function begin() {
    setIsTried(true);
    if (!input) return;
    const { experimentId, name } = await start.mutateAsync(input);
    save({ ...BEGUN, datasetId: draft.datasetId, version: draft.version });
    toastDone(`Started ${name}`);
    await navigate({ to: "/experiments/$experimentId", params: { experimentId } });
  }
  const back = <BackLink to="/experiments" label="Experiments" />;
  if (!can("experiments:write"))
    return (
      <>
        <PageHeader title="New experiment" back={back} />
        <EmptyState title="You may not start experiments">Ask an owner of the project for a role that may.</EmptyState>
      </>
    );
  const parts: FormProps = { draft, change, problems: isTried ? problems : {} };
  return (
    <>
      <PageHeader
        title="New experiment"
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
          <Section title="What it is about">
            <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
              <Field label="Name" error={parts.problems.name}>
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
                    placeholder={search.from ? "What was changed" : "What it should find out"}
                    onChange={({ target }) => change({ description: target.value })}
                  />
                )}
              </Field>
            </div>
          </Section>
          <DatasetFields {...parts} />
          <VariantFields {...parts} />
          <ScorerFields
            {...parts}
            none="Without a scorer the answers can be read side by side, and nothing is measured."
          />
          <RunFields {...parts} />
        </div>
        <EstimatePanel estimate={estimate} isWhole={input !== undefined} problems={problems} repeats={draft.repeats}>
          <Failure text={start.error ? explain(start.error) : undefined} />
          <Button type="submit" kind="primary" isBusy={start.isPending} className="w-full">
            Start the experiment
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

/** What the address brings: a dataset, a prompt, or another experiment to begin with. */
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
