import type { ComponentProps } from "react";
import { Checkbox, NumberInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { type DraftStage, nextStage } from "./rollout-draft.ts";

type Props = {
  stages: readonly DraftStage[];
  error: string | undefined;
  onChange: (stages: DraftStage[]) => void;
};

/** The stages of a rollout in a form: the candidate's share, and what ends the stage. */
export function StagesField({ stages, error, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">Stages</legend>
      <p className="text-xs text-muted">
        Each stage has a larger share than the stage before it. It ends when it has its units and minutes, and every
        required metric is safe.
      </p>
      <RowEditor
        rows={stages}
        onChange={(rows) => onChange([...rows])}
        blank={nextStage(stages)}
        addLabel="Add stage"
        removeLabel={(_, place) => `Remove stage ${place + 1}`}
        removal={stages.length === 1 ? "disabled" : "enabled"}
        removeSize="normal"
        rowClassName="flex-wrap items-center gap-x-3 gap-y-1"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(stage, change, place) => <StageRow stage={stage} place={place} change={change} />}
      </RowEditor>
    </fieldset>
  );
}

type RowProps = { stage: DraftStage; place: number; change: (stage: DraftStage) => void };

function StageRow({ stage, place, change }: RowProps) {
  const name = `stage ${place + 1}`;
  return (
    <>
      <NumberWithUnit
        aria-label={`Share of ${name} in percent`}
        min={0.1}
        max={99}
        value={Number((stage.share * 100).toPrecision(4))}
        onChange={({ target }) => change({ ...stage, share: (target.valueAsNumber || 0) / 100 })}
        className="w-18!"
        unit="% of units"
      />
      <MinimumFields stage={stage} name={name} change={change} />
      <Checkbox
        label="needs approval"
        aria-label={`${name} needs approval`}
        checked={stage.needsApproval ?? false}
        onChange={({ target }) => change({ ...stage, needsApproval: target.checked })}
      />
    </>
  );
}

type MinimumProps = Pick<RowProps, "stage" | "change"> & { name: string };

const MinimumFields = ({ stage, name, change }: MinimumProps) => (
  <>
    <NumberWithUnit
      aria-label={`Minimum units of ${name}`}
      min={1}
      step={1}
      value={stage.minUnits ?? 100}
      onChange={({ target }) => change({ ...stage, minUnits: Math.round(target.valueAsNumber || 0) })}
      className="w-22!"
      unit="units"
    />
    <NumberWithUnit
      aria-label={`Minimum minutes of ${name}`}
      min={0}
      step={1}
      value={stage.minMinutes ?? 60}
      onChange={({ target }) => change({ ...stage, minMinutes: Math.round(target.valueAsNumber || 0) })}
      className="w-20!"
      unit="minutes"
    />
  </>
);

/** A required number with its unit after it. */
const NumberWithUnit = ({ unit, ...input }: ComponentProps<typeof NumberInput> & { unit: string }) => (
  <span className="flex items-center gap-1.5">
    <NumberInput {...input} required />
    <span aria-hidden className="text-muted">
      {unit}
    </span>
  </span>
);
