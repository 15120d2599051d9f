import { AnnotationRuleInput, type AnnotationTrigger } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useRuleChanges } from "./use-rules.ts";

const KINDS = {
  score: "A score is low or high",
  disagreement: "Judges disagree",
  feedback: "Feedback is negative",
  novelty: "Nothing like it was asked before",
  arrivals: "A share of what arrives",
} as const;
type Kind = keyof typeof KINDS;
type Draft = { name: string; kind: Kind; filter: string; names: string; number: string; mostPerDay: string };

const START: Draft = { name: "", kind: "score", filter: "", names: "", number: "0.5", mostPerDay: "200" };
const NAME_WORDS: Readonly<Record<Kind, string>> = {
  score: "Score",
  disagreement: "Scores, two or more with commas",
  feedback: "Names of feedback, with commas",
  novelty: "",
  arrivals: "",
};
const NUMBER_WORDS: Readonly<Record<Kind, string>> = {
  score: "Taken below",
  disagreement: "Taken when they differ by",
  feedback: "Negative is below",
  novelty: "Nearest in meaning is below",
  arrivals: "Share of the traces, %",
};

const STARTS: Readonly<Record<Kind, string>> = {
  score: "0.5",
  disagreement: "0.5",
  feedback: "0.5",
  novelty: "0.6",
  arrivals: "5",
};

/** Makes a rule that brings traces into the queue from now on. */
export function RuleForm({ queueId, close }: { queueId: string; close: () => void }) {
  const { create } = useRuleChanges(queueId);
  const [draft, setDraft] = useState(START);
  const [problem, setProblem] = useState<string>();
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
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
    <Dialog title="New rule" close={close}>
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
          {draft.kind !== "arrivals" && draft.kind !== "novelty" && (
            <Field label={NAME_WORDS[draft.kind]} isOptional={draft.kind === "feedback"}>
              {(field) => (
                <TextInput {...field} value={draft.names} onChange={({ target }) => change({ names: target.value })} />
              )}
            </Field>
          )}
          <Field label={NUMBER_WORDS[draft.kind]}>
            {(field) => (
              <NumberInput
                {...field}
                value={draft.number}
                onChange={({ target }) => change({ number: target.value })}
              />
            )}
          </Field>
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

const kindOf = (value: string): Kind => (value in KINDS ? (value as Kind) : "score");

function triggerOf({ kind, filter, names, number }: Draft): AnnotationTrigger {
  const list = names
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const value = Number(number);
  switch (kind) {
    case "score":
      return { kind, score: list[0] ?? "", below: value, above: null, filter };
    case "disagreement":
      return { kind, scores: list, by: value, filter };
    case "feedback":
      return { kind, names: list, below: value, filter };
    case "novelty":
      return { kind, share: 1, days: 7, below: value, filter };
    case "arrivals":
      return { kind, share: value / 100, filter };
    default:
      return kind satisfies never;
  }
}
