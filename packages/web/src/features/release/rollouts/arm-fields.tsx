import { Link } from "@tanstack/react-router";
import { SpanAssignment } from "@treadle/contract";
import { Field, Select } from "../../../components/form/field.tsx";
import { armsOf, type EndpointChoice } from "./rollout-draft.ts";
import { UNIT_WORDS } from "./rollout-words.ts";
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
  const choose = (endpointId: string) => {
    const chosen = endpoints.find((one) => one.endpointId === endpointId);
    if (chosen) onChange({ endpointId, ...armsOf(chosen) });
  };
  return (
    <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-sm:grid-cols-1">
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
      <Field label="Unit" help="One unit always gets the same variant. Requests without this unit are not counted.">
        {(field) => (
          <Select
            {...field}
            value={values.unit ?? "user"}
            onChange={({ target }) => onChange({ unit: UNITS.find((unit) => unit === target.value) })}
          >
            {UNITS.map((unit) => (
              <option key={unit} value={unit}>
                {UNIT_WORDS[unit]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="Candidate"
        help="A variant with the weight 0, which gets its share from the stages."
        error={hasCandidate ? errors.candidate && "Choose the candidate." : undefined}
      >
        {(field) => (
          <Select
            {...field}
            required
            value={values.candidate ?? ""}
            onChange={({ target }) => onChange({ candidate: target.value })}
          >
            <option value="">Choose a variant</option>
            <Variants variants={variants.filter(({ weight }) => weight === 0)} />
          </Select>
        )}
      </Field>
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
      {endpoint && !hasCandidate && (
        <p role="alert" className="col-span-full rounded-control bg-warn-soft px-3 py-2">
          {endpoint.name} has no variant with the weight 0.{" "}
          <Link to="/endpoints" search={{ edit: endpoint.endpointId }} className="underline underline-offset-2">
            Add the candidate to the endpoint
          </Link>{" "}
          first.
        </p>
      )}
    </div>
  );
}

const UNITS = SpanAssignment.shape.unit.options;

function Variants({ variants }: Pick<EndpointChoice, "variants">) {
  return variants.map(({ name, model }) => (
    <option key={name} value={name}>
      {name} ({model})
    </option>
  ));
}
