import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { PlanSearch } from "../shared/experiment-search.ts";
import { type Plan, type PlanAsked, usePlan } from "../shared/use-experiments.ts";
import { useRunsById } from "../shared/use-runs.ts";
import { RunPicker } from "./compare-runs.tsx";

const route = getRouteApi("/shell/experiments/plan");
const POWERS = [0.8, 0.9, 0.95] as const;
const ALPHAS = [0.1, 0.05, 0.01] as const;

/** Calculates how many items and repeats are needed to detect a relevant difference, before any cost. */
export function PlannerPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { runs } = useRunsById([search.run, search.against].filter((id) => id !== undefined));
  const run = runs.find(({ runId }) => runId === search.run);
  const against = runs.find(({ runId }) => runId === search.against);
  const [power, setPower] = useState<number>(0.8);
  const [alpha, setAlpha] = useState<number>(0.05);
  const [deviation, setDeviation] = useState(0.5);
  const change = (next: PlanSearch) =>
    void navigate({ to: "/experiments/plan", search: (old) => ({ ...old, ...next }), replace: true });
  const difference = search.difference === undefined ? 0.05 : Number(search.difference);
  const spread = search.run
    ? { runId: search.run, baseRunId: search.against, scorer: search.scorer }
    : { standardDeviation: deviation };
  const asked: PlanAsked | undefined =
    difference > 0 && (search.run || deviation > 0) ? { difference, power, alpha, ...spread } : undefined;
  const plan = usePlan(useSettled(asked));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)] items-start gap-4 max-lg:grid-cols-1">
      <Section title="Target" description="The smallest relevant difference, and the required certainty.">
        <div className="flex flex-col gap-4 px-4 pb-4">
          <Field
            label="Smallest relevant difference"
            help="In the unit of the score; 0.05 of a rate is 5 percentage points"
          >
            {(field) => (
              <NumberInput
                {...field}
                min={0}
                defaultValue={difference}
                onChange={({ target }) => change({ difference: target.value || undefined })}
              />
            )}
          </Field>
          <div className="grid grid-cols-2 gap-4">
            <Field label="Power" help="The probability to detect the difference if it exists">
              {(field) => (
                <Select {...field} value={power} onChange={({ target }) => setPower(Number(target.value))}>
                  {POWERS.map((value) => (
                    <option key={value} value={value}>
                      {value * 100}%
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Significance" help="The probability to report a difference that does not exist">
              {(field) => (
                <Select {...field} value={alpha} onChange={({ target }) => setAlpha(Number(target.value))}>
                  {ALPHAS.map((value) => (
                    <option key={value} value={value}>
                      {value * 100}%
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          <Spread run={run} against={against} change={change} scorer={search.scorer} />
          {!search.run && (
            <Field
              label="Standard deviation of paired differences"
              help="At most 1 for a rate; about 0.5 if a quarter of the items change"
            >
              {(field) => (
                <NumberInput
                  {...field}
                  min={0}
                  value={deviation || ""}
                  onChange={({ target }) => setDeviation(target.valueAsNumber || 0)}
                />
              )}
            </Field>
          )}
        </div>
      </Section>
      <div aria-live="polite">
        <Failure text={plan.error ? explain(plan.error) : undefined} />
        {plan.data && !plan.error && <PlanTable plan={plan.data} isOld={plan.isPlaceholderData} />}
      </div>
    </div>
  );
}

type SpreadProps = {
  run: ReturnType<typeof useRunsById>["runs"][number] | undefined;
  against: SpreadProps["run"];
  scorer: string | undefined;
  change: (next: PlanSearch) => void;
};

/** A run whose scores give the variation, which is more accurate than a guess. */
function Spread({ run, against, scorer, change }: SpreadProps) {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium">
        Variation from a run <span className="font-normal text-muted">optional</span>
      </span>
      <div className="flex flex-wrap items-center gap-2">
        <RunPicker
          label={run?.name ?? "Choose a run"}
          datasetId={undefined}
          onPick={({ runId }) => change({ run: runId, against: undefined, scorer: undefined })}
        />
        {run && (
          <>
            <span className="text-muted">paired with</span>
            <RunPicker
              label={against?.name ?? "no other run"}
              datasetId={run.datasetId ?? undefined}
              onPick={({ runId }) => change({ against: runId })}
            />
            {run.scorers.length > 1 && (
              <Select
                aria-label="Score"
                value={scorer ?? run.scorers[0]?.key}
                onChange={({ target }) => change({ scorer: target.value })}
                className="w-40!"
              >
                {run.scorers.map(({ key, name }) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
            <button
              type="button"
              onClick={() => change({ run: undefined, against: undefined, scorer: undefined })}
              className="text-xs text-accent hover:underline"
            >
              Clear
            </button>
          </>
        )}
      </div>
      <p className="text-xs text-muted">
        The run's scores show how much items vary. This is more accurate than a guess.
      </p>
    </div>
  );
}

function PlanTable({ plan, isOld }: { plan: Plan; isOld: boolean }) {
  const [fewest] = plan.options;
  // If the answers to an item do not vary, repeats add no information.
  const isSteady = plan.options.every(({ items }) => items === fewest?.items);
  return (
    <Section
      title={fewest ? `About ${formatCount(fewest.items)} items` : "No plan"}
      description={plan.basis}
      className={`overflow-hidden ${isOld ? "opacity-60" : ""}`}
    >
      <PlainTable
        label="Items and repeats"
        columns={COLUMNS}
        rows={isSteady ? plan.options.slice(0, 1) : plan.options}
        idOf={({ repeats }) => String(repeats)}
      />
      {isSteady && (
        <p className="border-line border-t px-4 py-3 text-muted">
          Repeats do not help here: the answers to one item do not vary, or their variation is unknown.
        </p>
      )}
      {plan.detectable && (
        <p className="border-line border-t px-4 py-3">
          With its current {formatCount(plan.detectable.items)} items, the run can detect differences of{" "}
          <span className="num font-medium">{Number(plan.detectable.difference.toPrecision(2))}</span> or more.
        </p>
      )}
    </Section>
  );
}

const COLUMNS: readonly PlainColumn<Plan["options"][number]>[] = [
  { id: "repeats", header: "Answers per item", isNumber: true, cell: ({ repeats }) => repeats },
  { id: "items", header: "Items", isNumber: true, cell: ({ items }) => formatCount(items) },
  { id: "answers", header: "Answers per variant", isNumber: true, cell: ({ answers }) => formatCount(answers) },
];
