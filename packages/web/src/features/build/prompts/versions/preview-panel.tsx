import type { PromptContent } from "@treadle/contract";
import { MessagesSquare } from "lucide-react";
import { useMemo } from "react";
import { ApiError, explain } from "../../../../api.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { Button } from "../../../../components/form/button.tsx";
import { InputFields } from "../../../../components/form/input-fields.tsx";
import { fieldsFor, valuesOf } from "../../../../components/form/input-values.ts";
import { inputsOf } from "../../../../components/form/template-inputs.ts";
import { Section } from "../../../../components/layout/page.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useOpenPlayground } from "../shared/use-playground.ts";
import { type Rendered, usePreview } from "../shared/use-prompts.ts";
import { useDelayed } from "./use-delayed.ts";

type PanelProps = {
  /** The key of the stored inputs in this browser: the prompt's name, or "" for a new prompt. */
  draftKey: string;
  /** Undefined while what is written cannot be sent. */
  content: PromptContent | undefined;
  /** Whether it stays below a header that stays, too. */
  isBelowHeader?: boolean;
};

const NOTHING: Readonly<Record<string, string>> = {};
const PAUSE_MS = 350;

/** The inputs of a prompt to try it with, and what a model would be sent. */
export function PreviewPanel({ draftKey, content, isBelowHeader = false }: PanelProps) {
  const { id, can } = useProject();
  const [typed, setTyped] = useStored(`prompt-inputs.${id}.${draftKey}`, NOTHING);
  const fields = useMemo(() => (content ? fieldsFor({ schema: content.inputs, ...inputsOf(content) }) : []), [content]);
  const asked = useMemo(() => ({ content, inputs: valuesOf(fields, typed) }), [content, fields, typed]);
  const settled = useDelayed(asked, PAUSE_MS);
  const empty = fields.filter(({ name, isRequired }) => isRequired && !typed[name]).map(({ name }) => name);
  // Nothing is wrong yet with a person who has not begun, and a request without its inputs would only be refused.
  const isWaiting = empty.length > 0;
  const preview = usePreview({ ...settled, isReady: !isWaiting && settled === asked });
  const openPlayground = useOpenPlayground();
  const shown = preview.error ? undefined : preview.data;
  return (
    <Section
      title="Preview"
      className={`self-start xl:sticky xl:overflow-y-auto ${isBelowHeader ? "xl:top-20 xl:max-h-[calc(100vh-6rem)]" : "xl:top-4 xl:max-h-[calc(100vh-2rem)]"}`}
      action={
        can("gateway:use") &&
        shown && (
          <Button size="small" onClick={() => openPlayground(shown)}>
            <MessagesSquare aria-hidden size={13} /> Open in playground
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4 px-4 pb-4">
        {fields.length > 0 ? (
          <InputFields
            fields={fields}
            typed={typed}
            onChange={setTyped}
            problems={isWaiting ? {} : problemsIn(preview.error)}
          />
        ) : (
          <p className="text-muted">This prompt has no inputs.</p>
        )}
        <div
          aria-live="polite"
          aria-busy={preview.isFetching || undefined}
          className="flex min-w-0 flex-col gap-2 border-line border-t pt-3"
        >
          {isWaiting ? (
            <p className="text-muted">Fill in {words.format(empty)} to see the messages the model receives.</p>
          ) : preview.error ? (
            <Failure error={preview.error} />
          ) : (
            shown && <Filled rendered={shown} />
          )}
          {!content && <p className="text-muted">Fix the marked fields to update the preview.</p>}
        </div>
      </div>
    </Section>
  );
}

const words = new Intl.ListFormat("en");

function Filled({ rendered: { text, messages, model } }: { rendered: Rendered }) {
  return (
    <>
      {model && (
        <p className="text-xs text-muted">
          Sent to <code>{model}</code>
        </p>
      )}
      {text !== null ? (
        <FoldedText text={text} />
      ) : (
        <ol aria-label="Rendered messages" className="flex flex-col gap-3">
          {messages.map((message, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are told apart by their place only.
            <li key={at}>
              <p className="text-xs text-muted">{message.role}</p>
              <FoldedText
                text={typeof message.content === "string" ? message.content : JSON.stringify(message, null, 2)}
              />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

type Issue = { path: string; message: string };

/** The places that the server names, where it names any. */
function issuesIn(error: unknown): readonly Issue[] {
  const details = error instanceof ApiError ? error.details : undefined;
  const issues = typeof details === "object" && details !== null && "issues" in details ? details.issues : [];
  if (!Array.isArray(issues)) return [];
  return issues.filter(
    (issue): issue is Issue => typeof issue?.path === "string" && typeof issue?.message === "string",
  );
}

/** The sentence for each input that was refused; `inputs.orders[0].id` belongs to `orders`. */
function problemsIn(error: unknown): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const { path, message } of issuesIn(error)) {
    const name = /^(?:body\.)?inputs[./]([^./[]+)/.exec(path)?.[1];
    if (name) problems[name] ??= message;
  }
  return problems;
}

function Failure({ error }: { error: unknown }) {
  const others = issuesIn(error).filter(({ path }) => !/^(?:body\.)?inputs[./]/.test(path));
  return (
    <div role="alert" className="rounded-control bg-bad-soft px-3 py-2 break-words text-bad [overflow-wrap:anywhere]">
      <p>{explain(error)}</p>
      {others.length > 0 && (
        <ul className="mt-1 list-disc pl-4">
          {others.slice(0, 10).map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path && <code className="text-xs">{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
