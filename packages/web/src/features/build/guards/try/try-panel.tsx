import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, Select, TextArea } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { TRUST_WORDS } from "../shared/guard-words.ts";
import { ALL_TRUSTS, type PolicyDraft, ruleInputOf } from "../shared/policy-draft.ts";
import { type CheckInput, useCheck } from "../shared/use-guards.ts";
import { type Content, readContent } from "./read-content.ts";
import { TryResults } from "./try-results.tsx";

const KINDS = ["text", "messages"] as const;
const KIND_WORDS = { text: "Text", messages: "Messages" } as const;
const START: Content = { kind: "text", text: "", trust: "user", messages: "" };

/** Checks a text or messages with the rules as they are in the form. */
export function TryPanel({ draft }: { draft: PolicyDraft }) {
  const { content, problem, change, run, check, sent, isOld } = useTrying(draft);
  return (
    <Section
      title="Try it"
      description="Checks with the rules as they are here, saved or not. Nothing is stored."
      className="lg:sticky lg:top-24 lg:max-h-[calc(100vh-7.5rem)] lg:overflow-y-auto"
    >
      <form
        aria-label="Try the rules"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
        className="flex min-w-0 flex-col gap-3 px-4 pb-4"
      >
        <ContentFields content={content} problem={problem} change={change} />
        <Button type="submit" isBusy={check.isPending} className="self-start">
          Check
        </Button>
      </form>
      <div className="px-4 pb-4 empty:hidden">
        <Failure text={check.error ? explain(check.error) : undefined} />
        {check.data && sent && <TryResults verdict={check.data} body={sent} isOld={isOld} />}
      </div>
    </Section>
  );
}

/** What is checked, and the last check. Its result is old once the rules or the content have changed. */
function useTrying(draft: PolicyDraft) {
  const [content, setContent] = useState(START);
  const [problem, setProblem] = useState<string>();
  const [last, setLast] = useState<{ readonly body: CheckInput; readonly key: string }>();
  const check = useCheck();
  const rules = draft.rules.map(ruleInputOf);
  const key = JSON.stringify([content, rules]);
  function change(next: Partial<Content>) {
    setProblem(undefined);
    setContent({ ...content, ...next });
  }
  function run() {
    const reading = readContent(content);
    if ("problem" in reading) return setProblem(reading.problem);
    const body = { ...reading.body, rules } as CheckInput;
    setLast({ body, key });
    check.mutate(body);
  }
  return { content, problem, change, run, check, sent: last?.body, isOld: last?.key !== key };
}

type FieldsProps = { content: Content; problem: string | undefined; change: (next: Partial<Content>) => void };

const ContentFields = ({ content, problem, change }: FieldsProps) => (
  <>
    <div>
      <Choice
        label="Kind of content"
        names={KINDS}
        words={KIND_WORDS}
        chosen={content.kind}
        onChoose={(kind) => change({ kind })}
      />
    </div>
    {content.kind === "text" ? (
      <TextFields content={content} problem={problem} change={change} />
    ) : (
      <Field label="Messages" help="JSON, as in chat completions. The roles tell the sources." error={problem}>
        {(field) => (
          <TextArea
            {...field}
            rows={8}
            value={content.messages}
            onChange={({ target }) => change({ messages: target.value })}
            placeholder={'[{"role": "user", "content": "…"}]'}
            className="font-mono text-xs"
          />
        )}
      </Field>
    )}
  </>
);

const TextFields = ({ content, problem, change }: FieldsProps) => (
  <>
    <Field label="Text" error={problem}>
      {(field) => (
        <TextArea
          {...field}
          rows={5}
          value={content.text}
          onChange={({ target }) => change({ text: target.value })}
          placeholder="Write to ann@example.com"
        />
      )}
    </Field>
    <Field label="Source">
      {(field) => (
        <Select
          {...field}
          value={content.trust}
          onChange={({ target }) => change({ trust: ALL_TRUSTS.find((trust) => trust === target.value) ?? "user" })}
        >
          {ALL_TRUSTS.map((trust) => (
            <option key={trust} value={trust}>
              {TRUST_WORDS[trust].label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  </>
);
