import { Checkbox, Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useDatasetChoices, useVersionChoices } from "../../system/choices/index.ts";
import { ChoicesField } from "./choices-field.tsx";
import type { FormProps } from "./replay-draft.ts";

const SOURCES = [
  ["traffic", "Traces"],
  ["dataset", "Dataset of a replay"],
] as const;

/** The name, and which recorded calls are replayed. */
export const TrafficFields = (props: FormProps) => (
  <Section title="Recorded traffic">
    <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
      <NameField {...props} />
      <ChoicesField
        label="Source"
        value={props.draft.source}
        choices={SOURCES}
        onChange={(next) => props.change({ source: next === "dataset" ? "dataset" : "traffic" })}
      />
      {props.draft.source === "dataset" ? <DatasetFields {...props} /> : <TraceFields {...props} />}
    </div>
  </Section>
);

const NameField = ({ draft, change, problems }: FormProps) => (
  <Field label="Name" error={problems.name}>
    {(field) => (
      <TextInput
        {...field}
        maxLength={120}
        placeholder="Last week with the new prompt"
        value={draft.name}
        onChange={({ target }) => change({ name: target.value })}
      />
    )}
  </Field>
);

/** The recordings of an earlier replay. */
function DatasetFields({ draft, change, problems }: FormProps) {
  const datasets = useDatasetChoices().data ?? [];
  const versions = useVersionChoices(draft.datasetId).data ?? [];
  return (
    <>
      <ChoicesField
        label="Dataset"
        error={problems.source}
        value={draft.datasetId}
        none="Choose a dataset"
        choices={datasets.map(({ datasetId, name }) => [datasetId, name])}
        onChange={(datasetId) => change({ datasetId, version: "main" })}
      />
      <ChoicesField
        label="Version"
        value={draft.version}
        choices={[["main", "latest on main"], ...versions.map(({ version }) => [`${version}`, `${version}`] as const)]}
        onChange={(version) => change({ version })}
      />
      <BudgetField draft={draft} change={change} problems={problems} />
    </>
  );
}

/** Which recorded calls are drawn from the traces. */
const TraceFields = ({ draft, change, problems }: FormProps) => (
  <>
    <Field
      label="Filter"
      help="Calls of models that match. Empty for all calls."
      error={problems.source}
      isOptional
      className="col-span-2 max-sm:col-span-1"
    >
      {(field) => (
        <TextInput
          {...field}
          placeholder="endpoint:support"
          value={draft.filter}
          onChange={({ target }) => change({ filter: target.value })}
        />
      )}
    </Field>
    <TimeField label="From" value={draft.from} onChange={(from) => change({ from })} />
    <TimeField label="To" value={draft.to} onChange={(to) => change({ to })} />
    <SizeField draft={draft} change={change} problems={problems} />
    <BudgetField draft={draft} change={change} problems={problems} />
    <Checkbox
      label="Expect the recorded answers, so that scorers measure the agreement"
      checked={draft.expectsAnswer}
      onChange={({ target }) => change({ expectsAnswer: target.checked })}
      className="col-span-2 max-sm:col-span-1"
    />
  </>
);

const SizeField = ({ draft, change }: FormProps) => (
  <Field label="Sample size" help="Drawn at random. Calls of one exchange with tools are one recording.">
    {(field) => (
      <NumberInput
        {...field}
        min={1}
        max={5_000}
        step={1}
        value={draft.size || ""}
        onChange={({ target }) => change({ size: Number(target.value) })}
      />
    )}
  </Field>
);

const BudgetField = ({ draft, change, problems }: FormProps) => (
  <Field label="Budget (USD)" help="For answers and scores of all candidates." error={problems.budget} isOptional>
    {(field) => (
      <NumberInput
        {...field}
        min={0}
        step="any"
        value={draft.usd ?? ""}
        onChange={({ target }) => change({ usd: target.value === "" ? null : Number(target.value) })}
      />
    )}
  </Field>
);

type TimeProps = { label: string; value: string; onChange: (iso: string) => void };

/** A local time. Empty for no bound. */
const TimeField = ({ label, value, onChange }: TimeProps) => (
  <Field label={label} isOptional>
    {(field) => (
      <TextInput
        {...field}
        type="datetime-local"
        value={value === "" ? "" : toLocal(value)}
        onChange={({ target }) => onChange(target.value === "" ? "" : new Date(target.value).toISOString())}
      />
    )}
  </Field>
);

const MINUTE_MS = 60_000;

function toLocal(iso: string): string {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * MINUTE_MS)
    .toISOString()
    .slice(0, "2026-01-01T00:00".length);
}
