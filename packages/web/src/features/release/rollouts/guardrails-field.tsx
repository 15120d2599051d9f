import { ROLLOUT_ACTIONS } from "@treadle/contract";
import { Checkbox, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { useSpanValues } from "../../observe/filter/index.ts";
import { type DraftGuardrail, isPercent, withMetric } from "./rollout-draft.ts";
import { ACTION_WORDS, METRIC_WORDS } from "./rollout-words.ts";

type Props = {
  guardrails: readonly DraftGuardrail[];
  error: string | undefined;
  onChange: (guardrails: DraftGuardrail[]) => void;
};

const KINDS = Object.keys(METRIC_WORDS) as (keyof typeof METRIC_WORDS)[];
const BLANK: DraftGuardrail = { metric: { kind: "refusal" }, margin: 0.02 };

/** The guardrails of a rollout in a form: a metric, the harm that is acceptable, and what evidence of harm does. */
export function GuardrailsField({ guardrails, error, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">Guardrails</legend>
      <p className="text-xs text-muted">
        Harm below the margin is acceptable. A required metric must be shown to lie below it before a stage ends. Fewer
        guardrails decide sooner.
      </p>
      <RowEditor
        rows={guardrails}
        onChange={(rows) => onChange([...rows])}
        blank={BLANK}
        addLabel="Add guardrail"
        removeLabel={(_, place) => `Remove guardrail ${place + 1}`}
        removal={guardrails.length === 1 ? "disabled" : "enabled"}
        removeSize="normal"
        rowClassName="flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b pb-2"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(guardrail, change, place) => (
          <GuardrailRow guardrail={guardrail} name={`guardrail ${place + 1}`} change={change} />
        )}
      </RowEditor>
    </fieldset>
  );
}

type RowProps = { guardrail: DraftGuardrail; name: string; change: (guardrail: DraftGuardrail) => void };

function GuardrailRow({ guardrail, name, change }: RowProps) {
  const { metric, margin, action = "rollback", isRequired = true } = guardrail;
  const scale = isPercent(guardrail) ? 100 : 1;
  return (
    <>
      <Select
        aria-label={`Metric of ${name}`}
        value={metric.kind}
        onChange={({ target }) =>
          change(withMetric(guardrail, KINDS.find((kind) => kind === target.value) ?? metric.kind))
        }
        className="w-44!"
      >
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {METRIC_WORDS[kind]}
          </option>
        ))}
      </Select>
      <MetricFields guardrail={guardrail} name={name} change={change} />
      <span className="flex items-center gap-1.5">
        <span className="text-muted">margin</span>
        <NumberInput
          aria-label={`Margin of ${name}`}
          min={0}
          required
          value={Number((margin * scale).toPrecision(4))}
          onChange={({ target }) => change({ ...guardrail, margin: (target.valueAsNumber || 0) / scale })}
          className="w-18!"
        />
        {scale === 100 && (
          <span className="text-muted">{metric.kind === "cost" ? "% of the control" : "% points"}</span>
        )}
      </span>
      <Select
        aria-label={`Action of ${name}`}
        value={action}
        onChange={({ target }) =>
          change({ ...guardrail, action: ROLLOUT_ACTIONS.find((one) => one === target.value) ?? action })
        }
        className="w-28!"
      >
        {ROLLOUT_ACTIONS.map((one) => (
          <option key={one} value={one}>
            {ACTION_WORDS[one]}
          </option>
        ))}
      </Select>
      <Checkbox
        label="required"
        aria-label={`${name} is required`}
        checked={isRequired}
        onChange={({ target }) => change({ ...guardrail, isRequired: target.checked })}
      />
    </>
  );
}

/** What only some metrics have: a budget, or the name of a score. */
function MetricFields({ guardrail, name, change }: RowProps) {
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

function ScoreFields({ guardrail, name, change }: RowProps) {
  const names = useSpanValues("scoreName", { range: "7d" }, "");
  const { metric, direction = "higher" } = guardrail;
  if (metric.kind !== "score") return null;
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
        onChange={({ target }) => change({ ...guardrail, metric: { ...metric, name: target.value } })}
        className="w-40! font-mono text-sm"
      />
      <Select
        aria-label={`Better values of ${name}`}
        value={direction}
        onChange={({ target }) => change({ ...guardrail, direction: target.value === "lower" ? "lower" : "higher" })}
        className="w-36!"
      >
        <option value="higher">Higher is better</option>
        <option value="lower">Lower is better</option>
      </Select>
      <span className="flex items-center gap-1.5">
        <span className="text-muted">counts after</span>
        <NumberInput
          aria-label={`Maturity of ${name} in minutes`}
          min={0}
          step={1}
          title="A request counts this long after it began, in both arms"
          value={metric.maturityMinutes ?? 10}
          onChange={({ target }) =>
            change({ ...guardrail, metric: { ...metric, maturityMinutes: Math.round(target.valueAsNumber || 0) } })
          }
          className="w-18!"
        />
        <span className="text-muted">minutes</span>
      </span>
    </>
  );
}
