import { NumberInput, TextInput } from "../../../../../components/form/field.tsx";
import { isFields } from "../../../../../components/form/json-fields.ts";
import type { OptionProps } from "../field-props.ts";
import { ProblemText } from "../problem-text.tsx";
import { PairRows } from "./pair-rows.tsx";

const NO_VALUES = {};

/** The lowest score of each category. */
export const ThresholdsOption = ({ field, label, value, path, form, onChange }: OptionProps) => (
  <fieldset className="flex min-w-0 flex-col gap-2">
    <legend className="mb-1 text-sm font-medium">
      {label}
      <span className="ml-1 font-normal text-muted"> optional</span>
    </legend>
    <PairRows<unknown>
      values={isFields(value) ? value : NO_VALUES}
      blank={0.5}
      addLabel="Add threshold"
      removeLabel={(name) => `Remove the threshold of ${name || "the empty category"}`}
      note={<ProblemText text={form.errorAt(path)} />}
      onChange={onChange}
    >
      {([name, least], change) => <Row name={name} least={least} change={change} path={path} form={form} />}
    </PairRows>
    <p className="text-xs text-muted">{field.help}</p>
  </fieldset>
);

type RowProps = Pick<OptionProps, "path" | "form"> & {
  name: string;
  least: unknown;
  change: (pair: readonly [name: string, least: unknown]) => void;
};

const Row = ({ name, least, change, path, form }: RowProps) => (
  <div className="flex min-w-0 grow flex-col gap-1">
    <div className="flex gap-2">
      <TextInput
        aria-label="Category"
        placeholder="hate"
        value={name}
        onChange={({ target }) => change([target.value, least])}
        className="max-w-60"
      />
      <NumberInput
        aria-label={`Threshold of ${name || "the category"}`}
        min={0}
        max={1}
        value={typeof least === "number" ? least : ""}
        onChange={({ target: { valueAsNumber } }) => change([name, Number.isNaN(valueAsNumber) ? null : valueAsNumber])}
        onBlur={() => form.touch(path)}
        className="max-w-24"
      />
    </div>
    <ProblemText text={form.errorAt(`${path}.${name}`)} />
  </div>
);
