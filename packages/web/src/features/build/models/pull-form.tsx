import { Download } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useStartPull } from "./use-models.ts";

/** Pulls a model that is not in the catalogue: a file of the hub, or a file in a folder that the server may read. */
export function PullForm() {
  const [source, setSource] = useState("");
  const pull = useStartPull();
  function submit(event: FormEvent) {
    event.preventDefault();
    pull.mutate(source.trim(), { onSuccess: () => setSource("") });
  }
  return (
    <Section title="Pull a model">
      <form onSubmit={submit} className="flex items-start gap-2 px-4 pb-4">
        <Field
          label={<span className="sr-only">Source</span>}
          error={pull.error ? explain(pull.error) : undefined}
          help={
            <>
              A GGUF file on Hugging Face, as <code>hf:owner/repository/file.gguf</code>, or a path on the server in an
              allowed folder
            </>
          }
          className="grow"
        >
          {(field) => (
            <TextInput
              {...field}
              value={source}
              onChange={(event) => setSource(event.target.value)}
              placeholder="hf:owner/repository/file.gguf"
              className="font-mono text-xs"
              required
            />
          )}
        </Field>
        <Button type="submit" isBusy={pull.isPending} className="mt-1">
          {!pull.isPending && <Download aria-hidden size={14} />} Pull
        </Button>
      </form>
    </Section>
  );
}
