import { Field, NumberInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import type { FormProps } from "./red-team-draft.ts";
import { ModelField } from "./target-fields.tsx";

/** How many attacks, which models help, and the limits. */
export const LimitFields = (props: FormProps) => (
  <Section title="Size and budget">
    <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
      <SizeFields {...props} />
      <HelperFields {...props} />
      <BudgetFields {...props} />
    </div>
  </Section>
);

const SizeFields = ({ draft, change, problems }: FormProps) => (
  <>
    <WholeNumber
      label="Attacks per cell"
      help="For each plugin and strategy"
      value={draft.attacksPerPair}
      error={problems.attacksPerPair}
      onChange={(attacksPerPair) => change({ attacksPerPair: attacksPerPair ?? 0 })}
    />
    <WholeNumber
      label="Harmless requests per cell"
      help="They measure over-refusal"
      value={draft.harmlessPerPair}
      error={problems.harmlessPerPair}
      onChange={(harmlessPerPair) => change({ harmlessPerPair: harmlessPerPair ?? -1 })}
    />
    <WholeNumber
      label="Seed"
      help="The same seed makes the same attacks"
      value={draft.seed}
      error={problems.seed}
      onChange={(seed) => change({ seed: seed ?? -1 })}
    />
  </>
);

const HelperFields = ({ draft, change, problems }: FormProps) => (
  <>
    <ModelField
      label="Judge"
      isOptional
      help="Decides about harmful topics and bias"
      value={draft.judgeModel}
      error={problems.judgeModel}
      onChange={(judgeModel) => change({ judgeModel })}
    />
    <ModelField
      label="Attacker"
      isOptional
      help="Rewrites the attacks of that strategy"
      value={draft.attackerModel}
      error={problems.attackerModel}
      onChange={(attackerModel) => change({ attackerModel })}
    />
  </>
);

const BudgetFields = ({ draft, change, problems }: FormProps) => (
  <>
    <WholeNumber
      label="Call limit"
      help="A run that could need more is rejected"
      value={draft.calls}
      error={problems["budget.calls"]}
      onChange={(calls) => change({ calls: calls ?? 0 })}
    />
    <WholeNumber
      label="Budget (USD)"
      isOptional
      help="Works only for models with a known price"
      value={draft.usd}
      error={problems["budget.usd"]}
      onChange={(usd) => change({ usd })}
    />
  </>
);

type NumberProps = {
  label: string;
  help: string;
  value: number | null;
  error: string | undefined;
  onChange: (value: number | null) => void;
  isOptional?: boolean;
};

const WholeNumber = ({ label, value, onChange, ...rest }: NumberProps) => (
  <Field label={label} {...rest}>
    {(field) => (
      <NumberInput
        {...field}
        min={0}
        value={value === null || value < 0 ? "" : value}
        onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber)}
      />
    )}
  </Field>
);
