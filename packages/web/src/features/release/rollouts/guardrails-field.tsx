import { ROLLOUT_ACTIONS } from "@treadle/contract";
import { Checkbox, Select } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { MarginField, MetricFields, MetricSelect } from "../comparisons/index.ts";
import type { DraftGuardrail } from "./rollout-draft.ts";
import { ACTION_WORDS } from "./rollout-words.ts";

type Props = {
  guardrails: readonly DraftGuardrail[];
  error: string | undefined;
  onChange: (guardrails: DraftGuardrail[]) => void;
};

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

type GuardrailProps = { guardrail: DraftGuardrail; name: string; change: (guardrail: DraftGuardrail) => void };

function GuardrailRow({ guardrail, name, change }: GuardrailProps) {
  return (
    <>
      <MetricSelect measure={guardrail} name={name} change={(next) => change({ ...guardrail, ...next })} />
      <MetricFields measure={guardrail} name={name} change={(next) => change({ ...guardrail, ...next })} />
      <MarginField measure={guardrail} name={name} change={(next) => change({ ...guardrail, ...next })} />
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
