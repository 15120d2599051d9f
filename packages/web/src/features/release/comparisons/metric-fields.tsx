import { NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { useSpanValues } from "../../observe/filter/index.ts";
import { type DraftMeasure, isPercent, METRIC_WORDS, withMetric } from "./metric-words.ts";

export type MeasureProps<One extends DraftMeasure = DraftMeasure> = {
  measure: One;
  name: string;
  change: (measure: One) => void;
};

/** What only some metrics of a measure have: a budget, or the name of a score. */
export function MetricFields({ measure, name, change }: MeasureProps) {
  const { metric } = measure;
  if (metric.kind === "latency" || metric.kind === "first-token")
    return (
      <span className="flex items-center gap-1.5">
        <span className="text-muted">above</span>
        <NumberInput
          aria-label={`Budget of ${name} in milliseconds`}
          min={1}
          placeholder="p95"
          title="Leave empty to use the control's 95th percentile of the last 7 days"
          value={metric.budgetMs ?? ""}
          onChange={({ target }) =>
            change({ ...measure, metric: { ...metric, budgetMs: target.valueAsNumber || null } })
          }
          className="w-22!"
        />
        <span className="text-muted">ms</span>
      </span>
    );
  return metric.kind === "score" ? <ScoreFields measure={measure} name={name} change={change} /> : null;
}

function ScoreFields({ measure, name, change }: MeasureProps) {
  const { metric } = measure;
  if (metric.kind !== "score") return null;
  const changeMetric = (next: ScoreMetric) => change({ ...measure, metric: next });
  return (
    <>
      <ScoreName metric={metric} name={name} change={changeMetric} />
      <DirectionSelect measure={measure} name={name} change={change} />
      <MaturityField metric={metric} name={name} change={changeMetric} />
    </>
  );
}

type ScoreMetric = Extract<DraftMeasure["metric"], { kind: "score" }>;
type ScoreProps = { metric: ScoreMetric; name: string; change: (metric: ScoreMetric) => void };

function ScoreName({ metric, name, change }: ScoreProps) {
  const names = useSpanValues("scoreName", { range: "7d" }, "");
  const listId = `scores-${name.replaceAll(" ", "-")}`;
  return (
    <>
      <datalist id={listId}>
        {names.data?.items.map(({ value }) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <TextInput
        aria-label={`Score of ${name}`}
        list={listId}
        required
        placeholder="score name"
        value={metric.name}
        onChange={({ target }) => change({ ...metric, name: target.value })}
        className="w-40! font-mono text-sm"
      />
    </>
  );
}

const DirectionSelect = ({ measure, name, change }: MeasureProps) => (
  <Select
    aria-label={`Better values of ${name}`}
    value={measure.direction ?? "higher"}
    onChange={({ target }) => change({ ...measure, direction: target.value === "lower" ? "lower" : "higher" })}
    className="w-36!"
  >
    <option value="higher">Higher is better</option>
    <option value="lower">Lower is better</option>
  </Select>
);

const MaturityField = ({ metric, name, change }: ScoreProps) => (
  <span className="flex items-center gap-1.5">
    <span className="text-muted">counts after</span>
    <NumberInput
      aria-label={`Maturity of ${name} in minutes`}
      min={0}
      step={1}
      title="A request counts this long after it began, in both arms"
      value={metric.maturityMinutes ?? 10}
      onChange={({ target }) => change({ ...metric, maturityMinutes: Math.round(target.valueAsNumber || 0) })}
      className="w-18!"
    />
    <span className="text-muted">minutes</span>
  </span>
);

const KINDS = Object.keys(METRIC_WORDS) as (keyof typeof METRIC_WORDS)[];

export function MetricSelect({ measure, name, change }: MeasureProps) {
  const { kind } = measure.metric;
  return (
    <Select
      aria-label={`Metric of ${name}`}
      value={kind}
      onChange={({ target }) => change(withMetric(measure, KINDS.find((one) => one === target.value) ?? kind))}
      className="w-44!"
    >
      {KINDS.map((one) => (
        <option key={one} value={one}>
          {METRIC_WORDS[one]}
        </option>
      ))}
    </Select>
  );
}

export function MarginField({ measure, name, change }: MeasureProps) {
  const scale = isPercent(measure) ? 100 : 1;
  return (
    <span className="flex items-center gap-1.5">
      <span className="text-muted">margin</span>
      <NumberInput
        aria-label={`Margin of ${name}`}
        min={0}
        required
        value={Number((measure.margin * scale).toPrecision(4))}
        onChange={({ target }) => change({ ...measure, margin: (target.valueAsNumber || 0) / scale })}
        className="w-18!"
      />
      {scale === 100 && (
        <span className="text-muted">{measure.metric.kind === "cost" ? "% of the control" : "% points"}</span>
      )}
    </span>
  );
}
