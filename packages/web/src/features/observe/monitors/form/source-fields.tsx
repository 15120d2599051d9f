import { useRef } from "react";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { useProject } from "../../../system/session/index.ts";
import { type NameChoice, useNames } from "../../dashboards/index.ts";
import { FilterBar } from "../../filter/index.ts";
import { SqlEditor } from "../../sql/index.ts";
import { withSource } from "./draft-kinds.ts";
import { NO_SERIES, withMeasure } from "./monitor-draft.ts";
import { NumberField } from "./number-field.tsx";
import type { MonitorForm } from "./use-monitor-form.ts";

/** The time whose values, scores and metadata the form offers. */
const RECENT = { range: "30d" };
const KINDS = { measure: "Measure", sql: "SQL" } as const;

/** What is measured: a measure of spans, or the result of a query. */
export function SourceFields({ form }: { form: MonitorForm }) {
  const { draft, set } = form;
  const canQuery = useProject().can("sql:read");
  return (
    <>
      {(canQuery || draft.sourceKind === "sql") && (
        <div>
          <Choice
            label="Kind of source"
            names={["measure", "sql"]}
            words={KINDS}
            chosen={draft.sourceKind}
            onChoose={(sourceKind) => set(withSource(draft, sourceKind))}
          />
        </div>
      )}
      {draft.sourceKind === "measure" ? <MeasureFields form={form} /> : <SqlField form={form} />}
    </>
  );
}

function MeasureFields({ form }: PartProps) {
  const { draft, errors, set } = form;
  const { measures, dimensions } = useNames(RECENT);
  return (
    <>
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <NameSelect
          label="Measure"
          choices={measures}
          value={draft.measure}
          error={errors.measure}
          onChange={(measure) => set(withMeasure(draft, measure))}
        />
        <NameSelect
          label="Group by"
          none="No groups: one series"
          help="Each value has a series with a separate state."
          choices={dimensions.filter(({ name }) => !NO_SERIES.includes(name))}
          value={draft.groupBy}
          error={errors.groupBy}
          onChange={(groupBy) => set({ groupBy })}
        />
      </div>
      <FilterField form={form} />
      {draft.groupBy !== "" && <LimitField form={form} />}
    </>
  );
}

type PartProps = { form: MonitorForm };

const LimitField = ({ form: { draft, errors, set, touch } }: PartProps) => (
  <div className="max-w-60">
    <NumberField
      label="Series limit"
      help="The groups with the most spans have a series each. All others share one."
      error={errors.seriesLimit}
      value={draft.seriesLimit}
      min={1}
      max={200}
      onChange={(seriesLimit) => set({ seriesLimit })}
      onLeave={() => touch("seriesLimit")}
    />
  </div>
);

const FilterField = ({ form: { draft, errors, set } }: PartProps) => (
  <div className="flex flex-col gap-1">
    <span className="text-sm font-medium">
      Filter <span className="font-normal text-muted">optional</span>
    </span>
    <FilterBar
      label="Filter"
      filter={draft.filter ? { filter: draft.filter } : {}}
      range={RECENT}
      onChange={({ filter }) => set({ filter: filter ?? "" })}
      hasKey={false}
    />
    {errors.filter && <p className="text-xs text-bad">{errors.filter}</p>}
  </div>
);

type SelectProps = {
  label: string;
  /** The entry for no choice. */
  none?: string;
  help?: string;
  error: string | undefined;
  choices: readonly NameChoice[];
  value: string;
  onChange: (name: string) => void;
};

function NameSelect({ label, none, help, error, choices, value, onChange }: SelectProps) {
  const groups = [...new Set(choices.map(({ group }) => group))];
  const isKnown = value === "" || choices.some(({ name }) => name === value);
  return (
    <Field label={label} help={help} error={error}>
      {(field) => (
        <Select {...field} value={value} onChange={({ target }) => onChange(target.value)}>
          {none && <option value="">{none}</option>}
          {!isKnown && <option value={value}>{value}</option>}
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {choices
                .filter((choice) => choice.group === group)
                .map(({ name, label: words }) => (
                  <option key={name} value={name}>
                    {words}
                  </option>
                ))}
            </optgroup>
          ))}
        </Select>
      )}
    </Field>
  );
}

function SqlField({ form: { draft, errors, set, touch } }: { form: MonitorForm }) {
  const input = useRef<HTMLTextAreaElement>(null);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1" onBlur={() => touch("sql")}>
      <legend className="mb-1 text-sm font-medium">Query</legend>
      <SqlEditor
        input={input}
        sql={draft.sql}
        wrongLine={undefined}
        onChange={(sql) => set({ sql })}
        onRun={() => touch("sql")}
      />
      <p className={`text-xs text-pretty ${errors.sql ? "text-bad" : "text-muted"}`}>
        {errors.sql ?? (
          <>
            Return a column <code>value</code>. Optional columns are <code>series</code> for the name of a series and{" "}
            <code>n</code> for its number of events. The query runs once for each window, from{" "}
            <code>{"{from:DateTime64(6)}"}</code> to <code>{"{to:DateTime64(6)}"}</code>. It cannot read content.
          </>
        )}
      </p>
    </fieldset>
  );
}
