import { getRouteApi } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Checkbox, Field, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { RunDenied } from "../../../../components/form/run-form.tsx";
import { useRunStart } from "../../../../components/form/use-run-start.ts";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { useDatasetChoices } from "../../../system/choices/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { DataFields, PaceFields } from "../new-run/data-fields.tsx";
import { PlaceFields } from "../new-run/place-field.tsx";
import { configOf, problemsByPath, providerOf, BEGUN as RUN_BEGUN, type RunDraft } from "../new-run/run-draft.ts";
import { SchemaFields } from "../new-run/schema-fields.tsx";
import { useValidation } from "../shared/use-training.ts";
import { BEGUN, type DraftDimension, newDimension, readSweep, SEARCHABLE, type SweepDraft } from "./sweep-draft.ts";
import { useSweepChanges } from "./use-sweeps.ts";

const route = getRouteApi("/shell/training/sweeps/new");

/** The form of a new sweep: its base configuration, the settings to search, the method and the limits. Its drafts are separate from the run form. */
export function NewSweepPage() {
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<SweepDraft>(`sweep-draft.${id}`, BEGUN);
  const [base, saveBase] = useStored<RunDraft>(`sweep-base.${id}`, RUN_BEGUN);
  const { start } = useSweepChanges();
  const datasets = useDatasetChoices();
  const config = configOf(base, datasets.data ?? []);
  const validation = useValidation(useSettled(config, 500));
  const { body, problems } = readSweep(draft, config);
  const change = (next: Partial<SweepDraft>) => save({ ...draft, ...next });
  const fields = {
    draft: base,
    change: (next: Partial<RunDraft>) => saveBase({ ...base, ...next }),
    problems: config === undefined ? {} : problemsByPath(validation.data?.problems ?? []),
  };
  const run = useRunStart({
    input: body,
    start,
    onStarted: ({ sweepId }) => navigate({ to: "/training/sweeps/$sweepId", params: { sweepId } }),
  });
  const shown = run.isTried ? problems : {};
  const back = <BackLink to="/training/sweeps" label="Sweeps" />;
  if (!can("training:write")) return <RunDenied title="New sweep" back={back} denied="You cannot train models" />;
  return (
    <>
      <PageHeader
        title="New sweep"
        back={back}
        description="A sweep trains the same model with different settings, one run after another."
      />
      <form onSubmit={run.onSubmit} className="flex max-w-220 flex-col gap-4 px-6 pb-8 max-md:px-4">
        <PlaceFields {...fields} />
        <DataFields {...fields} isNamed={false} />
        {providerOf(base) === undefined && <PaceFields {...fields} />}
        <Section title="Search space">
          <div className="flex flex-col gap-3 px-4 pb-4">
            <Field label="Name" error={shown.name}>
              {(field) => (
                <TextInput
                  {...field}
                  maxLength={120}
                  placeholder="learning rate and rank"
                  value={draft.name}
                  onChange={({ target }) => change({ name: target.value })}
                />
              )}
            </Field>
            <datalist id="searchable-settings">
              {SEARCHABLE.map((path) => (
                <option key={path} value={path} />
              ))}
            </datalist>
            {draft.dimensions.map((one, place) => (
              <Dimension
                key={one.id}
                dimension={one}
                problem={shown[one.id]}
                onChange={(next) => change({ dimensions: draft.dimensions.with(place, next) })}
                onRemove={() => change({ dimensions: draft.dimensions.toSpliced(place, 1) })}
              />
            ))}
            <Button
              className="self-start"
              size="small"
              onClick={() => change({ dimensions: [...draft.dimensions, newDimension(crypto.randomUUID())] })}
            >
              <Plus aria-hidden size={14} /> Add setting
            </Button>
            {shown.dimensions && <p className="text-xs text-bad">{shown.dimensions}</p>}
          </div>
        </Section>
        <Limits draft={draft} change={change} problems={shown} />
        <SchemaFields {...fields} />
        <Failure text={run.button.failure} />
        <Button type="submit" kind="primary" isBusy={run.button.isBusy} disabled={!config} className="self-start">
          Start sweep
        </Button>
      </form>
    </>
  );
}

type DimensionProps = {
  dimension: DraftDimension;
  problem: string | undefined;
  onChange: (next: DraftDimension) => void;
  onRemove: () => void;
};

function Dimension({ dimension, problem, onChange, onRemove }: DimensionProps) {
  const { path, kind, values, min, max, log } = dimension;
  const change = (next: Partial<DraftDimension>) => onChange({ ...dimension, ...next });
  return (
    <fieldset aria-label={path || "Setting"} className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <TextInput
          aria-label="Setting"
          list="searchable-settings"
          placeholder="setting"
          className="w-56! font-mono text-xs"
          value={path}
          onChange={({ target }) => change({ path: target.value })}
        />
        <Choice
          label="Search type"
          names={["values", "range"]}
          words={{ values: "Values", range: "Range" }}
          chosen={kind}
          onChoose={(next) => change({ kind: next })}
        />
        {kind === "values" ? (
          <TextInput
            aria-label="Values"
            placeholder="4, 8, 16"
            className="min-w-40! grow basis-40"
            value={values}
            onChange={({ target }) => change({ values: target.value })}
          />
        ) : (
          <>
            <TextInput
              aria-label="Minimum"
              inputMode="decimal"
              className="num w-24!"
              value={min}
              onChange={({ target }) => change({ min: target.value })}
            />
            <span className="text-muted">to</span>
            <TextInput
              aria-label="Maximum"
              inputMode="decimal"
              className="num w-24!"
              value={max}
              onChange={({ target }) => change({ max: target.value })}
            />
            <Checkbox label="log scale" checked={log} onChange={({ target }) => change({ log: target.checked })} />
          </>
        )}
        <IconButton label={`Remove ${path || "setting"}`} size="small" onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      {problem && <p className="text-xs text-bad">{problem}</p>}
    </fieldset>
  );
}

type LimitProps = {
  draft: SweepDraft;
  change: (next: Partial<SweepDraft>) => void;
  problems: Readonly<Record<string, string>>;
};

function Limits({ draft, change, problems }: LimitProps) {
  const number = (value: number) => (Number.isNaN(value) ? null : value);
  return (
    <Section title="Method and limits">
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <div className="col-span-full flex flex-wrap gap-x-6 gap-y-3">
          <span className="flex flex-col items-start gap-1">
            <span className="text-sm font-medium">Method</span>
            <div>
              <Choice
                label="Method"
                names={["tpe", "random", "grid"]}
                words={{ tpe: "Bayesian (TPE)", random: "Random", grid: "Grid" }}
                chosen={draft.method}
                onChoose={(method) => change({ method })}
              />
            </div>
          </span>
          <span className="flex flex-col items-start gap-1">
            <span className="text-sm font-medium">Early pruning</span>
            <div>
              <Choice
                label="Early pruning"
                names={["median", "asha", "none"]}
                words={{ median: "Median", asha: "Halving (ASHA)", none: "None" }}
                chosen={draft.pruner}
                onChoose={(pruner) => change({ pruner })}
              />
            </div>
          </span>
        </div>
        <Field label="Maximum runs" error={problems.trials} help="The sweep ends after this many runs">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              max={500}
              value={draft.trials ?? ""}
              onChange={({ target }) => change({ trials: number(target.valueAsNumber) })}
            />
          )}
        </Field>
        <Field label="Repeats" help="Runs the best settings again with this many other seeds">
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              max={10}
              value={draft.repeats ?? ""}
              onChange={({ target }) => change({ repeats: number(target.valueAsNumber) })}
            />
          )}
        </Field>
        <Field label="Time limit (minutes)" isOptional help="The sweep ends after this time">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              value={draft.maxMinutes ?? ""}
              onChange={({ target }) => change({ maxMinutes: number(target.valueAsNumber) })}
            />
          )}
        </Field>
      </div>
    </Section>
  );
}
