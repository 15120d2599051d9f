import { GUARD_DETECTORS } from "@treadle/contract";
import { Checkbox, Field, NumberInput, Select } from "../../../../../components/form/field.tsx";
import { type Fields, isFields, withKey } from "../../../../../components/form/json-fields.ts";
import { answersLate, canAct, detectorLabel } from "../../shared/detector-words.ts";
import type { OptionProps } from "../field-props.ts";
import { ProblemText } from "../problem-text.tsx";
import { JsonText } from "./json-option.tsx";

const FIRST: Fields = { detector: "injection" };
/** The detectors that give a score immediately. */
const SCORING = GUARD_DETECTORS.filter((name) => !answersLate(name) && canAct(name, "mask"));

/** Limits the judge to texts that another detector is not sure about. */
export function AfterOption({ value, path, form, onChange }: OptionProps) {
  const after = isFields(value) ? value : undefined;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <Checkbox
        label="Only texts with an uncertain score"
        checked={after !== undefined}
        onChange={({ target }) => onChange(target.checked ? FIRST : undefined)}
      />
      <p className="text-xs text-muted">
        The model is asked only about texts whose score by another detector is uncertain. A lower score is no finding. A
        higher score is a finding without the model.
      </p>
      {after && <AfterFields after={after} path={path} form={form} onChange={onChange} />}
    </fieldset>
  );
}

type AfterProps = Pick<OptionProps, "path" | "form" | "onChange"> & { after: Fields };

function AfterFields({ after, path, form, onChange }: AfterProps) {
  const set = (name: string) => (next: unknown) => onChange(withKey(after, name, next));
  return (
    <div className="flex min-w-0 flex-col gap-4 border-line border-l pl-4">
      <DetectorField after={after} path={path} form={form} onChange={onChange} />
      <div className="flex flex-wrap gap-4">
        <ScoreField label="From score" initial={0.2} value={after.from} onChange={set("from")} />
        <ScoreField label="To score" initial={0.9} value={after.to} onChange={set("to")} />
      </div>
      <ProblemText text={form.errorAt(`${path}.from`) ?? form.errorAt(`${path}.to`)} />
      <JsonText
        label="Options of the detector"
        help="A JSON object, as in a rule with this detector."
        isOptional
        value={after.options}
        path={`${path}.options`}
        form={form}
        onChange={set("options")}
      />
    </div>
  );
}

const DetectorField = ({ after, path, form, onChange }: AfterProps) => (
  <Field label="Detector of the score" error={form.errorAt(`${path}.detector`)}>
    {(control) => (
      <Select
        {...control}
        value={String(after.detector ?? "")}
        onChange={({ target }) => onChange({ ...after, detector: target.value, options: undefined })}
        className="max-w-80"
      >
        {SCORING.map((name) => (
          <option key={name} value={name}>
            {detectorLabel(name)}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

type ScoreProps = { label: string; initial: number; value: unknown; onChange: (value: unknown) => void };

const ScoreField = ({ label, initial, value, onChange }: ScoreProps) => (
  <Field label={label}>
    {(control) => (
      <NumberInput
        {...control}
        min={0}
        max={1}
        placeholder={String(initial)}
        value={typeof value === "number" ? value : ""}
        onChange={({ target: { valueAsNumber } }) => onChange(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber)}
        className="max-w-28"
      />
    )}
  </Field>
);
