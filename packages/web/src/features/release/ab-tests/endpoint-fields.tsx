import { SpanAssignment } from "@treadle/contract";
import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { UNIT_WORDS } from "../comparisons/index.ts";
import { armsOf, type EndpointChoice } from "./ab-test-draft.ts";
import type { AbTestBody } from "./use-ab-tests.ts";

export type Values = Partial<AbTestBody>;
export type FieldProps = {
  values: Values;
  errors: Readonly<Record<string, string>>;
  onChange: (next: Values) => void;
};
type Props = FieldProps & {
  endpoints: readonly EndpointChoice[];
  /** A draft stays with its endpoint. */
  isEndpointFixed: boolean;
};

const UNITS = SpanAssignment.shape.unit.options;

/** The name, the endpoint, and what is compared. */
export function EndpointFields({ endpoints, values, errors, isEndpointFixed, onChange }: Props) {
  const choose = (endpointId: string) => {
    const chosen = endpoints.find((one) => one.endpointId === endpointId);
    if (chosen) onChange({ endpointId, ...armsOf(chosen) });
  };
  return (
    <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
      <Field label="Name" error={errors.name}>
        {(field) => (
          <TextInput
            {...field}
            required
            value={values.name ?? ""}
            onChange={({ target }) => onChange({ name: target.value })}
          />
        )}
      </Field>
      <Field label="Endpoint" error={errors.endpointId}>
        {(field) => (
          <Select
            {...field}
            value={values.endpointId ?? ""}
            disabled={isEndpointFixed}
            onChange={({ target }) => choose(target.value)}
          >
            {endpoints.map(({ endpointId, name }) => (
              <option key={endpointId} value={endpointId}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <UnitField values={values} errors={errors} onChange={onChange} />
    </div>
  );
}

const UnitField = ({ values, errors, onChange }: FieldProps) => (
  <Field label="Unit" help="One unit always gets the same variant. Other requests are not counted." error={errors.unit}>
    {(field) => (
      <Select
        {...field}
        value={values.unit ?? "user"}
        onChange={({ target }) => onChange({ unit: UNITS.find((one) => one === target.value) })}
      >
        {UNITS.map((one) => (
          <option key={one} value={one}>
            {UNIT_WORDS[one]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

/** How sure the verdicts are, and for how many units the intervals are narrowest. */
export const LimitFields = ({ values, errors, onChange }: FieldProps) => (
  <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-md:grid-cols-1">
    <Field
      label="False verdicts (%)"
      help="The chance of any wrong verdict, for all variants and metrics together."
      error={errors.alpha}
    >
      {(field) => (
        <NumberInput
          {...field}
          required
          min={0.01}
          max={20}
          value={values.alpha === undefined ? "" : Number((values.alpha * 100).toPrecision(4))}
          onChange={({ target }) =>
            onChange({ alpha: Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber / 100 })
          }
        />
      )}
    </Field>
    <Field
      label="Expected units"
      help="Units of a variant and the control together at which the intervals are narrowest."
      error={errors.expectedUnits}
    >
      {(field) => (
        <NumberInput
          {...field}
          required
          min={200}
          step={100}
          value={values.expectedUnits ?? ""}
          onChange={({ target }) =>
            onChange({
              expectedUnits: Number.isNaN(target.valueAsNumber) ? undefined : Math.round(target.valueAsNumber),
            })
          }
        />
      )}
    </Field>
  </div>
);
