import { NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { useSpanValues } from "../../observe/filter/index.ts";
import type { DraftGuardrail } from "./rollout-draft.ts";

export type GuardrailProps = { guardrail: DraftGuardrail; name: string; change: (guardrail: DraftGuardrail) => void };

/** What only some metrics of a guardrail have: a budget, or the name of a score. */
export function MetricFields({ guardrail, name, change }: GuardrailProps) {
  const { metric } = guardrail;
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
            change({ ...guardrail, metric: { ...metric, budgetMs: target.valueAsNumber || null } })
          }
          className="w-22!"
        />
        <span className="text-muted">ms</span>
      </span>
    );
  return metric.kind === "score" ? <ScoreFields guardrail={guardrail} name={name} change={change} /> : null;
}

function ScoreFields({ guardrail, name, change }: GuardrailProps) {
  const { metric } = guardrail;
  if (metric.kind !== "score") return null;
  const changeMetric = (next: ScoreMetric) => change({ ...guardrail, metric: next });
  return (
    <>
      <ScoreName metric={metric} name={name} change={changeMetric} />
      <DirectionSelect guardrail={guardrail} name={name} change={change} />
      <MaturityField metric={metric} name={name} change={changeMetric} />
    </>
  );
}

type ScoreMetric = Extract<DraftGuardrail["metric"], { kind: "score" }>;
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

const DirectionSelect = ({ guardrail, name, change }: GuardrailProps) => (
  <Select
    aria-label={`Better values of ${name}`}
    value={guardrail.direction ?? "higher"}
    onChange={({ target }) => change({ ...guardrail, direction: target.value === "lower" ? "lower" : "higher" })}
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
