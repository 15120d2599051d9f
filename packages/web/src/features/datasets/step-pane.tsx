import type { CurationStep } from "@treadle/contract";
import { useState } from "react";
import { Choice } from "../../components/choice.tsx";
import { paramErrors } from "../../components/param-errors.ts";
import { fieldsOf, initialOf, problemOf } from "../../components/schema-fields.ts";
import { SchemaForm } from "../../components/schema-form.tsx";
import { useSettled } from "../../components/use-settled.ts";
import type { PlannedStep } from "./pipeline.ts";
import { StepPreview } from "./step-preview.tsx";
import { useCurationPreview } from "./use-curation.ts";
import type { DatasetPlace } from "./use-draft.ts";

const FEW_ROWS = 10_000;
const MOST_ROWS = 50_000;

type PaneProps = {
  place: DatasetPlace;
  step: CurationStep;
  planned: PlannedStep;
  /** Of the draft that is looked at. */
  revision: number;
  onParams: (params: PlannedStep["params"]) => void;
};

/** One step: its parameters, and under them what it would do with these. */
export function StepPane({ place, step, planned, revision, onParams }: PaneProps) {
  const [rows, setRows] = useState(FEW_ROWS);
  const { params, stepId } = planned;
  const problem = fieldsOf(step.params).find((field) => problemOf(field, params[field.name]) !== undefined);
  const asked = useSettled(params);
  const preview = useCurationPreview({
    ...place,
    revision,
    step: problem ? undefined : { stepId, params: asked },
    rows,
  });
  return (
    <section aria-label={step.label} className="card min-w-0">
      <div className="px-4 pt-3 pb-3">
        <h2 className="text-lg font-semibold">{step.label}</h2>
        <p className="text-muted text-pretty">{step.description}</p>
      </div>
      <div className="border-line border-t px-4 py-4">
        {step.presets.length > 0 && <Presets {...{ step, planned, onParams }} />}
        <SchemaForm
          key={presetOf(step, params) ?? ""}
          schema={step.params}
          params={params}
          onChange={onParams}
          errors={paramErrors(preview.error)}
        />
      </div>
      <div className="border-line border-t pt-4">
        <h3 className="px-4 pb-2 text-xs text-muted">What it would do</h3>
        {problem ? (
          <p className="px-4 pb-4 text-muted">
            “{problem.label}” is not right yet: {problemOf(problem, params[problem.name])}
          </p>
        ) : (
          <StepPreview
            {...{ step, planned, onParams, preview }}
            onWhole={rows < MOST_ROWS ? () => setRows(MOST_ROWS) : undefined}
          />
        )}
      </div>
    </section>
  );
}

/** Parameters that belong together, under a name people know. */
function Presets({ step, planned, onParams }: Pick<PaneProps, "step" | "planned" | "onParams">) {
  const initial = initialOf(step.params);
  const isInitial = sorted(initial) === sorted(planned.params);
  const current = isInitial ? "initial" : (presetOf(step, planned.params) ?? "own");
  const names = ["initial", ...step.presets.map(({ id }) => id), ...(current === "own" ? ["own"] : [])];
  const words = Object.fromEntries([
    ["initial", "Defaults"],
    ...step.presets.map(({ id, label }) => [id, label]),
    ["own", "Your own"],
  ]);
  return (
    <div className="mb-4 overflow-x-auto">
      <Choice
        label="Preset"
        names={names}
        words={words}
        chosen={current}
        onChoose={(id) => {
          const preset = step.presets.find((one) => one.id === id);
          if (preset) onParams({ ...initial, ...preset.params });
          else if (id === "initial") onParams(initial);
        }}
      />
    </div>
  );
}

/** The preset that has exactly these parameters. */
const presetOf = ({ presets, params: schema }: CurationStep, params: PlannedStep["params"]) =>
  presets.find((preset) => sorted({ ...initialOf(schema), ...preset.params }) === sorted(params))?.id;
const sorted = (params: PlannedStep["params"]) =>
  JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));
