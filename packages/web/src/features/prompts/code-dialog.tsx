import { useState } from "react";
import { CodeBlock } from "../../components/code-block.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { fieldsFor } from "../../components/input-values.ts";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { inputsOf } from "../../components/template-inputs.ts";
import { choiceFor, codeForUse, USES, type Use } from "./prompt-code.ts";
import { contentOfVersion } from "./prompt-draft.ts";
import { type Prompt, useVersion } from "./use-prompts.ts";

const HELP: Readonly<Record<Use, string>> = {
  Gateway: "Any OpenAI client: the gateway fills the prompt in, and the trace names the version.",
  "TypeScript SDK": "Kept in memory and renewed in the background; a program goes on when the server is away.",
  curl: "The text itself, with its includes put in. It answers with an ETag.",
};

/** How a program uses the version that is shown, to be copied into one. */
export function CodeDialog({ prompt, version, close }: { prompt: Prompt; version: number; close: () => void }) {
  const [use, setUse] = useState<Use>("Gateway");
  const { data, error, refetch } = useVersion(prompt.name, version);
  const choice = choiceFor(prompt, version);
  const inputs = data ? fieldsFor({ schema: data.inputs, ...inputsOf(contentOfVersion(data)) }) : [];
  return (
    <Dialog
      title="Use this prompt"
      description={
        "label" in choice
          ? `By the label ${choice.label}, so that programs follow when it moves.`
          : `No label names version ${version}, so it is asked for by its number.`
      }
      close={close}
      width="wide"
    >
      <Tabs label="Way" names={USES} shown={use} onShow={setUse} />
      <div role="tabpanel" aria-label={use} className="flex flex-col gap-3 pt-3">
        <p className="text-muted">{HELP[use]}</p>
        {error ? (
          <ErrorState error={error} retry={() => refetch()} />
        ) : data ? (
          <CodeBlock
            label={use}
            code={codeForUse(use, {
              name: prompt.name,
              choice,
              inputs: Object.fromEntries(inputs.map(({ name, kind }) => [name, kind === "json" ? [] : "…"])),
              url: location.origin,
            })}
          />
        ) : (
          <Skeleton className="h-40 w-full" />
        )}
      </div>
    </Dialog>
  );
}
