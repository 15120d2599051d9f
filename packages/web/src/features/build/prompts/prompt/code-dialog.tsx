import { useState } from "react";
import { CodeBlock } from "../../../../components/content/code-block.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { fieldsFor } from "../../../../components/form/input-values.ts";
import { inputsOf } from "../../../../components/form/template-inputs.ts";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { choiceFor, codeForUse, USES, type Use } from "../shared/prompt-code.ts";
import { contentOfVersion } from "../shared/prompt-draft.ts";
import { type Prompt, useVersion } from "../shared/use-prompts.ts";

const HELP: Readonly<Record<Use, string>> = {
  Gateway: "Use any OpenAI client. The gateway fills in the prompt, and the trace shows its version.",
  "TypeScript SDK":
    "Cached in memory and refreshed in the background. Your program continues to work while the server is down.",
  curl: "Returns the text with its includes resolved, and an ETag.",
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
          ? `The code uses the label ${choice.label}, so programs get the new version when the label moves.`
          : `No label points to version ${version}, so the code uses its number.`
      }
      close={close}
      width="wide"
    >
      <Tabs label="Method" names={USES} shown={use} onShow={setUse} />
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
