import { NumberInput, TextInput } from "../../../components/form/field.tsx";
import type { ConditionInput } from "./routing-draft.ts";

type ValueProps = {
  condition: ConditionInput;
  /** What the condition is, for the labels of its controls. */
  label: string;
  onChange: (condition: ConditionInput) => void;
  onLeave: () => void;
};

const PLACEHOLDERS = { tag: "beta", user: "user id", language: "de" } as const;

/** The controls of one condition of a rule. */
export function ConditionValue({ condition, ...props }: ValueProps) {
  if (condition.fact === "length") return <LengthValue condition={condition} {...props} />;
  if (condition.fact === "header") return <HeaderValue condition={condition} {...props} />;
  return <TextValue condition={condition} {...props} />;
}

type PartProps<Name extends ConditionInput["fact"]> = Omit<ValueProps, "condition"> & {
  condition: Extract<ConditionInput, { fact: Name }>;
};

function LengthValue({ condition, label, onChange }: PartProps<"length">) {
  const { min = null, max = null } = condition;
  return (
    <>
      <Tokens
        label={`Least tokens ${label}`}
        words="from"
        value={min}
        onChange={(next) => onChange({ ...condition, min: next })}
      />
      <Tokens
        label={`Most tokens ${label}`}
        words="to"
        value={max}
        onChange={(next) => onChange({ ...condition, max: next })}
      />
      <span className="text-xs text-muted">input tokens</span>
    </>
  );
}

const HeaderValue = ({ condition, label, onChange, onLeave }: PartProps<"header">) => (
  <>
    <TextInput
      aria-label={`Header name ${label}`}
      value={condition.name}
      onChange={(event) => onChange({ ...condition, name: event.target.value.trim() })}
      onBlur={onLeave}
      placeholder="x-plan"
      required
      className="w-auto! min-w-24 flex-1 font-mono text-sm"
    />
    <TextInput
      aria-label={`Header value ${label}`}
      value={condition.value ?? ""}
      onChange={(event) => onChange({ ...condition, value: event.target.value || null })}
      placeholder="any value"
      className="w-auto! min-w-24 flex-1 font-mono text-sm"
    />
  </>
);

const TextValue = ({ condition, label, onChange, onLeave }: PartProps<"tag" | "user" | "language">) => (
  <TextInput
    aria-label={`Value ${label}`}
    value={condition.value}
    onChange={(event) => onChange({ ...condition, value: event.target.value })}
    onBlur={onLeave}
    placeholder={PLACEHOLDERS[condition.fact]}
    required
    className="w-auto! min-w-24 flex-1"
  />
);

type TokensProps = { label: string; words: string; value: number | null; onChange: (value: number | null) => void };

const Tokens = ({ label, words, value, onChange }: TokensProps) => (
  <span className="inline-flex items-center gap-1.5 text-xs text-muted">
    {words}
    <NumberInput
      aria-label={label}
      min={0}
      step={1}
      value={value ?? ""}
      onChange={({ target: { valueAsNumber } }) => onChange(Number.isNaN(valueAsNumber) ? null : valueAsNumber)}
      className="w-24!"
    />
  </span>
);
