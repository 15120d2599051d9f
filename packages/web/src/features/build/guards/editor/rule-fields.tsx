import { Choice } from "../../../../components/form/choice.tsx";
import { Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import { canAct, DETECTOR_NAMES, detectorLabel, detectorLine, hasBudget } from "../shared/detector-words.ts";
import { ACTION_WORDS } from "../shared/guard-words.ts";
import { withDetector } from "../shared/policy-draft.ts";
import type { Action } from "../shared/use-guards.ts";
import { ActionDetails, BudgetField } from "./action-details.tsx";
import { FailureFields } from "./failure-fields.tsx";
import type { RuleFieldsProps } from "./field-props.ts";
import { OptionsForm } from "./options-form.tsx";
import { ProblemText } from "./problem-text.tsx";
import { SourcesField } from "./sources-field.tsx";

/** What a rule looks for, in which texts, and what happens then. */
export const RuleFields = (props: RuleFieldsProps) => (
  <div className="flex min-w-0 flex-col gap-5">
    <DetectorField {...props} />
    <OptionsForm {...props} />
    <ActionField {...props} />
    <ActionDetails {...props} />
    <SourcesField {...props} />
    <ThresholdField {...props} />
    {hasBudget(props.rule.detector) && <BudgetField {...props} />}
    <FailureFields {...props} />
  </div>
);

function DetectorField({ rule, path, form, onChange }: RuleFieldsProps) {
  const names = DETECTOR_NAMES.includes(rule.detector) ? DETECTOR_NAMES : [...DETECTOR_NAMES, rule.detector];
  return (
    <Field label="Detector" help={detectorLine(rule.detector)} error={form.errorAt(`${path}.detector`)}>
      {(field) => (
        <Select
          {...field}
          value={rule.detector}
          onChange={({ target }) => onChange(withDetector(rule, target.value))}
          className="max-w-80"
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {detectorLabel(name)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

const ACTIONS = Object.keys(ACTION_WORDS) as Action[];
const ACTION_LABELS = Object.fromEntries(ACTIONS.map((action) => [action, ACTION_WORDS[action].label])) as Record<
  Action,
  string
>;

const ActionField = ({ rule, name, path, form, onChange }: RuleFieldsProps) => (
  <div className="flex min-w-0 flex-col items-start gap-1">
    <span className="text-sm font-medium">Action</span>
    <Choice
      label={`Action of ${name}`}
      names={ACTIONS.filter((action) => action === rule.action || canAct(rule.detector, action))}
      words={ACTION_LABELS}
      chosen={rule.action}
      onChoose={(action) => onChange({ ...rule, action })}
    />
    <ProblemText text={form.errorAt(`${path}.action`)} />
    <p className="text-xs text-muted">{ACTION_WORDS[rule.action].words}</p>
  </div>
);

function ThresholdField({ rule, path, form, onChange }: RuleFieldsProps) {
  return (
    <Field
      label="Threshold"
      isOptional
      help="From 0 to 1. Findings with a lower score do not count. Leave empty for the detector's own threshold."
      error={form.errorAt(`${path}.threshold`)}
    >
      {(field) => (
        <NumberInput
          {...field}
          min={0}
          max={1}
          step="any"
          value={rule.threshold ?? ""}
          onChange={({ target: { valueAsNumber } }) =>
            onChange({ ...rule, threshold: Number.isNaN(valueAsNumber) ? null : valueAsNumber })
          }
          onBlur={() => form.touch(`${path}.threshold`)}
          className="max-w-40"
        />
      )}
    </Field>
  );
}
