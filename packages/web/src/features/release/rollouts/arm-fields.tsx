import { Link } from "@tanstack/react-router";
import { SpanAssignment } from "@treadle/contract";
import { Field, Select } from "../../../components/form/field.tsx";
import { UNIT_WORDS } from "../comparisons/index.ts";
import { armsOf, type EndpointChoice } from "./rollout-draft.ts";
import type { RolloutBody } from "./use-rollouts.ts";

type Values = Partial<RolloutBody>;
type Props = {
  endpoints: readonly EndpointChoice[];
  values: Values;
  errors: Readonly<Record<string, string>>;
  /** A draft stays with its endpoint. */
  isEndpointFixed: boolean;
  onChange: (next: Values) => void;
};

/** The endpoint, its two variants that are compared, and by what. */
export function ArmFields({ endpoints, values, errors, isEndpointFixed, onChange }: Props) {
  const endpoint = endpoints.find(({ endpointId }) => endpointId === values.endpointId);
  const variants = endpoint?.variants ?? [];
  const hasCandidate = variants.some(({ weight }) => weight === 0);
  return (
    <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
      <EndpointField
        endpoints={endpoints}
        values={values}
        errors={errors}
        isEndpointFixed={isEndpointFixed}
        onChange={onChange}
      />
      <UnitField unit={values.unit} onChange={onChange} />
      <CandidateField variants={variants} values={values} errors={errors} onChange={onChange} />
      <ControlField variants={variants} values={values} errors={errors} onChange={onChange} />
      {endpoint && !hasCandidate && <NoCandidate endpoint={endpoint} />}
    </div>
  );
}

function EndpointField({ endpoints, values, errors, isEndpointFixed, onChange }: Props) {
  const choose = (endpointId: string) => {
    const chosen = endpoints.find((one) => one.endpointId === endpointId);
    if (chosen) onChange({ endpointId, ...armsOf(chosen) });
  };
  return (
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
  );
}

const UnitField = ({ unit = "user", onChange }: Pick<Values, "unit"> & Pick<Props, "onChange">) => (
  <Field label="Unit" help="One unit always gets the same variant. Requests without this unit are not counted.">
    {(field) => (
      <Select
        {...field}
        value={unit}
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

type VariantFieldProps = Pick<Props, "values" | "errors" | "onChange"> & Pick<EndpointChoice, "variants">;

function CandidateField({ variants, values, errors, onChange }: VariantFieldProps) {
  const candidates = variants.filter(({ weight }) => weight === 0);
  return (
    <Field
      label="Candidate"
      help="A variant with the weight 0, which gets its share from the stages."
      error={candidates.length > 0 ? errors.candidate && "Choose the candidate." : undefined}
    >
      {(field) => (
        <Select
          {...field}
          required
          value={values.candidate ?? ""}
          onChange={({ target }) => onChange({ candidate: target.value })}
        >
          <option value="">Choose a variant</option>
          <Variants variants={candidates} />
        </Select>
      )}
    </Field>
  );
}

const ControlField = ({ variants, values, errors, onChange }: VariantFieldProps) => (
  <Field
    label="Control"
    help="The variant that the candidate is compared with."
    error={errors.control && "Choose the control."}
  >
    {(field) => (
      <Select
        {...field}
        required
        value={values.control ?? ""}
        onChange={({ target }) => onChange({ control: target.value })}
      >
        <Variants variants={variants.filter(({ weight }) => weight > 0)} />
      </Select>
    )}
  </Field>
);

const NoCandidate = ({ endpoint: { endpointId, name } }: { endpoint: EndpointChoice }) => (
  <p role="alert" className="col-span-full rounded-control bg-warn-soft px-3 py-2">
    {name} has no variant with the weight 0.{" "}
    <Link to="/endpoints" search={{ edit: endpointId }} className="underline underline-offset-2">
      Add the candidate to the endpoint
    </Link>{" "}
    first.
  </p>
);

const UNITS = SpanAssignment.shape.unit.options;

function Variants({ variants }: Pick<EndpointChoice, "variants">) {
  return variants.map(({ name, model }) => (
    <option key={name} value={name}>
      {name} ({model})
    </option>
  ));
}
