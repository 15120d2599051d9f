import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Failure } from "../../components/failure.tsx";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useStored } from "../../components/stored-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { useSettled } from "../../components/use-settled.ts";
import { useDatasetChoices } from "../choices/index.ts";
import { useProject } from "../session/index.ts";
import { DataFields, PaceFields } from "./data-fields.tsx";
import { FileField } from "./file-field.tsx";
import { LooksPanel } from "./looks-panel.tsx";
import { MaskPreview } from "./mask-preview.tsx";
import { PlaceFields } from "./place-field.tsx";
import { BEGUN, configOf, draftFrom, problemsByPath, providerOf, type RunDraft, refusalOf } from "./run-draft.ts";
import { SchemaFields } from "./schema-fields.tsx";
import { TrainerNote } from "./trainer-note.tsx";
import { type SentConfig, useLooks, useRun, useRunChanges, useValidation } from "./use-training.ts";

const route = getRouteApi("/shell/training/new");
type Shape = "form" | "file";

/** What learns from what, for how long; with what it takes and what the model would see. Kept in this browser until it is started. */
export function NewRunPage() {
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<RunDraft>(`training-draft.${id}`, BEGUN);
  const [text, saveText] = useStored<string>(`training-file.${id}`, "");
  const [shape, setShape] = useState<Shape>("form");
  const [seen, setSeen] = useState<string>();
  const [requestId, setRequestId] = useState(newRequestId);
  const { start } = useRunChanges();
  const { estimate, preview } = useLooks();
  const datasets = useDatasetChoices();
  usePrefill(draft, save);
  const config: SentConfig | undefined =
    shape === "form" ? configOf(draft, datasets.data ?? []) : text.trim() === "" ? undefined : text;
  const validation = useValidation(useSettled(config, 500));
  const problems = config === undefined ? {} : problemsByPath(validation.data?.problems ?? []);
  const change = (next: Partial<RunDraft>) => {
    start.reset();
    save({ ...draft, ...next });
  };
  const fields = { draft, change, problems: { ...refusalOf(start.error), ...problems } };
  const isAtProvider = shape === "form" && providerOf(draft) !== undefined;
  const wanted = JSON.stringify(config);
  const look = (mutate: (config: SentConfig) => void) => {
    if (config === undefined) return;
    setSeen(wanted);
    mutate(config);
  };
  async function begin() {
    if (config === undefined) return;
    const { trainingRunId, name } = await start.mutateAsync({ config, requestId });
    setRequestId(newRequestId());
    toastDone(`Started ${name}`);
    await navigate({ to: "/training/$trainingRunId", params: { trainingRunId } });
  }
  const back = <BackLink to="/training" label="Training" />;
  if (!can("training:write"))
    return (
      <>
        <PageHeader title="New training run" back={back} />
        <EmptyState title="You may not train models">Ask an owner of the project for a role that may.</EmptyState>
      </>
    );
  return (
    <>
      <PageHeader
        title="New training run"
        back={back}
        description="What is written here stays in this browser until it is started."
        action={
          <>
            <Choice
              label="Written as"
              names={["form", "file"]}
              words={{ form: "Form", file: "File" }}
              chosen={shape}
              onChoose={setShape}
            />
            <Button
              onClick={() => (shape === "form" ? save(BEGUN) : saveText(""))}
              disabled={shape === "form" ? draft === BEGUN : text === ""}
            >
              Start over
            </Button>
          </>
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
          {!isAtProvider && <TrainerNote />}
          {!isAtProvider && preview.data && <MaskPreview preview={preview.data} />}
          {shape === "form" ? (
            <>
              <PlaceFields {...fields} />
              <DataFields {...fields} />
              {!isAtProvider && <PaceFields {...fields} />}
              <SchemaFields {...fields} />
            </>
          ) : (
            <FileField text={text} onChange={saveText} validation={validation.data} />
          )}
        </div>
        <LooksPanel
          estimate={estimate}
          preview={preview}
          isWhole={config !== undefined}
          isAtProvider={isAtProvider}
          isOld={seen !== wanted}
          onEstimate={() => look(estimate.mutate)}
          onPreview={() => look(preview.mutate)}
        >
          <Failure text={start.error ? explain(start.error) : problems[""]} />
          <Button
            type="submit"
            kind="primary"
            isBusy={start.isPending}
            disabled={config === undefined || Object.keys(problems).length > 0}
            className="w-full"
          >
            Start training
          </Button>
          {Object.keys(problems).length > 0 && (
            <ul className="text-xs text-bad">
              {Object.entries(problems).map(([path, message]) => (
                <li key={path} className="[overflow-wrap:anywhere]">
                  {path}: {message}
                </li>
              ))}
            </ul>
          )}
        </LooksPanel>
      </form>
    </>
  );
}

/** A click that is sent twice starts one run. */
const newRequestId = () => crypto.randomUUID();

/** What the address brings: a dataset, a base, or another run to begin with. */
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
