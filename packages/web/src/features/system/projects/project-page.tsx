import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { CopyButton } from "../../../components/feedback/copy-button.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useProject } from "../session/index.ts";
import { ProjectState } from "./project-state.tsx";
import { useRenameProject } from "./use-projects.ts";

/** The project's name and its connection details. */
export function ProjectPage() {
  const project = useProject();
  return (
    <>
      {/* Switching projects resets the form. */}
      <NameForm key={project.id} />
      <Section title="Connection details">
        <dl className="divide-y divide-line border-line border-t">
          <Value label="Base URL for OpenAI SDKs" value={`${location.origin}/v1`} />
          <Value label="Base URL for Anthropic SDKs" value={location.origin} />
          <Value label="Project id" value={project.id} />
        </dl>
      </Section>
      <ProjectState key={`state ${project.id}`} />
    </>
  );
}

function NameForm() {
  const project = useProject();
  const rename = useRenameProject();
  const [name, setName] = useState(project.name);
  const canWrite = project.can("projects:write");
  function submit(event: FormEvent) {
    event.preventDefault();
    rename.mutate(name.trim(), { onSuccess: () => toastDone("Renamed the project") });
  }
  return (
    <Section title="Name">
      <form onSubmit={submit} className="flex items-start gap-2 px-4 pb-4">
        <Field
          label={<span className="sr-only">Name</span>}
          error={rename.error ? explain(rename.error) : undefined}
          className="max-w-90 grow"
        >
          {(field) => (
            <TextInput
              {...field}
              value={name}
              onChange={(event) => setName(event.target.value)}
              disabled={!canWrite}
              maxLength={120}
              required
            />
          )}
        </Field>
        {canWrite && (
          <Button
            type="submit"
            disabled={name.trim() === project.name || name.trim() === ""}
            isBusy={rename.isPending}
            className="mt-1"
          >
            Rename
          </Button>
        )}
      </form>
    </Section>
  );
}

function Value({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 px-4 py-2">
      <dt className="w-60 text-muted">{label}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 text-xs break-all">{value}</code>
        <CopyButton text={value} label={`Copy: ${label}`} />
      </dd>
    </div>
  );
}
