import { ROLLOUT_ACTIONS } from "@treadle/contract";
import { Checkbox, NumberInput, Select } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { type GuardrailProps, MetricFields } from "./metric-fields.tsx";
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

function GuardrailRow({ guardrail, name, change }: GuardrailProps) {
  return (
    <>
      <MetricSelect guardrail={guardrail} name={name} change={change} />
      <MetricFields guardrail={guardrail} name={name} change={change} />
      <MarginField guardrail={guardrail} name={name} change={change} />
      <ActionSelect guardrail={guardrail} name={name} change={change} />
      <Checkbox
        label="required"
        aria-label={`${name} is required`}
        checked={guardrail.isRequired ?? true}
        onChange={({ target }) => change({ ...guardrail, isRequired: target.checked })}
      />
    </>
  );
}

function MetricSelect({ guardrail, name, change }: GuardrailProps) {
  const { kind } = guardrail.metric;
  return (
    <Select
      aria-label={`Metric of ${name}`}
      value={kind}
      onChange={({ target }) => change(withMetric(guardrail, KINDS.find((one) => one === target.value) ?? kind))}
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

function MarginField({ guardrail, name, change }: GuardrailProps) {
  const scale = isPercent(guardrail) ? 100 : 1;
  return (
    <span className="flex items-center gap-1.5">
      <span className="text-muted">margin</span>
      <NumberInput
        aria-label={`Margin of ${name}`}
        min={0}
        required
        value={Number((guardrail.margin * scale).toPrecision(4))}
        onChange={({ target }) => change({ ...guardrail, margin: (target.valueAsNumber || 0) / scale })}
        className="w-18!"
      />
      {scale === 100 && (
        <span className="text-muted">{guardrail.metric.kind === "cost" ? "% of the control" : "% points"}</span>
      )}
    </span>
  );
}

function ActionSelect({ guardrail, name, change }: GuardrailProps) {
  const { action = "rollback" } = guardrail;
  return (
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
  );
}
