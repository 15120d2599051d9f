import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Checkbox, Select } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { blankCondition, type ConditionInput, FACT_WORDS, type Fact, type RuleInput } from "./routing-draft.ts";
import { ConditionValue } from "./rule-condition.tsx";

type RulesProps = {
  rules: readonly RuleInput[];
  /** The variants that have a name. */
  names: readonly string[];
  onChange: (rules: RuleInput[]) => void;
  onLeave: () => void;
  error: string | undefined;
};

/** Which variants answer requests of a certain kind: conditions, and the variants to choose from. */
export function RulesField({ rules, names, onChange, onLeave, error }: RulesProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-sm font-medium">
        Rules <span className="font-normal text-muted">optional</span>
      </legend>
      <p className="text-xs text-muted">
        The first rule that matches a request decides which variants can answer it. A conversation stays on its variant.
      </p>
      <RowEditor
        rows={rules}
        onChange={(rows) => onChange([...rows])}
        blank={{ when: [blankCondition("tag")], variants: names.slice(0, 1) }}
        addLabel="Add rule"
        removeLabel={(_, place) => `Remove rule ${place + 1}`}
        removeSize="normal"
        rowClassName="items-start gap-2 rounded-control border border-line p-2"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(rule, change, place) => (
          <div className="flex min-w-0 grow flex-col gap-2">
            <Conditions rule={rule} place={place} onChange={change} onLeave={onLeave} />
            <RuleVariants rule={rule} place={place} names={names} onChange={change} />
          </div>
        )}
      </RowEditor>
    </fieldset>
  );
}

type RuleProps = { rule: RuleInput; place: number; onChange: (rule: RuleInput) => void };

function Conditions({ rule, place, onChange, onLeave }: RuleProps & { onLeave: () => void }) {
  const { when } = rule;
  return (
    <>
      {when.map((condition, nth) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no id, and their texts change while they are typed.
          key={nth}
          condition={condition}
          nth={nth}
          label={`condition ${nth + 1} of rule ${place + 1}`}
          onChange={(next) => onChange({ ...rule, when: when.with(nth, next) })}
          onRemove={when.length > 1 ? () => onChange({ ...rule, when: when.toSpliced(nth, 1) }) : undefined}
          onLeave={onLeave}
        />
      ))}
      <Button
        size="small"
        kind="quiet"
        className="self-start"
        disabled={when.length >= 10}
        onClick={() => onChange({ ...rule, when: [...when, blankCondition("language")] })}
      >
        <Plus aria-hidden size={13} /> Add condition
      </Button>
    </>
  );
}

type ConditionProps = {
  condition: ConditionInput;
  nth: number;
  label: string;
  onChange: (condition: ConditionInput) => void;
  /** Undefined for the only condition of a rule. */
  onRemove: (() => void) | undefined;
  onLeave: () => void;
};

const ConditionRow = ({ condition, nth, label, onChange, onRemove, onLeave }: ConditionProps) => (
  <div className="flex flex-wrap items-center gap-2">
    <span className="w-8 shrink-0 text-xs text-muted">{nth === 0 ? "If" : "and"}</span>
    <FactSelect label={`Fact of ${label}`} fact={condition.fact} onChange={(fact) => onChange(blankCondition(fact))} />
    <ConditionValue condition={condition} label={`of ${label}`} onChange={onChange} onLeave={onLeave} />
    {onRemove && (
      <IconButton size="small" label={`Remove ${label}`} onClick={onRemove}>
        <X size={14} />
      </IconButton>
    )}
  </div>
);

const FactSelect = ({ label, fact, onChange }: { label: string; fact: Fact; onChange: (fact: Fact) => void }) => (
  <Select
    aria-label={label}
    value={fact}
    onChange={(event) => onChange(event.target.value as Fact)}
    className="w-32! shrink-0"
  >
    {(Object.keys(FACT_WORDS) as Fact[]).map((name) => (
      <option key={name} value={name}>
        {FACT_WORDS[name]}
      </option>
    ))}
  </Select>
);

function RuleVariants({ rule, place, names, onChange }: RuleProps & { names: readonly string[] }) {
  const gone = rule.variants.filter((name) => !names.includes(name));
  const toggle = (name: string, isOn: boolean) =>
    onChange({
      ...rule,
      variants: [...names, ...gone].filter((one) => (one === name ? isOn : rule.variants.includes(one))),
    });
  return (
    <fieldset
      aria-label={`Variants of rule ${place + 1}`}
      className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm"
    >
      <span className="text-xs text-muted">choose from</span>
      {[...names, ...gone].map((name) => (
        <Checkbox
          key={name}
          label={<span className={gone.includes(name) ? "text-bad line-through" : "break-all"}>{name}</span>}
          checked={rule.variants.includes(name)}
          onChange={(event) => toggle(name, event.target.checked)}
        />
      ))}
      {names.length === 0 && <span className="text-xs text-muted">Give the variants names first.</span>}
    </fieldset>
  );
}
