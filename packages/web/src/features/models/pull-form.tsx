import { Download } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { useStartPull } from "./use-models.ts";

/** Pulls a model that is not in the catalogue: a file of the hub, or a file of this machine. */
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
          label={<span className="sr-only">Where from</span>}
          error={pull.error ? explain(pull.error) : undefined}
          help={
            <>
              A GGUF file of a hub, as <code>hf:owner/repository/file.gguf</code>, or a path on the machine that runs
              Treadle
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
