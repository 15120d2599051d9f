import { AnnotationRuleInput } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { toastDone } from "../../components/toast.tsx";
import { DriftFields } from "./drift-fields.tsx";
import { KINDS, kindOf, type RuleDraft, type RuleKind, START, STARTS, triggerOf } from "./rule-draft.ts";
import { useRuleChanges } from "./use-rules.ts";

const NAME_WORDS: Readonly<Record<RuleKind, string>> = {
  score: "Score",
  disagreement: "Scores, two or more with commas",
  feedback: "Names of feedback, with commas",
  novelty: "",
  drift: "",
  arrivals: "",
};
const NUMBER_WORDS: Readonly<Record<RuleKind, string>> = {
  score: "Taken below",
  disagreement: "Taken when they differ by",
  feedback: "Negative is below",
  novelty: "Nearest in meaning is below",
  drift: "",
  arrivals: "Share of the traces, %",
};

/** Makes a rule that brings traces into the queue from now on. */
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
      return setProblem(`${issue?.path.join(".") ?? "The rule"}: ${issue?.message}`);
    }
    setProblem(undefined);
    create.mutate(result.data, {
      onSuccess: () => {
        toastDone(`${draft.name} brings traces from now on`);
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
        <Field label="A trace is taken when">
          {(field) => (
            <Select
              {...field}
              value={draft.kind}
              onChange={({ target }) => change({ kind: kindOf(target.value), number: STARTS[kindOf(target.value)] })}
            >
              {Object.entries(KINDS).map(([kind, words]) => (
                <option key={kind} value={kind}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          {draft.kind !== "arrivals" && draft.kind !== "novelty" && !isDrift && (
            <Field label={NAME_WORDS[draft.kind]} isOptional={draft.kind === "feedback"}>
              {(field) => (
                <TextInput {...field} value={draft.names} onChange={({ target }) => change({ names: target.value })} />
              )}
            </Field>
          )}
          {!isDrift && (
            <Field label={NUMBER_WORDS[draft.kind]}>
              {(field) => (
                <NumberInput
                  {...field}
                  value={draft.number}
                  onChange={({ target }) => change({ number: target.value })}
                />
              )}
            </Field>
          )}
          <Field label="At most a day">
            {(field) => (
              <NumberInput
                {...field}
                value={draft.mostPerDay}
                min={1}
                step={1}
                onChange={({ target }) => change({ mostPerDay: target.value })}
              />
            )}
          </Field>
        </div>
        <Field label="Filter" isOptional help="In the language of the Traces page; the trace must match it too">
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
            Make the rule
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
