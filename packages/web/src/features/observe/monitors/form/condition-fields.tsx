import { SEVERITIES, type Severity } from "@treadle/contract";
import { Checkbox, Field, Select } from "../../../../components/form/field.tsx";
import { SEVERITY_WORDS } from "../../../../components/text/severity.ts";
import { limitText, RECOVERY_SHARE, unitOfSource } from "../shared/monitor-words.ts";
import { BurnFields } from "./burn-fields.tsx";
import { kindsOf, withCondition } from "./draft-kinds.ts";
import type { MonitorDraft } from "./monitor-draft.ts";
import { NumberField } from "./number-field.tsx";
import type { MonitorForm } from "./use-monitor-form.ts";

const KINDS: Readonly<Record<MonitorDraft["conditionKind"], readonly [label: string, help: string]>> = {
  threshold: [
    "Threshold",
    "The value is beyond a number. For a rate, the whole confidence interval must be beyond it.",
  ],
  burn: ["Burn rate", "The error budget of an objective is used too fast, in a long and a short window."],
  change: [
    "Change",
    "The value differs from its own past. No threshold is needed, and the rate of false alarms is known.",
  ],
};

/** What makes the monitor fire. */
export function ConditionFields({ form }: { form: MonitorForm }) {
  const { draft, errors, set } = form;
  return (
    <>
      <KindChoice
        kinds={kindsOf(draft)}
        kind={draft.conditionKind}
        onChange={(conditionKind) => set(withCondition(draft, conditionKind))}
      />
      {draft.sourceKind === "sql" && draft.conditionKind === "burn" && <BurnQueryNote />}
      {errors.conditionKind && (
        <p role="alert" className="text-xs text-bad">
          {errors.conditionKind}
        </p>
      )}
      {draft.conditionKind === "threshold" && <ThresholdFields form={form} />}
      {draft.conditionKind === "burn" && <BurnFields form={form} />}
      {draft.conditionKind === "change" && <ChangeFields form={form} />}
    </>
  );
}

const BurnQueryNote = () => (
  <p className="text-sm text-pretty text-muted">
    The query must return a share of bad events from 0 to 1 as <code>value</code>, and the number of events as{" "}
    <code>n</code>. It runs once for each window.
  </p>
);

type Kind = MonitorDraft["conditionKind"];
type KindProps = { kinds: readonly Kind[]; kind: Kind; onChange: (kind: Kind) => void };

const KindChoice = ({ kinds, kind, onChange }: KindProps) => (
  <fieldset className="grid auto-cols-fr grid-flow-col gap-2 max-sm:grid-flow-row">
    <legend className="sr-only">Kind of condition</legend>
    {kinds.map((name) => {
      const [label, help] = KINDS[name];
      return (
        <label
          key={name}
          className="relative flex cursor-pointer flex-col gap-0.5 rounded-control border border-line-strong px-3 py-2 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="condition"
            checked={name === kind}
            onChange={() => onChange(name)}
            className="sr-only"
          />
          <span className="font-medium">{label}</span>
          <span className="text-xs text-muted text-pretty">{help}</span>
        </label>
      );
    })}
  </fieldset>
);

function ThresholdFields({ form: { draft, errors, set, touch } }: { form: MonitorForm }) {
  const unit = unitOfSource({ kind: draft.sourceKind, measure: draft.measure });
  const field = (name: "critical" | "warning" | "recovery") => ({
    label: `${FIELD_LABELS[name]}${unitSuffix(unit)}`,
    scale: unit === "ratio" ? 100 : 1,
    error: errors[name],
    value: draft[name],
    onChange: (value: number | null) => set({ [name]: value }),
    onLeave: () => touch(name),
  });
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <Field label="Fires if the value is">
        {(control) => (
          <Select
            {...control}
            value={draft.direction}
            onChange={({ target }) => set({ direction: target.value === "below" ? "below" : "above" })}
          >
            <option value="above">above the threshold</option>
            <option value="below">below the threshold</option>
          </Select>
        )}
      </Field>
      <NumberField {...field("critical")} />
      <NumberField {...field("warning")} isOptional help="Fires earlier, in the same incident." />
      <NumberField {...field("recovery")} isOptional help={recoveryHelp(draft, unit)} />
    </div>
  );
}

const FIELD_LABELS = { critical: "Critical", warning: "Warning", recovery: "Recovery" } as const;
const UNIT_SUFFIXES: Readonly<Record<string, string>> = {
  ratio: " (%)",
  ms: " (ms)",
  usd: " (USD)",
  tokens: " (tokens)",
};
const unitSuffix = (unit: string): string => UNIT_SUFFIXES[unit] ?? "";

/** The value that ends an alarm, unless the field has one. */
function recoveryHelp({ direction, critical, warning }: MonitorDraft, unit: string): string {
  const first = warning ?? critical;
  const share = RECOVERY_SHARE[direction];
  const end =
    first === null ? `${share * 100}% of the threshold` : limitText(Number((first * share).toPrecision(4)), unit);
  return `The value must pass this to recover. Empty: ${end}.`;
}

const ChangeFields = ({ form: { draft, errors, set, touch } }: { form: MonitorForm }) => (
  <>
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <DirectionField draft={draft} onChange={set} />
      <SeverityField severity={draft.severity} onChange={(severity) => set({ severity })} />
      <NumberField
        label="Days between false alarms"
        help="The mean time for each series that does not change, at least. More days: later alarms."
        error={errors.daysBetweenFalseAlarms}
        value={draft.daysBetweenFalseAlarms}
        min={1}
        max={3_650}
        onChange={(daysBetweenFalseAlarms) => set({ daysBetweenFalseAlarms })}
        onLeave={() => touch("daysBetweenFalseAlarms")}
      />
    </div>
    <Checkbox
      label="Compare with the same hour of the week"
      checked={draft.isSeasonal}
      onChange={() => set({ isSeasonal: !draft.isSeasonal })}
    />
  </>
);

type DirectionProps = { draft: MonitorDraft; onChange: (next: Partial<MonitorDraft>) => void };

const DirectionField = ({ draft, onChange }: DirectionProps) => (
  <Field label="Direction">
    {(field) => (
      <Select {...field} value={draft.changeDirection} onChange={({ target }) => onChange(directionOf(target.value))}>
        <option value="up">Higher than usual</option>
        <option value="down">Lower than usual</option>
        <option value="both">Both</option>
      </Select>
    )}
  </Field>
);

const directionOf = (word: string): Pick<MonitorDraft, "changeDirection"> => ({
  changeDirection: word === "down" || word === "both" ? word : "up",
});

type SeverityProps = { severity: Severity; onChange: (severity: Severity) => void };

const SeverityField = ({ severity, onChange }: SeverityProps) => (
  <Field label="Severity" help="It decides who is notified.">
    {(field) => (
      <Select
        {...field}
        value={severity}
        onChange={({ target }) => onChange(SEVERITIES.find((one) => one === target.value) ?? severity)}
      >
        {SEVERITIES.map((one) => (
          <option key={one} value={one}>
            {SEVERITY_WORDS[one]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
