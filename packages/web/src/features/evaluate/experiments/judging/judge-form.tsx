import { useNavigate } from "@tanstack/react-router";
import { Scale } from "lucide-react";
import { useState } from "react";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, NumberInput, Select, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useScorers } from "../../scorers/index.ts";
import { useModelNames } from "../shared/use-choices.ts";
import type { Run } from "../shared/use-experiments.ts";
import { JudgeEstimate } from "./judge-estimate.tsx";
import { type JudgingBody, useJudgingChanges, useJudgingEstimate } from "./use-judgings.ts";

const MODELS_ID = "judge-models";
const OWN = "own";
/** The value while the stored judges load. */
const LOADING = "";
const PAIRINGS = ["every", "first"] as const;
const PAIRING_WORDS = { every: "All pairs", first: "Base with each run" } as const;
type Draft = {
  /** The id of a stored scorer, or a judge defined in this form. */
  judge: string | null;
  model: string;
  criteria: string;
  items: number | null;
  usd: number | null;
  pairing: (typeof PAIRINGS)[number];
};
const EMPTY: Draft = { judge: null, model: "", criteria: "", items: null, usd: null, pairing: "every" };

/** The judge, the number of items and the budget, with an estimate. */
export function JudgeForm({ runs }: { runs: readonly Run[] }) {
  const [draft, setDraft] = useState(EMPTY);
  const navigate = useNavigate();
  const { start } = useJudgingChanges();
  const stored = useScorers({ search: "", isArchived: false });
  const judges = stored.data?.pages.flatMap(({ items }) => items).filter(({ kind }) => kind === "pairwise") ?? [];
  const judge = draft.judge ?? judges[0]?.scorerId ?? (stored.isPending ? LOADING : OWN);
  const body = useSettled(bodyOf({ ...draft, judge }, runs), 400);
  const estimate = useJudgingEstimate(body);
  const change = (next: Partial<Draft>) => setDraft((old) => ({ ...old, ...next }));
  return (
    <form
      className="grid grid-cols-[1fr_minmax(260px,340px)] gap-6 px-4 pb-4 max-lg:grid-cols-1"
      onSubmit={(event) => {
        event.preventDefault();
        const now = bodyOf({ ...draft, judge }, runs);
        if (!now) return;
        start.mutate(now, {
          onSuccess: ({ judgingId }) =>
            void navigate({ to: "/experiments/judgings/$judgingId", params: { judgingId } }),
        });
      }}
    >
      <div className="grid grid-cols-2 content-start gap-4 max-sm:grid-cols-1">
        <Field label="Judge" help={judge === OWN ? "To reuse a judge, store a pairwise scorer" : undefined}>
          {(field) => (
            <Select {...field} value={judge} onChange={({ target }) => change({ judge: target.value })}>
              {judges.map(({ scorerId, name, latestVersion }) => (
                <option key={scorerId} value={scorerId}>
                  {name}, version {latestVersion}
                </option>
              ))}
              {judge === LOADING && <option value={LOADING}>Loading…</option>}
              <option value={OWN}>Custom judge</option>
            </Select>
          )}
        </Field>
        {judge === OWN && <OwnJudge draft={draft} change={change} />}
        <Field label="Items" isOptional help="A random sample of this size from the items that all runs answered">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              placeholder="all"
              value={draft.items ?? ""}
              onChange={({ target }) => change({ items: target.valueAsNumber || null })}
            />
          )}
        </Field>
        <Field label="Budget (USD)" isOptional help="Works only for a judge with a known price">
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              value={draft.usd ?? ""}
              onChange={({ target }) => change({ usd: target.valueAsNumber || null })}
            />
          )}
        </Field>
        {runs.length > 2 && (
          <div className="col-span-full flex flex-wrap items-center gap-2">
            <span className="text-sm font-medium">Runs to compare</span>
            <Choice
              label="Runs to compare"
              names={PAIRINGS}
              words={PAIRING_WORDS}
              chosen={draft.pairing}
              onChoose={(pairing) => change({ pairing })}
            />
          </div>
        )}
      </div>
      <div className="flex flex-col gap-3" aria-live="polite">
        <JudgeEstimate estimate={estimate} isWhole={body !== undefined} />
        <Button type="submit" kind="primary" disabled={!body || estimate.isError} isBusy={start.isPending}>
          <Scale aria-hidden size={14} /> Start comparison
        </Button>
      </div>
    </form>
  );
}

function OwnJudge({ draft, change }: { draft: Draft; change: (next: Partial<Draft>) => void }) {
  const models = useModelNames();
  return (
    <>
      <Field label="Judge model" help="Use a model of another family than the models under test">
        {(field) => (
          <>
            <TextInput
              {...field}
              list={MODELS_ID}
              placeholder="openai/gpt-4.1"
              value={draft.model}
              onChange={({ target }) => change({ model: target.value })}
            />
            <datalist id={MODELS_ID}>
              {models.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label="Criteria" isOptional className="col-span-full">
        {(field) => (
          <TextArea
            {...field}
            rows={3}
            placeholder="The better answer is correct, helpful, complete and clear."
            value={draft.criteria}
            onChange={({ target }) => change({ criteria: target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** Undefined without a judge. */
function bodyOf(draft: Draft & { judge: string }, runs: readonly Run[]): JudgingBody | undefined {
  const { judge, model, criteria, items, usd, pairing } = draft;
  if (judge === LOADING || (judge === OWN && model.trim() === "")) return undefined;
  return {
    runs: runs.map(({ runId }) => runId),
    judge:
      judge === OWN
        ? { kind: "pairwise", params: { model: model.trim(), criteria: criteria.trim() } }
        : { scorer: judge },
    items,
    pairing,
    budget: { usd },
  };
}
