import { useMutation } from "@tanstack/react-query";
import { DriftTrigger } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { useProject } from "../../../system/session/index.ts";
import { DriftReport } from "./drift-report.tsx";
import { describeLook, OUTCOME_LOOKS } from "./drift-words.ts";
import { type DriftDraft, driftTriggerOf, MEANINGS } from "./rule-draft.ts";

const MEANING_WORDS = { question: "Questions", answer: "Answers", length: "Answer length" } as const;
type NumberKey = "windowHours" | "referenceDays" | "alphaPercent" | "sharePercent";
const NUMBERS: readonly { key: NumberKey; label: string; help: string; min: number; max: number }[] = [
  { key: "windowHours", label: "Window (hours)", help: "Each window is tested once, when it ends", min: 1, max: 336 },
  {
    key: "referenceDays",
    label: "Reference (days)",
    help: "The days before the window, for comparison",
    min: 1,
    max: 90,
  },
  {
    key: "alphaPercent",
    label: "False alarm rate (%)",
    help: "The maximum share of false alarms, over all columns",
    min: 0.5,
    max: 20,
  },
  {
    key: "sharePercent",
    label: "Selected (%)",
    help: "The share of spans to add from a window with drift",
    min: 0.1,
    max: 50,
  },
];

type FieldsProps = {
  queueId: string;
  filter: string;
  draft: DriftDraft;
  change: (next: Partial<DriftDraft>) => void;
};

/** The columns of a drift rule, and a preview of its result. */
export function DriftFields({ queueId, filter, draft, change }: FieldsProps) {
  const toggle = (of: (typeof MEANINGS)[number], isOn: boolean) =>
    change({ of: MEANINGS.filter((one) => (one === of ? isOn : draft.of.includes(one))) });
  return (
    <>
      <div className="grid grid-cols-4 items-start gap-4 max-lg:grid-cols-2 max-sm:grid-cols-1">
        {NUMBERS.map(({ key, label, help, min, max }) => (
          <Field key={key} label={label} help={help}>
            {(field) => (
              <NumberInput
                {...field}
                value={draft[key]}
                min={min}
                max={max}
                onChange={({ target }) => change({ [key]: target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
        <legend className="mb-1 text-sm font-medium">Columns to test</legend>
        {MEANINGS.map((of) => (
          <Checkbox
            key={of}
            label={MEANING_WORDS[of]}
            checked={draft.of.includes(of)}
            onChange={({ target }) => toggle(of, target.checked)}
          />
        ))}
      </fieldset>
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <Field label="Scores" isOptional help="Score names, separated by commas">
          {(field) => (
            <TextInput {...field} value={draft.scores} onChange={({ target }) => change({ scores: target.value })} />
          )}
        </Field>
        <Field label="Categories" isOptional help="model, name, release, metadata.KEY …, separated by commas">
          {(field) => (
            <TextInput
              {...field}
              value={draft.categories}
              onChange={({ target }) => change({ categories: target.value })}
            />
          )}
        </Field>
      </div>
      {/* The result belongs to the settings at the time of the test. */}
      <Look key={JSON.stringify([filter, draft])} queueId={queueId} filter={filter} draft={draft} />
    </>
  );
}

/** Tests the newest window, like the rule would. */
function Look({ queueId, filter, draft }: Omit<FieldsProps, "change">) {
  const { client } = useProject();
  const [problem, setProblem] = useState<string>();
  const look = useMutation({
    mutationFn: (trigger: DriftTrigger) =>
      client.call("POST /api/v1/annotation-queues/:queueId/drift", { params: { queueId }, body: { trigger } }),
  });
  function ask() {
    const result = DriftTrigger.safeParse(driftTriggerOf({ filter, drift: draft }));
    const issue = result.error?.issues[0];
    setProblem(issue && `${issue.path.join(".")}: ${issue.message}`);
    if (result.success) look.mutate(result.data);
  }
  return (
    <section aria-label="Test result" aria-live="polite" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button size="small" isBusy={look.isPending} onClick={ask}>
          Test newest window
        </Button>
        <span className="min-w-0 text-xs text-muted">Adds no items. The test takes a few seconds.</span>
      </div>
      <Failure text={problem ?? (look.error ? explain(look.error) : undefined)} />
      {look.data && (
        <div className="flex flex-col gap-2" ref={(node) => node?.scrollIntoView({ block: "start" })}>
          <p className={OUTCOME_LOOKS[look.data.outcome].look}>● {describeLook(look.data)}</p>
          <DriftReport report={look.data} spans={look.data.spans} />
        </div>
      )}
    </section>
  );
}
