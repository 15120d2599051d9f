import { useState } from "react";
import { explain } from "../../../api.ts";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Choice } from "../../../components/form/choice.tsx";
import { Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { DatasetFields, MessageFields, type Problems, ScorerFields } from "../../evaluate/experiments/index.ts";
import { BEGUN, type RequiredDraft, readRequired } from "./required-draft.ts";
import { useRequiredChanges } from "./use-required.ts";

/** The form of a required evaluation: items, messages, scorers and margin. */
export function RequiredForm({ close }: { close: () => void }) {
  const [draft, setDraft] = useState(BEGUN);
  const [isAsked, setAsked] = useState(false);
  const { add } = useRequiredChanges();
  const change = (next: Partial<RequiredDraft>) => setDraft((old) => ({ ...old, ...next }));
  const { input, problems } = readRequired(draft);
  const shown = isAsked ? problems : {};
  function submit() {
    setAsked(true);
    if (!input) return;
    add.mutate(input, {
      onSuccess: () => {
        toastDone(`New versions are now evaluated on ${input.name}`);
        close();
      },
    });
  }
  return (
    <form
      aria-label="New required evaluation"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="flex flex-col gap-4"
    >
      <General draft={draft} change={change} problems={shown} />
      <DatasetFields draft={draft} change={change} problems={shown} />
      <Asking draft={draft} change={change} problems={shown} />
      <ScorerFields draft={draft} change={change} problems={shown} none="Without a scorer, no verdict is possible." />
      {add.error && (
        <p role="alert" className="text-bad">
          {explain(add.error)}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" kind="primary" isBusy={add.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = { draft: RequiredDraft; change: (next: Partial<RequiredDraft>) => void; problems: Problems };

function General({ draft, change, problems }: FieldsProps) {
  return (
    <Section title="New required evaluation">
      <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <Field label="Name" error={problems.name} help="Shown in the verdict of each version">
          {(field) => (
            <TextInput
              {...field}
              autoFocus
              placeholder="general questions"
              value={draft.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
        <Field
          label="Margin (%)"
          error={problems.margin}
          help="Differences up to this share of the score range do not change the verdict"
        >
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              max={100}
              step="any"
              value={Number.isNaN(draft.margin) ? "" : draft.margin}
              onChange={({ target }) => change({ margin: target.valueAsNumber })}
            />
          )}
        </Field>
      </div>
    </Section>
  );
}

function Asking({ draft: { messages, maxTokens }, change, problems }: FieldsProps) {
  return (
    <Section title="Prompt" description="The base model and the trained model get the same prompt.">
      <div className="flex flex-col items-start gap-4 px-4 pb-4">
        <Choice
          label="Messages"
          names={["item", "messages"]}
          words={{ item: "Messages from the item", messages: "Custom messages" }}
          chosen={messages === null ? "item" : "messages"}
          onChoose={(one) => change({ messages: one === "item" ? null : [{ role: "user", content: "" }] })}
        />
        {messages && (
          <div className="w-full">
            <MessageFields
              messages={messages}
              onChange={(next) => change({ messages: next })}
              error={problems.messages}
            />
          </div>
        )}
        <Field label="Maximum answer (tokens)" error={problems.maxTokens}>
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              value={Number.isNaN(maxTokens) ? "" : maxTokens}
              onChange={({ target }) => change({ maxTokens: target.valueAsNumber })}
            />
          )}
        </Field>
      </div>
    </Section>
  );
}
