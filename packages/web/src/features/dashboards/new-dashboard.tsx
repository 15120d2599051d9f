import { LayoutDashboard, Upload } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { ApiError, explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { Skeleton } from "../../components/states.tsx";
import { useDashboardChanges, useTemplates } from "./use-dashboards.ts";

const EMPTY = { id: "", name: "Empty", description: "No charts yet; add your own.", charts: [] };

/** A dashboard from a template, from nothing, or from a file. */
export function NewDashboard({ close }: { close: () => void }) {
  const templates = useTemplates();
  const { create, importFile } = useDashboardChanges();
  const [chosen, setChosen] = useState<typeof EMPTY.id>();
  const [name, setName] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const choices = [...(templates.data?.items ?? []), EMPTY];
  const template = choices.find(({ id }) => id === (chosen ?? choices[0]?.id)) ?? EMPTY;
  const failure = create.error ?? importFile.error;
  function submit(event: FormEvent) {
    event.preventDefault();
    const { charts, description, id } = template;
    const chosenName = name.trim() || (id === "" ? "Dashboard" : template.name);
    create.mutate({ name: chosenName, description: id === "" ? "" : description, charts });
  }
  return (
    <Dialog
      title="New dashboard"
      description="Begin with charts that are there, and change what you like."
      close={close}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <fieldset className="grid grid-cols-2 gap-2 max-sm:grid-cols-1" aria-busy={templates.isPending || undefined}>
          <legend className="sr-only">Template</legend>
          {templates.isPending
            ? [0, 1, 2, 3].map((place) => <Skeleton key={place} className="h-18" />)
            : choices.map((choice) => (
                <label
                  key={choice.id}
                  className="card flex cursor-pointer items-start gap-2.5 p-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
                >
                  <input
                    type="radio"
                    name="template"
                    value={choice.id}
                    checked={choice === template}
                    onChange={() => setChosen(choice.id)}
                    className="sr-only"
                  />
                  <LayoutDashboard aria-hidden size={16} className="mt-0.5 shrink-0 text-muted" />
                  <span className="min-w-0">
                    <span className="block font-medium">{choice.name}</span>
                    <span className="block text-xs text-muted text-pretty">{choice.description}</span>
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
              placeholder={template.id === "" ? "Dashboard" : template.name}
            />
          )}
        </Field>
        {failure && <Failure error={failure} />}
        <div className="flex flex-wrap justify-end gap-2">
          <input
            ref={file}
            type="file"
            accept="application/json,.json"
            aria-label="Dashboard file"
            className="sr-only"
            tabIndex={-1}
            onChange={({ target }) => {
              const [first] = target.files ?? [];
              if (first) importFile.mutate(first);
              target.value = "";
            }}
          />
          <Button onClick={() => file.current?.click()} isBusy={importFile.isPending} className="mr-auto">
            <Upload aria-hidden size={14} /> Import a file
          </Button>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={create.isPending}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the server found, and where in the file. */
function Failure({ error }: { error: unknown }) {
  const issues = error instanceof ApiError ? issuesIn(error.details) : [];
  return (
    <div role="alert" className="rounded-control bg-bad-soft px-3 py-2 text-bad">
      <p className="break-words">{explain(error)}</p>
      {issues.length > 0 && (
        <ul className="mt-1 list-disc pl-4 text-xs">
          {issues.slice(0, 5).map((issue) => (
            <li key={issue} className="break-words">
              {issue}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function issuesIn(details: unknown): readonly string[] {
  const issues = typeof details === "object" && details !== null && "issues" in details ? details.issues : [];
  if (!Array.isArray(issues)) return [];
  return issues.flatMap((issue) => {
    const { path, message } = Object(issue);
    return typeof message === "string"
      ? [`${String(path ?? "").replace(/^body\.?/, "") || "the file"}: ${message}`]
      : [];
  });
}
