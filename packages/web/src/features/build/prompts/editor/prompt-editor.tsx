import { PROMPT_FORMATS } from "@treadle/contract";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Field, Select, TextArea } from "../../../../components/form/field.tsx";
import { inputsOf } from "../../../../components/form/template-inputs.ts";
import type { Draft } from "../shared/prompt-draft.ts";
import { PreviewPanel } from "../versions/preview-panel.tsx";
import { FORMAT_NAMES } from "../versions/version-view.tsx";
import { InputsEditor } from "./inputs-editor.tsx";
import { MessageFields } from "./message-fields.tsx";
import { ModelFields, ToolFields } from "./settings-fields.tsx";
import type { DraftState } from "./use-draft.ts";

type EditorProps = { name: string; state: DraftState; children?: ReactNode };

/** The fields of a version next to its preview. `children` come first: fields that only a new prompt has. */
export function PromptEditor({ name, state, children }: EditorProps) {
  const { draft, change, problems, content } = state;
  return (
    <div className="grid gap-4 px-6 pb-10 max-md:px-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {children}
        <Kind draft={draft} change={change} isNew={draft.base === 0} />
        {draft.type === "chat" ? (
          <MessageFields
            messages={draft.messages}
            onChange={(messages) => change({ messages })}
            error={problems.messages}
          />
        ) : (
          <Field label="Text" error={problems.template}>
            {(field) => (
              <TextArea
                {...field}
                rows={12}
                spellCheck
                value={draft.template}
                onChange={({ target }) => change({ template: target.value })}
              />
            )}
          </Field>
        )}
        <p className="text-xs text-muted">{HINTS[draft.format]}</p>
        <Part title="Inputs" isOpenAtFirst note={draft.inputs ? "" : "any"} hasProblem={"inputs" in problems}>
          <InputsEditor
            inputs={draft.inputs}
            onChange={(inputs) => change({ inputs })}
            error={problems.inputs}
            found={inputsOf(draft)}
          />
        </Part>
        <Part
          title="Model and parameters"
          isOpenAtFirst={draft.model !== ""}
          note={draft.model}
          hasProblem={"model" in problems || "moreParameters" in problems}
        >
          <ModelFields draft={draft} change={change} problems={problems} />
        </Part>
        <Part
          title="Tools and answer"
          isOpenAtFirst={draft.tools !== "" || draft.responseFormat !== ""}
          note=""
          hasProblem={"tools" in problems || "responseFormat" in problems}
        >
          <ToolFields draft={draft} change={change} problems={problems} />
        </Part>
      </div>
      <PreviewPanel draftKey={name} content={content} isBelowHeader />
    </div>
  );
}

const HINTS = {
  mustache: (
    <>
      <code>{"{{name}}"}</code> inserts an input, <code>{"{{#list}}…{{/list}}"}</code> repeats or skips text,{" "}
      <code>{"{{> other/prompt@production}}"}</code> includes another prompt.
    </>
  ),
  liquid: (
    <>
      <code>{"{{ name | upcase }}"}</code>, <code>{"{% for item in list %}…{% endfor %}"}</code>,{" "}
      <code>{"{% if name %}…{% endif %}"}</code>; <code>{"{{> other/prompt@production}}"}</code> includes another
      prompt.
    </>
  ),
  jinja: (
    <>
      <code>{"{{ name | upper }}"}</code>, <code>{"{% for item in list %}…{% endfor %}"}</code>,{" "}
      <code>{"{% if name %}…{% endif %}"}</code>; <code>{"{{> other/prompt@production}}"}</code> includes another
      prompt.
    </>
  ),
} as const;

type KindProps = { draft: Draft; change: (next: Partial<Draft>) => void; isNew: boolean };

function Kind({ draft, change, isNew }: KindProps) {
  return (
    <div className="flex flex-wrap gap-3">
      {isNew && (
        <Field label="Kind" className="w-40">
          {(field) => (
            <Select
              {...field}
              value={draft.type}
              onChange={({ target }) => change({ type: target.value === "text" ? "text" : "chat" })}
            >
              <option value="chat">Chat messages</option>
              <option value="text">Plain text</option>
            </Select>
          )}
        </Field>
      )}
      <Field label="Templates" className="w-40">
        {(field) => (
          <Select
            {...field}
            value={draft.format}
            onChange={({ target }) =>
              change({ format: PROMPT_FORMATS.find((format) => format === target.value) ?? "mustache" })
            }
          >
            {PROMPT_FORMATS.map((format) => (
              <option key={format} value={format}>
                {FORMAT_NAMES[format]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

type PartProps = { title: string; isOpenAtFirst: boolean; note: string; hasProblem: boolean; children: ReactNode };

/** A part that folds; one with a problem stays open. */
function Part({ title, isOpenAtFirst, note, hasProblem, children }: PartProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const isShown = isOpen || hasProblem;
  return (
    <section aria-label={title} className="card">
      <h2>
        <button
          type="button"
          aria-expanded={isShown}
          onClick={() => setIsOpen(!isShown)}
          className="flex h-10 w-full items-center gap-2 px-3 text-left font-semibold"
        >
          <ChevronRight
            aria-hidden
            size={14}
            className={`shrink-0 text-muted transition-transform duration-120 ${isShown ? "rotate-90" : ""}`}
          />
          {title}
          {!isShown && <code className="ml-auto truncate text-xs font-normal text-muted">{note}</code>}
        </button>
      </h2>
      {isShown && <div className="px-4 pb-4">{children}</div>}
    </section>
  );
}
