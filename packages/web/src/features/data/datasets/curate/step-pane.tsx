import type { CurationStep } from "@treadle/contract";
import { useState } from "react";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { Choice } from "../../../../components/form/choice.tsx";
import { paramErrors } from "../../../../components/form/param-errors.ts";
import { fieldsOf, initialOf, problemOf } from "../../../../components/form/schema-fields.ts";
import { SchemaForm } from "../../../../components/form/schema-form.tsx";
import type { DatasetPlace } from "../shared/use-draft.ts";
import type { PlannedStep } from "./pipeline.ts";
import { StepPreview } from "./step-preview.tsx";
import { useCurationPreview } from "./use-curation.ts";

const FEW_ROWS = 10_000;
const MOST_ROWS = 50_000;

type PaneProps = {
  place: DatasetPlace;
  step: CurationStep;
  planned: PlannedStep;
  /** The revision of the previewed draft. */
  revision: number;
  onParams: (params: PlannedStep["params"]) => void;
};

/** One step: its parameters and a preview of its effect. */
export function StepPane({ place, step, planned, revision, onParams }: PaneProps) {
  const [rows, setRows] = useState(FEW_ROWS);
  const { params, stepId } = planned;
  const problem = fieldsOf(step.params).find((field) => problemOf(field, params[field.name]) !== undefined);
  const settledParams = useSettled(params);
  const preview = useCurationPreview({
    ...place,
    revision,
    step: problem ? undefined : { stepId, params: settledParams },
    rows,
  });
  return (
    <section aria-label={step.label} className="card min-w-0">
      <div className="px-4 pt-3 pb-3">
        <h2 className="text-lg font-semibold">{step.label}</h2>
        <p className="text-muted text-pretty">{step.description}</p>
      </div>
      <div className="border-line border-t px-4 py-4">
        {step.presets.length > 0 && <Presets step={step} planned={planned} onParams={onParams} />}
        <SchemaForm
          key={presetOf(step, params) ?? ""}
          schema={step.params}
          params={params}
          onChange={onParams}
          errors={paramErrors(preview.error)}
        />
      </div>
      <div className="border-line border-t pt-4">
        <h3 className="px-4 pb-2 text-xs text-muted">Preview</h3>
        {problem ? (
          <p className="px-4 pb-4 text-muted">
            “{problem.label}” is invalid: {problemOf(problem, params[problem.name])}
          </p>
        ) : (
          <StepPreview
            step={step}
            planned={planned}
            onParams={onParams}
            preview={preview}
            onWhole={rows < MOST_ROWS ? () => setRows(MOST_ROWS) : undefined}
          />
        )}
      </div>
    </section>
  );
}

/** Named sets of parameters. */
function Presets({ step, planned, onParams }: Pick<PaneProps, "step" | "planned" | "onParams">) {
  const initial = initialOf(step.params);
  const isInitial = sorted(initial) === sorted(planned.params);
  const current = isInitial ? "initial" : (presetOf(step, planned.params) ?? "own");
  const names = ["initial", ...step.presets.map(({ presetId }) => presetId), ...(current === "own" ? ["own"] : [])];
  const words = Object.fromEntries([
    ["initial", "Defaults"],
    ...step.presets.map(({ presetId, label }) => [presetId, label]),
    ["own", "Custom"],
  ]);
  return (
    <div className="mb-4 overflow-x-auto">
      <Choice
        label="Preset"
        names={names}
        words={words}
        chosen={current}
        onChoose={(id) => {
          const preset = step.presets.find(({ presetId }) => presetId === id);
          if (preset) onParams({ ...initial, ...preset.params });
          else if (id === "initial") onParams(initial);
        }}
      />
    </div>
  );
}

/** The preset with exactly these parameters. */
const presetOf = ({ presets, params: schema }: CurationStep, params: PlannedStep["params"]) =>
  presets.find((preset) => sorted({ ...initialOf(schema), ...preset.params }) === sorted(params))?.presetId;
const sorted = (params: PlannedStep["params"]) =>
  JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));
