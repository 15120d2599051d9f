import { AnnotationRuleInput } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { DriftFields } from "./drift-fields.tsx";
import { KINDS, kindOf, type RuleDraft, type RuleKind, START, STARTS, triggerOf } from "./rule-draft.ts";
import { useRuleChanges } from "./use-rules.ts";

/** The labels of the fields by trigger; a trigger without a label does not need the field. */
const NAME_WORDS: Readonly<Record<RuleKind, string>> = {
  score: "Score",
  disagreement: "Scores (two or more, separated by commas)",
  feedback: "Feedback names (separated by commas)",
  novelty: "",
  drift: "",
  arrivals: "",
};
const NUMBER_WORDS: Readonly<Record<RuleKind, string>> = {
  score: "Score below",
  disagreement: "Minimum difference",
  feedback: "Feedback below",
  novelty: "Similarity below",
  drift: "",
  arrivals: "Trace sample (%)",
};

/** Creates a rule that adds new traces to the queue. */
export function RuleForm({ queueId, close }: { queueId: string; close: () => void }) {
  const { create } = useRuleChanges(queueId);
  const [draft, setDraft] = useState(START);
  const [problem, setProblem] = useState<string>();
  const change = (next: Partial<RuleDraft>) => setDraft({ ...draft, ...next });
  const isDrift = draft.kind === "drift";
  function submit() {
    const result = AnnotationRuleInput.safeParse({
      name: draft.name,
      trigger: triggerOf(draft),
      mostPerDay: Number(draft.mostPerDay),
    });
    if (!result.success) {
      const [issue] = result.error.issues;
      return setProblem(`${issue?.path.join(".") ?? "Rule"}: ${issue?.message}`);
    }
    setProblem(undefined);
    create.mutate(result.data, {
      onSuccess: () => {
        toastDone(`${draft.name} now adds traces`);
        close();
      },
    });
  }
  return (
    <Dialog title="New rule" close={close} width={isDrift ? "wide" : "normal"}>
      <form
        aria-label="Rule"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="flex flex-col gap-4"
      >
        <Field label="Name">
          {(field) => (
            <TextInput
              {...field}
              value={draft.name}
              required
              autoFocus
              maxLength={120}
              placeholder="Low helpfulness"
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
        <TriggerFields draft={draft} change={change} />
        <Field
          label="Filter"
          isOptional
          help="Uses the filter language of the Traces page. Traces must also match this filter"
        >
          {(field) => (
            <TextInput
              {...field}
              value={draft.filter}
              maxLength={2_000}
              placeholder="environment:production"
              className="font-mono text-sm"
              onChange={({ target }) => change({ filter: target.value })}
            />
          )}
        </Field>
        {isDrift && (
          <DriftFields
            queueId={queueId}
            filter={draft.filter}
            draft={draft.drift}
            change={(next) => change({ drift: { ...draft.drift, ...next } })}
          />
        )}
        <Failure text={problem ?? (create.error ? explain(create.error) : undefined)} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={create.isPending}>
            Create rule
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type FieldsProps = { draft: RuleDraft; change: (next: Partial<RuleDraft>) => void };

/** What the rule reacts to, from which value on, and how many traces it adds per day. */
function TriggerFields({ draft: { kind, names, number, mostPerDay }, change }: FieldsProps) {
  return (
    <>
      <Field label="Trigger">
        {(field) => (
          <Select
            {...field}
            value={kind}
            onChange={({ target }) => change({ kind: kindOf(target.value), number: STARTS[kindOf(target.value)] })}
          >
            {Object.entries(KINDS).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        {NAME_WORDS[kind] && (
          <Field label={NAME_WORDS[kind]} isOptional={kind === "feedback"}>
            {(field) => (
              <TextInput {...field} value={names} onChange={({ target }) => change({ names: target.value })} />
            )}
          </Field>
        )}
        {NUMBER_WORDS[kind] && (
          <Field label={NUMBER_WORDS[kind]}>
            {(field) => (
              <NumberInput {...field} value={number} onChange={({ target }) => change({ number: target.value })} />
            )}
          </Field>
        )}
        <Field label="Daily limit">
          {(field) => (
            <NumberInput
              {...field}
              value={mostPerDay}
              min={1}
              step={1}
              onChange={({ target }) => change({ mostPerDay: target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}
