import { useMutation } from "@tanstack/react-query";
import { DriftTrigger } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, NumberInput, TextInput } from "../../components/field.tsx";
import { useProject } from "../session/index.ts";
import { DriftReport } from "./drift-report.tsx";
import { describeLook, OUTCOME_LOOKS } from "./drift-words.ts";
import { type DriftDraft, driftTriggerOf, MEANINGS } from "./rule-draft.ts";

const MEANING_WORDS = { question: "What was asked", answer: "What was answered", length: "Length of answers" } as const;
type NumberKey = "windowHours" | "referenceDays" | "alphaPercent" | "sharePercent";
const NUMBERS: readonly { key: NumberKey; label: string; help: string; min: number; max: number }[] = [
  { key: "windowHours", label: "Window, hours", help: "Looked at once, when it is over", min: 1, max: 336 },
  { key: "referenceDays", label: "Days before", help: "What it is held against", min: 1, max: 90 },
  { key: "alphaPercent", label: "False alarms, %", help: "Of windows at most, over all columns", min: 0.5, max: 20 },
  { key: "sharePercent", label: "Taken, %", help: "Of a window that has drifted", min: 0.1, max: 50 },
];

type FieldsProps = {
  queueId: string;
  filter: string;
  draft: DriftDraft;
  change: (next: Partial<DriftDraft>) => void;
};

/** What a drift rule compares, and what it would find now. */
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
        <legend className="mb-1 text-sm font-medium">What may drift</legend>
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
        <Field label="Scores" isOptional help="Names, with commas">
          {(field) => (
            <TextInput {...field} value={draft.scores} onChange={({ target }) => change({ scores: target.value })} />
          )}
        </Field>
        <Field label="Categories" isOptional help="model, name, release, metadata.KEY …, with commas">
          {(field) => (
            <TextInput
              {...field}
              value={draft.categories}
              onChange={({ target }) => change({ categories: target.value })}
            />
          )}
        </Field>
      </div>
      {/* What was found belongs to what was asked then. */}
      <Look key={JSON.stringify([filter, draft])} queueId={queueId} filter={filter} draft={draft} />
    </>
  );
}

/** Looks at the newest window, as the rule would. */
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
    <section aria-label="What it would find now" aria-live="polite" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button size="small" isBusy={look.isPending} onClick={ask}>
          Look at the newest window
        </Button>
        <span className="min-w-0 text-xs text-muted">Adds nothing. Meanings take some seconds.</span>
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
