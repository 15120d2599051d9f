import { Braces, LayoutDashboard } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../../../api.ts";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { chartsOf, JsonBox } from "../shared/json-box.tsx";
import { readDashboard } from "../shared/read-dashboard.ts";
import { useDashboardChanges, useTemplates } from "../shared/use-dashboards.ts";

type NewProps = {
  close: () => void;
  /** Whether it begins with JSON rather than with a template. */
  isImport: boolean;
  setIsImport: (isImport: boolean) => void;
};

/** A dashboard from a template, from nothing, or from JSON. */
export function NewDashboard({ close, isImport, setIsImport }: NewProps) {
  return isImport ? (
    <Dialog
      title="Import a dashboard"
      description="Paste the JSON of a dashboard that was exported from any Treadle server."
      close={close}
      width="wide"
    >
      <ImportForm close={close} onBack={() => setIsImport(false)} />
    </Dialog>
  ) : (
    <Dialog
      title="New dashboard"
      description="Start with a template and change it as you like. All project members can see the dashboard."
      close={close}
    >
      <TemplateForm close={close} onImport={() => setIsImport(true)} />
    </Dialog>
  );
}

const EMPTY = { templateId: "", name: "Empty", description: "No charts yet. Add your own.", charts: [] };

function TemplateForm({ close, onImport }: { close: () => void; onImport: () => void }) {
  const templates = useTemplates();
  const { create } = useDashboardChanges();
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState("");
  const choices = [...(templates.data?.items ?? []), EMPTY];
  const template = choices.find(({ templateId }) => templateId === (chosen ?? choices[0]?.templateId)) ?? EMPTY;
  function submit(event: FormEvent) {
    event.preventDefault();
    const { charts, description, templateId } = template;
    const chosenName = name.trim() || (templateId === "" ? "Dashboard" : template.name);
    create.mutate({ name: chosenName, description: templateId === "" ? "" : description, charts });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {templates.error && (
        <ErrorState
          error={templates.error}
          retry={() => templates.refetch()}
          title="The templates could not be loaded"
        />
      )}
      <fieldset className="grid grid-cols-2 gap-2 max-sm:grid-cols-1" aria-busy={templates.isPending || undefined}>
        <legend className="sr-only">Template</legend>
        {templates.isPending
          ? [0, 1, 2, 3].map((place) => <Skeleton key={place} className="h-22" />)
          : choices.map((choice) => (
              <label
                key={choice.templateId}
                className="card flex cursor-pointer items-start gap-2.5 p-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
              >
                <input
                  type="radio"
                  name="template"
                  value={choice.templateId}
                  checked={choice === template}
                  onChange={() => setChosen(choice.templateId)}
                  className="sr-only"
                />
                <LayoutDashboard aria-hidden size={16} className="mt-0.5 shrink-0 text-muted" />
                <span className="min-w-0">
                  <span className="block font-medium">{choice.name}</span>
                  <span className="block text-xs text-muted text-pretty">{choice.description}</span>
                  {choice.charts.length > 0 && (
                    <span className="block text-xs text-muted">{chartsOf(choice.charts.length)}</span>
                  )}
                </span>
              </label>
            ))}
      </fieldset>
      <Field label="Name" isOptional>
        {(field) => (
          <TextInput
            {...field}
            value={name}
            maxLength={120}
            onChange={({ target }) => setName(target.value)}
            placeholder={template.templateId === "" ? "Dashboard" : template.name}
          />
        )}
      </Field>
      {create.error && <Failure error={create.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onImport} className="mr-auto">
          <Braces aria-hidden size={14} /> Import JSON
        </Button>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" kind="primary" isBusy={create.isPending} disabled={templates.isPending}>
          Create
        </Button>
      </div>
    </form>
  );
}

function ImportForm({ close, onBack }: { close: () => void; onBack: () => void }) {
  const { importFile } = useDashboardChanges();
  const [text, setText] = useState("");
  const [isTried, setIsTried] = useState(false);
  const reading = readDashboard(text);
  function submit(event: FormEvent) {
    event.preventDefault();
    setIsTried(true);
    if ("file" in reading) importFile.mutate(reading.file);
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <JsonBox text={text} onChange={setText} reading={reading} isTried={isTried} />
      {importFile.error && <Failure error={importFile.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack} className="mr-auto">
          <LayoutDashboard aria-hidden size={14} /> Templates
        </Button>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" kind="primary" isBusy={importFile.isPending}>
          Import
        </Button>
      </div>
    </form>
  );
}

const Failure = ({ error }: { error: unknown }) => (
  <p role="alert" className="rounded-control bg-bad-soft px-3 py-2 break-words text-bad">
    {explain(error)}
  </p>
);
