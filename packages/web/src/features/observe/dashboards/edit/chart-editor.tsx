import { CHART_KINDS, Chart } from "@treadle/contract";
import { ChartColumn, ChartLine, Grid3x3, Hash, type LucideIcon, Table2 } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, Select, TextInput } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { unitLook } from "../../../../components/text/unit.ts";
import { FilterBar } from "../../filter/index.ts";
import { ChartCard, titleOf } from "../chart/chart-card.tsx";
import { groupsFor } from "../chart/chart-question.ts";
import { dimensionLabel, measureLabel, unitOf } from "../chart/measures.ts";
import type { Viewing } from "../chart/use-chart.ts";
import { changeKind, ofLastUnit, sizeFor } from "./chart-edits.ts";
import { NameList } from "./name-list.tsx";
import { useNames } from "./use-names.ts";

type EditorProps = {
  chart: Chart;
  viewing: Viewing;
  isNew: boolean;
  onChange: (chart: Chart) => void;
  /** Leaves the chart as it was, or takes a new one away. */
  onCancel: (before: Chart) => void;
  onZoom: (from: Date, to: Date) => void;
  close: () => void;
};

const KINDS: Readonly<Record<Chart["kind"], readonly [label: string, icon: LucideIcon]>> = {
  line: ["Lines", ChartLine],
  bar: ["Bars", ChartColumn],
  table: ["Table", Table2],
  number: ["Number", Hash],
  heatmap: ["Heat map", Grid3x3],
};

/** A form for the query of a chart, next to the chart. Every change goes into the unsaved dashboard immediately. */
export function ChartEditor(props: EditorProps) {
  const { chart, viewing, isNew, onChange, onCancel, onZoom, close } = props;
  const before = useRef(chart);
  const issue = Chart.safeParse(chart).error?.issues[0]?.message;
  const cancel = () => onCancel(before.current);
  return (
    <Dialog title={isNew ? "New chart" : "Edit chart"} close={close} width="full">
      <div className="grid grid-cols-[340px_minmax(0,1fr)] gap-6 max-lg:grid-cols-1">
        <div className="flex min-w-0 flex-col gap-4 max-lg:order-last">
          <EditorForm chart={chart} viewing={viewing} isNew={isNew} onChange={onChange} />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <div className="flex h-[52vh] max-lg:h-64 lg:sticky lg:top-0">
            <ChartCard chart={chart} viewing={viewing} onZoom={onZoom} onOpenInstead={() => {}} className="grow" />
          </div>
          {issue && (
            <p role="alert" className="text-bad">
              {issue}
            </p>
          )}
        </div>
      </div>
      <div className="sticky -bottom-5 -mx-5 mt-4 -mb-5 flex justify-end gap-2 rounded-b-card border-line border-t bg-panel px-5 py-3">
        <Button onClick={cancel}>Cancel</Button>
        <Button kind="primary" onClick={close} disabled={issue !== undefined}>
          {isNew ? "Add to dashboard" : "Done"}
        </Button>
      </div>
    </Dialog>
  );
}

type FormProps = Pick<EditorProps, "chart" | "viewing" | "isNew" | "onChange">;

function EditorForm({ chart, viewing, isNew, onChange }: FormProps) {
  const { kind, query } = chart;
  const setQuery = (next: Partial<Chart["query"]>) => onChange({ ...chart, query: { ...query, ...next } });
  return (
    <>
      <KindChoice
        kind={kind}
        onChange={(next) => {
          const changed = changeKind(chart, next);
          // A size that the user chose does not change.
          onChange(isNew ? { ...changed, layout: { ...changed.layout, ...sizeFor(next) } } : changed);
        }}
      />
      <Field label="Title" isOptional>
        {(field) => (
          <TextInput
            {...field}
            value={chart.title}
            maxLength={200}
            placeholder={titleOf({ ...chart, title: "" })}
            onChange={({ target }) => onChange({ ...chart, title: target.value })}
          />
        )}
      </Field>
      <MeasureFields chart={chart} viewing={viewing} setQuery={setQuery} />
      <Part label="Filter">
        <FilterBar
          filter={query.where.filter ? { filter: query.where.filter } : {}}
          range={viewing.range}
          hasKey={false}
          label="Chart filter"
          onChange={({ filter }) => {
            const { filter: _, ...rest } = query.where;
            setQuery({ where: filter ? { ...rest, filter } : rest });
          }}
        />
      </Part>
      <SizeFields chart={chart} setQuery={setQuery} />
    </>
  );
}

type QueryProps = Pick<EditorProps, "chart"> & { setQuery: (next: Partial<Chart["query"]>) => void };

/** The measures and dimensions. */
function MeasureFields({ chart, viewing, setQuery }: QueryProps & Pick<EditorProps, "viewing">) {
  const { kind, query } = chart;
  const names = useNames(viewing.range);
  const isOneAxis = kind === "line" || (kind === "bar" && query.dimensions.includes("time"));
  const unit = unitOf(query.measures[0] ?? "count");
  const groups = query.dimensions.filter((name) => name !== "time");
  const isOverTime = query.dimensions.includes("time");
  const setGroups = (next: string[], hasTime = isOverTime) =>
    setQuery({ dimensions: hasTime ? ["time", ...next] : next });
  const most = kind === "heatmap" ? 2 : 3;
  return (
    <>
      <Part label="Measures">
        <NameList
          label="Measures"
          add="Add measure"
          help={
            isOneAxis
              ? `All measures share one axis and one unit (${unitLook(unit).name}). A measure with another unit replaces them.`
              : undefined
          }
          chosen={query.measures}
          choices={names.measures}
          labelOf={measureLabel}
          fewest={0}
          most={kind === "heatmap" ? 1 : 6}
          onChange={(measures) => setQuery({ measures: isOneAxis ? ofLastUnit(measures) : measures })}
        />
      </Part>
      {kind !== "number" && (
        <Part label={kind === "heatmap" ? "Columns and rows" : "Group by"}>
          {kind !== "line" && (
            <Checkbox
              label="Over time"
              checked={isOverTime}
              onChange={() => setGroups(groups, !isOverTime)}
              disabled={!isOverTime && groups.length >= most}
            />
          )}
          <NameList
            label="Groups"
            add="Add group"
            chosen={groups}
            choices={names.dimensions}
            labelOf={dimensionLabel}
            fewest={0}
            most={isOverTime ? most - 1 : most}
            onChange={(next) => setGroups(next)}
          />
        </Part>
      )}
    </>
  );
}

const INTERVALS = [
  [60, "1 minute"],
  [300, "5 minutes"],
  [900, "15 minutes"],
  [3_600, "1 hour"],
  [21_600, "6 hours"],
  [86_400, "1 day"],
  [604_800, "1 week"],
] as const;

/** The number of groups and the length of a time step. */
function SizeFields({ chart: { kind, query }, setQuery }: QueryProps) {
  const { dimensions, limit, rest, intervalSeconds } = query;
  const isGrouped = dimensions.some((name) => name !== "time");
  const isOverTime = dimensions.includes("time");
  const shown = groupsFor(query.measures.length);
  const isDrawnOverTime = isOverTime && (kind === "line" || kind === "bar");
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-3">
        {isGrouped && (
          <Field
            label="Maximum groups"
            help={
              isDrawnOverTime
                ? `A chart over time draws at most ${shown} groups.`
                : "The chart shows the groups with the highest first measure."
            }
          >
            {(field) => (
              <NumberInput
                {...field}
                min={1}
                max={1000}
                step={1}
                value={limit}
                onChange={({ target }) => {
                  const next = Math.round(target.valueAsNumber);
                  if (next >= 1 && next <= 1000) setQuery({ limit: next });
                }}
              />
            )}
          </Field>
        )}
        {isOverTime && (
          <Field label="Time step">
            {(field) => (
              <Select
                {...field}
                value={intervalSeconds ?? ""}
                onChange={({ target }) => setQuery({ intervalSeconds: Number(target.value) || undefined })}
              >
                <option value="">Automatic</option>
                {INTERVALS.map(([seconds, label]) => (
                  <option key={seconds} value={seconds}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
      </div>
      {isGrouped && kind !== "heatmap" && (
        <Checkbox
          label="Combine other groups"
          checked={rest === "other"}
          onChange={() => setQuery({ rest: rest === "other" ? "none" : "other" })}
        />
      )}
    </>
  );
}

function KindChoice({ kind, onChange }: { kind: Chart["kind"]; onChange: (kind: Chart["kind"]) => void }) {
  return (
    <fieldset className="grid grid-cols-5 gap-1.5">
      <legend className="mb-1 text-sm font-medium">Kind</legend>
      {CHART_KINDS.map((name) => {
        const [label, Icon] = KINDS[name];
        return (
          <label
            key={name}
            className="flex cursor-pointer flex-col items-center gap-1 rounded-control border border-line-strong px-0.5 py-2 text-center text-xs leading-tight text-muted hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="kind"
              checked={name === kind}
              onChange={() => onChange(name)}
              className="sr-only"
            />
            <Icon aria-hidden size={16} />
            {label}
          </label>
        );
      })}
    </fieldset>
  );
}

/** A labelled part of the form that is more than one control. */
function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      {children}
    </fieldset>
  );
}
