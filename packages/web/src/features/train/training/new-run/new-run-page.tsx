import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { StartButton } from "../../../../components/feedback/estimate-panel.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { RunDenied, RunForm } from "../../../../components/form/run-form.tsx";
import { useRunStart } from "../../../../components/form/use-run-start.ts";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { useDatasetChoices } from "../../../system/choices/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { TrainerNote } from "../shared/trainer-note.tsx";
import { type SentConfig, usePreview, useRun, useRunChanges, useValidation } from "../shared/use-training.ts";
import { DataFields, PaceFields } from "./data-fields.tsx";
import { FileField } from "./file-field.tsx";
import { LooksPanel } from "./looks-panel.tsx";
import { MaskPreview } from "./mask-preview.tsx";
import { PlaceFields } from "./place-field.tsx";
import {
  BEGUN,
  configOf,
  draftFrom,
  type FieldsProps,
  problemsByPath,
  providerOf,
  type RunDraft,
  refusalOf,
} from "./run-draft.ts";
import { SchemaFields } from "./schema-fields.tsx";
import { useEstimate } from "./use-estimate.ts";

const route = getRouteApi("/shell/training/new");
type Shape = "form" | "file";

/** The form of a new run, with its estimate and preview. The draft stays in this browser until the run starts. */
export function NewRunPage() {
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<RunDraft>(`training-draft.${id}`, BEGUN);
  const [text, saveText] = useStored<string>(`training-file.${id}`, "");
  const [shape, setShape] = useState<Shape>("form");
  const [requestId, setRequestId] = useState(newRequestId);
  const { start } = useRunChanges();
  const datasets = useDatasetChoices();
  usePrefill(draft, save);
  const config: SentConfig | undefined =
    shape === "form" ? configOf(draft, datasets.data ?? []) : text.trim() === "" ? undefined : text;
  const validation = useValidation(useSettled(config, 500));
  const problems = config === undefined ? {} : problemsByPath(validation.data?.problems ?? []);
  const looks = useLooks(config);
  const run = useRunStart({
    input: config === undefined ? undefined : { config, requestId },
    start,
    onStarted({ trainingRunId }) {
      setRequestId(newRequestId());
      return navigate({ to: "/training/$trainingRunId", params: { trainingRunId } });
    },
  });
  const change = (next: Partial<RunDraft>) => {
    start.reset();
    save({ ...draft, ...next });
  };
  const isAtProvider = shape === "form" && providerOf(draft) !== undefined;
  const back = <BackLink to="/training" label="Training" />;
  if (!can("training:write"))
    return <RunDenied title="New training run" back={back} denied="You cannot train models" />;
  return (
    <>
      <PageHeader
        title="New training run"
        back={back}
        description="The draft stays in this browser until you start the run."
        action={
          <>
            <Choice
              label="Format"
              names={["form", "file"]}
              words={{ form: "Form", file: "File" }}
              chosen={shape}
              onChoose={setShape}
            />
            <Button
              onClick={() => (shape === "form" ? save(BEGUN) : saveText(""))}
              disabled={shape === "form" ? draft === BEGUN : text === ""}
            >
              Reset
            </Button>
          </>
        }
      />
      <RunForm
        onSubmit={run.onSubmit}
        panel={
          <LooksPanel {...looks} isAtProvider={isAtProvider}>
            <StartButton
              label="Start training"
              failure={run.button.failure ?? problems[""]}
              isBusy={run.button.isBusy}
              isDisabled={config === undefined || Object.keys(problems).length > 0}
            />
            <Problems problems={problems} />
          </LooksPanel>
        }
      >
        {!isAtProvider && <TrainerNote />}
        {!isAtProvider && looks.preview.data && <MaskPreview preview={looks.preview.data} />}
        {shape === "form" ? (
          <FormFields
            draft={draft}
            change={change}
            problems={{ ...refusalOf(start.error), ...problems }}
            isAtProvider={isAtProvider}
          />
        ) : (
          <FileField text={text} onChange={saveText} validation={validation.data} />
        )}
      </RunForm>
    </>
  );
}

/** The estimate and the samples of a configuration, both calculated on request. */
function useLooks(config: SentConfig | undefined) {
  const [seen, setSeen] = useState<string>();
  const estimate = useEstimate();
  const preview = usePreview();
  const current = JSON.stringify(config);
  const look = (mutate: (config: SentConfig) => void) => {
    if (config === undefined) return;
    setSeen(current);
    mutate(config);
  };
  return {
    estimate,
    preview,
    isWhole: config !== undefined,
    isOld: seen !== current,
    onEstimate: () => look(estimate.start),
    onPreview: () => look(preview.mutate),
  };
}

function FormFields({ isAtProvider, ...fields }: FieldsProps & { isAtProvider: boolean }) {
  return (
    <>
      <PlaceFields {...fields} />
      <DataFields {...fields} />
      {!isAtProvider && <PaceFields {...fields} />}
      <SchemaFields {...fields} />
    </>
  );
}

/** The settings that the server would reject. */
function Problems({ problems }: { problems: Readonly<Record<string, string>> }) {
  if (Object.keys(problems).length === 0) return null;
  return (
    <ul className="text-xs text-bad">
      {Object.entries(problems).map(([path, message]) => (
        <li key={path} className="[overflow-wrap:anywhere]">
          {path}: {message}
        </li>
      ))}
    </ul>
  );
}

/** A double click starts one run. */
const newRequestId = () => crypto.randomUUID();

/** Starting values from the address: a dataset, a base model, or a run to duplicate. */
function usePrefill(draft: RunDraft, save: (draft: RunDraft) => void) {
  const { dataset, base, from } = route.useSearch();
  const source = useRun(from);
  const [taken, setTaken] = useState(false);
  useEffect(() => {
    if (taken || (from && !source.data)) return;
    setTaken(true);
    if (source.data) save(draftFrom(source.data));
    else if (dataset || base) save({ ...draft, ...(dataset && { datasetId: dataset }), ...(base && { base }) });
  }, [taken, from, source.data, dataset, base, draft, save]);
}
