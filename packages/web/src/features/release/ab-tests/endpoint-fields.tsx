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
export const EndpointFields = ({ endpoints, values, errors, isEndpointFixed, onChange }: Props) => (
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
    <EndpointField
      endpoints={endpoints}
      values={values}
      errors={errors}
      isEndpointFixed={isEndpointFixed}
      onChange={onChange}
    />
    <UnitField values={values} errors={errors} onChange={onChange} />
  </div>
);

function EndpointField({ endpoints, values, errors, isEndpointFixed, onChange }: Props) {
  const choose = (endpointId: string) => {
    const chosen = endpoints.find((one) => one.endpointId === endpointId);
    if (chosen) onChange({ endpointId, ...armsOf(chosen) });
  };
  const value = values.endpointId ?? "";
  return (
    <Field label="Endpoint" error={errors.endpointId}>
      {(field) => (
        <Select {...field} value={value} disabled={isEndpointFixed} onChange={({ target }) => choose(target.value)}>
          {endpoints.map(({ endpointId, name }) => (
            <option key={endpointId} value={endpointId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
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
export const LimitFields = (props: FieldProps) => (
  <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-md:grid-cols-1">
    <AlphaField {...props} />
    <UnitsField {...props} />
  </div>
);

const AlphaField = ({ values: { alpha }, errors, onChange }: FieldProps) => (
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
        value={alpha === undefined ? "" : Number((alpha * 100).toPrecision(4))}
        onChange={({ target: { valueAsNumber: percent } }) =>
          onChange({ alpha: Number.isNaN(percent) ? undefined : percent / 100 })
        }
      />
    )}
  </Field>
);

const UnitsField = ({ values: { expectedUnits }, errors, onChange }: FieldProps) => (
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
        value={expectedUnits ?? ""}
        onChange={({ target: { valueAsNumber: units } }) =>
          onChange({ expectedUnits: Number.isNaN(units) ? undefined : Math.round(units) })
        }
      />
    )}
  </Field>
);
