import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, Select } from "../../components/field.tsx";
import { formatCount } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { useSettled } from "../../components/use-settled.ts";
import { RunPicker } from "./compare-runs.tsx";
import type { PlanSearch } from "./experiment-search.ts";
import { type Plan, type PlanAsked, usePlan } from "./use-experiments.ts";
import { useRunsById } from "./use-runs.ts";

const route = getRouteApi("/shell/experiments/plan");
const POWERS = [0.8, 0.9, 0.95] as const;
const ALPHAS = [0.1, 0.05, 0.01] as const;

/** How many items and repeats it takes to see a difference that matters, before anything is paid for. */
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
      <Section title="What should be seen" description="How large a difference matters, and how sure it should be.">
        <div className="flex flex-col gap-4 px-4 pb-4">
          <Field
            label="Smallest difference that matters"
            help="In the score's own unit; 0.05 of a rate is 5 percentage points"
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
            <Field label="Power" help="How often it should be seen when it is there">
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
            <Field label="Significance" help="How often it may be seen when it is not there">
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
          <Spread {...{ run, against, change }} scorer={search.scorer} />
          {!search.run && (
            <Field
              label="Standard deviation of a pair's difference"
              help="At most 1 for a rate; about 0.5 when every fourth item turns"
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

/** A run that tells how much answers vary, which is better than a guess. */
function Spread({ run, against, scorer, change }: SpreadProps) {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium">
        Taken from a run <span className="font-normal text-muted">optional</span>
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
              label={against?.name ?? "nothing"}
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
              Without a run
            </button>
          </>
        )}
      </div>
      <p className="text-xs text-muted">Its scores tell how much items differ, which is better than a guess.</p>
    </div>
  );
}

function PlanTable({ plan, isOld }: { plan: Plan; isOld: boolean }) {
  const [fewest] = plan.options;
  // Where answers to one item do not vary, asking again tells nothing new.
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
          Asking an item again does not help: nothing is known of how much its answers vary, or they do not.
        </p>
      )}
      {plan.detectable && (
        <p className="border-line border-t px-4 py-3">
          As it is, the run with its {formatCount(plan.detectable.items)} items tells differences of{" "}
          <span className="num font-medium">{Number(plan.detectable.difference.toPrecision(2))}</span> or more apart.
        </p>
      )}
    </Section>
  );
}

const COLUMNS: readonly PlainColumn<Plan["options"][number]>[] = [
  { id: "repeats", header: "Answers to each item", isNumber: true, cell: ({ repeats }) => repeats },
  { id: "items", header: "Items", isNumber: true, cell: ({ items }) => formatCount(items) },
  { id: "answers", header: "Answers of one variant", isNumber: true, cell: ({ answers }) => formatCount(answers) },
];
