import { SEVERITIES } from "@treadle/contract";
import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { useExperimentChoices } from "../../system/choices/index.ts";
import { type ProbeBody, useProbeModels } from "./use-probes.ts";

export type FieldsProps = {
  values: Partial<ProbeBody>;
  errors: Readonly<Record<string, string>>;
  onChange: (values: Partial<ProbeBody>) => void;
  check: (name: keyof ProbeBody) => void;
};

/** The watched model. */
export const ModelFields = (props: FieldsProps) => (
  <Section title="Model">
    <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
      <TextField {...props} name="name" label="Name" help="Shown in the list and in incidents." />
      <ModelField {...props} />
      <TextField
        {...props}
        name="region"
        label="Region"
        isOptional
        help="A label, if the connection uses one region of several."
      />
    </div>
  </Section>
);

type TextProps = FieldsProps & {
  name: "name" | "region";
  label: string;
  help?: string;
  isOptional?: boolean;
};

const TextField = ({ values, errors, onChange, check, name, ...field }: TextProps) => (
  <Field {...field} error={errors[name]}>
    {(control) => (
      <TextInput
        {...control}
        maxLength={120}
        value={values[name] ?? ""}
        onBlur={() => check(name)}
        onChange={({ target }) => onChange({ [name]: target.value })}
      />
    )}
  </Field>
);

/** Suggests no endpoints: they may send a call to several models. */
function ModelField({ values, errors, onChange, check }: FieldsProps) {
  const models = useProbeModels();
  return (
    <Field
      label="Model"
      help="A connection and a model, such as openai/gpt-4.1-mini, or a model that this server runs."
      error={errors.model}
    >
      {(control) => (
        <>
          <TextInput
            {...control}
            list={`${control.id}-models`}
            value={values.model ?? ""}
            onBlur={() => check("model")}
            onChange={({ target }) => onChange({ model: target.value })}
          />
          <datalist id={`${control.id}-models`}>
            {models.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

/** Limits, and what follows a confirmed change. */
export const BudgetFields = (props: FieldsProps) => (
  <Section title="Budgets and alerts">
    <div className="px-4 pb-4">
      <BudgetGrid {...props} />
    </div>
  </Section>
);

export const BudgetGrid = (props: FieldsProps) => (
  <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
    <MoneyField
      {...props}
      name="setUpBudgetUsd"
      label="Set-up budget (USD)"
      help="The set-up stops before a call that could exceed it."
    />
    <MoneyField
      {...props}
      name="dailyBudgetUsd"
      label="Daily budget (USD)"
      help="The calls of a day stop before a call that could exceed it."
    />
    <SeverityField {...props} />
    <ExperimentField {...props} />
  </div>
);

const SeverityField = ({ values, onChange }: FieldsProps) => (
  <Field label="Severity" help="The severity of the incident after a confirmed change.">
    {(control) => (
      <Select
        {...control}
        value={values.severity ?? "warning"}
        onChange={({ target }) => onChange({ severity: SEVERITIES.find((one) => one === target.value) ?? "warning" })}
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

type MoneyProps = FieldsProps & { name: "setUpBudgetUsd" | "dailyBudgetUsd"; label: string; help: string };

const MoneyField = ({ values, errors, onChange, check, name, ...field }: MoneyProps) => (
  <Field {...field} error={errors[name]}>
    {(control) => (
      <NumberInput
        {...control}
        min={0}
        value={values[name] ?? ""}
        onBlur={() => check(name)}
        onChange={({ target: { valueAsNumber } }) =>
          onChange({ [name]: Number.isNaN(valueAsNumber) ? undefined : valueAsNumber })
        }
      />
    )}
  </Field>
);

function ExperimentField({ values, errors, onChange }: FieldsProps) {
  const { data = [], error } = useExperimentChoices();
  return (
    <Field
      label="Evaluation"
      isOptional
      help="A confirmed change repeats this experiment and compares the scores."
      error={errors.experimentId ?? (error ? "The experiments could not be loaded." : undefined)}
    >
      {(control) => (
        <Select
          {...control}
          value={values.experimentId ?? ""}
          onChange={({ target }) => onChange({ experimentId: target.value || null })}
        >
          <option value="">None</option>
          {data.map(({ experimentId, name }) => (
            <option key={experimentId} value={experimentId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
