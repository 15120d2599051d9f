import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { useRenameProject } from "./use-projects.ts";

/** The project's name, and what programs need to know of it. */
export function ProjectPage() {
  const project = useProject();
  return (
    <>
      {/* Another project starts the form again. */}
      <NameForm key={project.id} />
      <Section title="For your programs">
        <dl className="divide-y divide-line border-line border-t">
          <Value label="Base URL of the OpenAI SDKs" value={`${location.origin}/v1`} />
          <Value label="Base URL of the Anthropic SDKs" value={location.origin} />
          <Value label="Project id" value={project.id} />
        </dl>
      </Section>
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
