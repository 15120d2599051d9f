import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button, buttonLook, IconButton } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, NumberInput, TextInput } from "../../components/field.tsx";
import { BackLink, PageHeader, Section } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useStored } from "../../components/stored-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { useDatasetChoices } from "../choices/index.ts";
import { useProject } from "../session/index.ts";
import { configOf, BEGUN as RUN_BEGUN, type RunDraft } from "./run-draft.ts";
import { BEGUN, type DraftDimension, newDimension, readSweep, SEARCHABLE, type SweepDraft } from "./sweep-draft.ts";
import { useSweepChanges } from "./use-sweeps.ts";

const route = getRouteApi("/shell/training/sweeps/new");

/** Which settings are searched, how, and how far it may go. What is trained is what stands in the form of a run. */
export function NewSweepPage() {
  const navigate = route.useNavigate();
  const { id, can } = useProject();
  const [draft, save] = useStored<SweepDraft>(`sweep-draft.${id}`, BEGUN);
  const [runDraft] = useStored<RunDraft>(`training-draft.${id}`, RUN_BEGUN);
  const [isTried, setIsTried] = useState(false);
  const { start } = useSweepChanges();
  const datasets = useDatasetChoices();
  const config = configOf(runDraft, datasets.data ?? []);
  const { body, problems } = readSweep(draft, config);
  const shown = isTried ? problems : {};
  const change = (next: Partial<SweepDraft>) => save({ ...draft, ...next });
  async function begin() {
    setIsTried(true);
    if (!body) return;
    const { sweepId, name } = await start.mutateAsync(body);
    toastDone(`Started ${name}`);
    await navigate({ to: "/training/sweeps/$sweepId", params: { sweepId } });
  }
  const back = <BackLink to="/training/sweeps" label="Searches" />;
  if (!can("training:write"))
    return (
      <>
        <PageHeader title="New search" back={back} />
        <EmptyState title="You may not train models">Ask an owner of the project for a role that may.</EmptyState>
      </>
    );
  return (
    <>
      <PageHeader
        title="New search"
        back={back}
        description="The same training with other settings, one run after another."
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // A refusal is shown beside the button.
          void begin().catch(() => undefined);
        }}
        className="flex max-w-220 flex-col gap-4 px-6 pb-8 max-md:px-4"
      >
        <Section
          title="What is trained"
          description={
            config
              ? `${config.base_model} by ${config.method}, as it stands in the form of a run.`
              : "Nothing yet: fill in the form of a run first. It does not have to be started."
          }
          action={
            <Link to="/training/new" className={buttonLook(config ? "plain" : "primary", "small")}>
              {config ? "Change it" : "Fill in the form"}
            </Link>
          }
        />
        <Section title="What is searched">
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
              <Plus aria-hidden size={14} /> Add a setting
            </Button>
            {shown.dimensions && <p className="text-xs text-bad">{shown.dimensions}</p>}
          </div>
        </Section>
        <Limits draft={draft} change={change} problems={shown} />
        <Failure text={start.error ? explain(start.error) : undefined} />
        <Button type="submit" kind="primary" isBusy={start.isPending} disabled={!config} className="self-start">
          Start the search
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
    <fieldset aria-label={path || "A setting"} className="flex flex-col gap-1">
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
          label="Searched as"
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
              aria-label="From"
              inputMode="decimal"
              className="num w-24!"
              value={min}
              onChange={({ target }) => change({ min: target.value })}
            />
            <span className="text-muted">to</span>
            <TextInput
              aria-label="To"
              inputMode="decimal"
              className="num w-24!"
              value={max}
              onChange={({ target }) => change({ max: target.value })}
            />
            <Checkbox label="in powers" checked={log} onChange={({ target }) => change({ log: target.checked })} />
          </>
        )}
        <IconButton label={`Do not search ${path || "this"}`} size="small" onClick={onRemove}>
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
    <Section title="How, and how far">
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <div className="col-span-full flex flex-wrap gap-x-6 gap-y-3">
          <span className="flex flex-col items-start gap-1">
            <span className="text-sm font-medium">Chosen</span>
            <div>
              <Choice
                label="Chosen"
                names={["tpe", "random", "grid"]}
                words={{ tpe: "Near what went well", random: "At random", grid: "All combinations" }}
                chosen={draft.method}
                onChoose={(method) => change({ method })}
              />
            </div>
          </span>
          <span className="flex flex-col items-start gap-1">
            <span className="text-sm font-medium">Broken off</span>
            <div>
              <Choice
                label="Broken off"
                names={["median", "asha", "none"]}
                words={{ median: "Below the median", asha: "By halving", none: "Never" }}
                chosen={draft.pruner}
                onChoose={(pruner) => change({ pruner })}
              />
            </div>
          </span>
        </div>
        <Field label="Runs" error={problems.trials} help="At most">
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
        <Field label="The best again" help="So many runs with other seeds">
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
        <Field label="Minutes" isOptional help="It ends when they are spent">
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
