import { AB_TEST_ALLOCATIONS, AB_TEST_METHODS } from "@treadle/contract";
import { Choice } from "../../../components/form/choice.tsx";
import { Field, NumberInput, Select } from "../../../components/form/field.tsx";
import { METRIC_WORDS, type Metric, metricKey } from "../comparisons/index.ts";
import { adaptiveOf } from "./ab-test-draft.ts";
import { ALLOCATION_WORDS } from "./ab-test-words.tsx";
import type { FieldProps } from "./endpoint-fields.tsx";
import type { AbTestBody } from "./use-ab-tests.ts";

type Adaptive = NonNullable<AbTestBody["adaptive"]>;

const METHOD_WORDS = { thompson: "By the chance to be best", "top-two": "Half to the best" } as const;
const METHOD_HELP = {
  thompson: "The share of a variant is its chance of being the best.",
  "top-two": "Half for the best variant, half for its rivals. It needs at least 3 variants.",
} as const;

/** How the units are divided: by fixed shares, or by shares that follow the results. */
export function AllocationFields({ values, errors, onChange }: FieldProps) {
  const allocation = values.allocation ?? "fixed";
  const choose = (next: typeof allocation) =>
    onChange({ allocation: next, adaptive: next === "adaptive" ? adaptiveOf(values) : null });
  return (
    <div className="flex flex-col gap-4 px-4 pb-4">
      <div className="flex flex-col items-start gap-1.5">
        <Choice
          label="Shares"
          names={AB_TEST_ALLOCATIONS}
          words={ALLOCATION_WORDS}
          chosen={allocation}
          onChoose={choose}
        />
        <p className="max-w-2xl text-xs text-muted">{HELP[allocation]}</p>
        {errors.allocation && <p className="text-xs text-bad">{errors.allocation}</p>}
      </div>
      {values.adaptive && <AdaptiveFields values={values} errors={errors} onChange={onChange} />}
    </div>
  );
}

const HELP = {
  fixed: "Each variant gets its share of the units for the whole test.",
  adaptive:
    "More units go to the variant with the better results. A holdout always has the shares above, and only the holdout counts for the verdict.",
} as const;

function AdaptiveFields({ values, errors, onChange }: FieldProps) {
  const { adaptive, metrics = [] } = values;
  if (!adaptive) return null;
  const change = (next: Partial<Adaptive>) => onChange({ adaptive: { ...adaptive, ...next } });
  const shared = { adaptive, errors, change };
  return (
    <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
      <GoalField {...shared} metrics={metrics.map(({ metric }) => metric)} />
      <MethodField {...shared} />
      <PercentField
        {...shared}
        name="holdout"
        label="Holdout (%)"
        help="A larger holdout decides sooner. A smaller one moves more units."
        min={5}
        max={50}
      />
      <PercentField
        {...shared}
        name="floor"
        label="Smallest share (%)"
        help="No variant gets less than this, so the test notices if it improves."
        min={1}
        max={40}
      />
    </div>
  );
}

type OneProps = Pick<FieldProps, "errors"> & { adaptive: Adaptive; change: (next: Partial<Adaptive>) => void };
type GoalMetric = Pick<Metric, "kind"> & { name?: string };

const GoalField = ({ adaptive, metrics, errors, change }: OneProps & { metrics: readonly GoalMetric[] }) => (
  <Field label="Goal" help="The metric that moves the shares." error={errors["adaptive.goal"] ?? errors.adaptive}>
    {(field) => (
      <Select {...field} value={adaptive.goal} onChange={({ target }) => change({ goal: target.value })}>
        {!metrics.some((metric) => metricKey(metric) === adaptive.goal) && <option value="">Choose a metric</option>}
        {metrics.map((metric) => (
          <option key={metricKey(metric)} value={metricKey(metric)}>
            {metric.name || METRIC_WORDS[metric.kind]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

const MethodField = ({ adaptive: { method = "thompson" }, errors, change }: OneProps) => (
  <Field label="Method" help={METHOD_HELP[method]} error={errors["adaptive.method"]}>
    {(field) => (
      <Select
        {...field}
        value={method}
        onChange={({ target }) => change({ method: AB_TEST_METHODS.find((one) => one === target.value) })}
      >
        {AB_TEST_METHODS.map((one) => (
          <option key={one} value={one}>
            {METHOD_WORDS[one]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

type PercentProps = OneProps & {
  name: "holdout" | "floor";
  label: string;
  help: string;
  min: number;
  max: number;
};

function PercentField({ adaptive, name, label, help, min, max, errors, change }: PercentProps) {
  const share = adaptive[name];
  return (
    <Field label={label} help={help} error={errors[`adaptive.${name}`]}>
      {(field) => (
        <NumberInput
          {...field}
          required
          min={min}
          max={max}
          value={share === undefined ? "" : Number((share * 100).toPrecision(4))}
          onChange={({ target: { valueAsNumber: percent } }) =>
            change({ [name]: Number.isNaN(percent) ? undefined : percent / 100 })
          }
        />
      )}
    </Field>
  );
}
