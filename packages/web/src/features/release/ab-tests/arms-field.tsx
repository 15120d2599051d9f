import { Field, NumberInput, Select } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { type DraftArm, type EndpointChoice, evenShares } from "./ab-test-draft.ts";
import type { FieldProps } from "./endpoint-fields.tsx";

type Props = FieldProps & Pick<EndpointChoice, "variants">;
const LEAST_ARMS = 2;

/** The variants of a test with their shares, and which is the control. */
export function ArmsField({ variants, values, errors, onChange }: Props) {
  const arms = values.arms ?? [];
  const free = variants.find(({ name }) => !arms.some(({ variant }) => variant === name));
  const total = arms.reduce((sum, { share }) => sum + share, 0);
  const error = errors.arms ?? errors.control;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">Variants</legend>
      <p className="text-xs text-muted">
        The shares add up to 100%: now {Number((total * 100).toFixed(1))}%. The others are compared with the control.
      </p>
      <RowEditor
        rows={arms}
        onChange={(rows) => onChange({ arms: balanced(arms, [...rows]) })}
        blank={{ variant: free?.name ?? "", share: 0.5 }}
        addLabel="Add variant"
        removeLabel={({ variant }) => `Remove ${variant}`}
        removal={arms.length <= LEAST_ARMS ? "disabled" : "enabled"}
        removeSize="normal"
        rowClassName="flex-wrap items-center gap-x-3 gap-y-1"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(arm, change, place) => <ArmRow arm={arm} place={place} variants={variants} change={change} />}
      </RowEditor>
      <ControlSelect arms={arms} control={values.control ?? ""} onChange={(control) => onChange({ control })} />
    </fieldset>
  );
}

/** An arm more or less divides the units evenly again. */
const balanced = (before: readonly DraftArm[], after: DraftArm[]): DraftArm[] =>
  before.length === after.length ? after : evenShares(after.map(({ variant }) => variant));

type RowProps = Pick<Props, "variants"> & { arm: DraftArm; place: number; change: (arm: DraftArm) => void };

const ArmRow = ({ arm, place, variants, change }: RowProps) => (
  <>
    <Select
      aria-label={`Variant ${place + 1}`}
      value={arm.variant}
      onChange={({ target }) => change({ ...arm, variant: target.value })}
      className="w-52!"
    >
      <option value="">Choose a variant</option>
      {variants.map(({ name, model }) => (
        <option key={name} value={name}>
          {name} ({model})
        </option>
      ))}
    </Select>
    <ShareField arm={arm} place={place} change={change} />
  </>
);

const ShareField = ({ arm, place, change }: Omit<RowProps, "variants">) => (
  <span className="flex items-center gap-1.5">
    <NumberInput
      aria-label={`Share of variant ${place + 1} in percent`}
      min={1}
      max={99}
      required
      value={Number((arm.share * 100).toPrecision(4))}
      onChange={({ target }) => change({ ...arm, share: (target.valueAsNumber || 0) / 100 })}
      className="w-20!"
    />
    <span aria-hidden className="text-muted">
      % of units
    </span>
  </span>
);

type ControlProps = { arms: readonly DraftArm[]; control: string; onChange: (control: string) => void };

const ControlSelect = ({ arms, control, onChange }: ControlProps) => (
  <Field label="Control">
    {(field) => (
      <Select {...field} value={control} onChange={({ target }) => onChange(target.value)} className="w-52!">
        <option value="">Choose the control</option>
        {arms.map(({ variant }) => (
          <option key={variant} value={variant}>
            {variant}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
