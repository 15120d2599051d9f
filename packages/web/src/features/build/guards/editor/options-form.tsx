import type { ComponentType } from "react";
import { Checkbox, Field, NumberInput, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { withKey } from "../../../../components/form/json-fields.ts";
import { kindWords } from "../shared/guard-words.ts";
import { CountriesField } from "./countries-field.tsx";
import type { OptionProps, RuleFieldsProps } from "./field-props.ts";
import { optionFields, optionLabel, SCRIPT_EXAMPLE } from "./option-fields.ts";
import { OptionRows } from "./option-rows.tsx";
import { AfterOption } from "./options/after-option.tsx";
import { ConnectionOption, ServiceModelOption } from "./options/connection-option.tsx";
import { JsonOption } from "./options/json-option.tsx";
import { ModelOption } from "./options/model-select.tsx";
import { ThresholdsOption } from "./options/thresholds-option.tsx";
import { ToolsOption } from "./options/tools-option.tsx";
import { ProblemText } from "./problem-text.tsx";

/** The options of the detector, one control each. */
export function OptionsForm({ rule, path, form, onChange }: RuleFieldsProps) {
  const fields = optionFields(rule.detector);
  if (fields.length === 0) return null;
  const hasNumbers = fields.every(({ kind }) => kind === "number");
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className={hasNumbers ? "grid grid-cols-3 gap-4 max-sm:grid-cols-1" : "flex min-w-0 flex-col gap-4"}>
        {fields.map((field) => (
          <Option
            key={`${rule.detector} ${field.name}`}
            field={field}
            label={optionLabel(rule.detector, field)}
            value={rule.options[field.name]}
            path={`${path}.options.${field.name}`}
            rule={rule}
            form={form}
            onChange={(value) => onChange({ ...rule, options: withKey(rule.options, field.name, value) })}
          />
        ))}
      </div>
      <ProblemText text={form.errorAt(`${path}.options`)} />
    </div>
  );
}

/** Options with a control that their form alone does not tell, by detector and name. */
const OWN: Readonly<Record<string, ComponentType<OptionProps>>> = {
  "personal-data countries": CountriesField,
  "tool-policy tools": ToolsOption,
  "moderation connection": ConnectionOption,
  "moderation model": ServiceModelOption,
  "moderation thresholds": ThresholdsOption,
  "judge model": ModelOption,
  "judge after": AfterOption,
};

function Option(props: OptionProps) {
  const { field, rule } = props;
  const Own = OWN[`${rule.detector} ${field.name}`];
  if (Own) return <Own {...props} />;
  if (field.kind === "choices") return <ChoicesOption {...props} />;
  if (field.kind === "rows") return <OptionRows {...props} />;
  if (field.kind === "switch") return <SwitchOption {...props} />;
  if (field.kind === "number") return <NumberOption {...props} />;
  if (field.kind === "json") return <JsonOption {...props} />;
  if (field.kind === "text") return <WordOption {...props} />;
  return <TextOption {...props} />;
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];

/** A short text. */
const WordOption = ({ field, label, value, path, form, onChange }: OptionProps) => (
  <Field label={label} isOptional={!field.isRequired} help={field.help} error={form.errorAt(path)}>
    {(control) => (
      <TextInput
        {...control}
        value={typeof value === "string" ? value : ""}
        placeholder={typeof field.initial === "string" ? field.initial : undefined}
        onChange={({ target }) => onChange(target.value || undefined)}
        onBlur={() => form.touch(path)}
        className="max-w-80"
      />
    )}
  </Field>
);

/** A text, or a list with one entry per line. */
function TextOption({ field, label, value, path, form, onChange }: OptionProps) {
  const isList = field.kind === "words";
  const text = isList ? textsIn(value).join("\n") : String(value ?? "");
  return (
    <Field
      label={label}
      isOptional={!field.isRequired}
      help={[field.help, isList && "One per line."].filter(Boolean).join(" ")}
      error={form.errorAt(path)}
    >
      {(control) => (
        <TextArea
          {...control}
          rows={Math.min(12, Math.max(3, text.split("\n").length + 1))}
          {...(field.name === "code" && { placeholder: SCRIPT_EXAMPLE, className: "font-mono text-sm" })}
          value={text}
          onChange={({ target }) => onChange(readText(target.value, isList))}
          onBlur={() => form.touch(path)}
        />
      )}
    </Field>
  );
}

function readText(text: string, isList: boolean): unknown {
  if (text === "") return undefined;
  return isList ? text.split("\n") : text;
}

function ChoicesOption({ field, label, value, path, form, onChange }: OptionProps) {
  const chosen = textsIn(value ?? field.initial);
  function toggle(option: string, isOn: boolean) {
    const next = field.options.filter((one) => (one === option ? isOn : chosen.includes(one)));
    // Without a default, no choice means every one of them.
    onChange(next.length === 0 && field.initial === undefined ? undefined : next);
    form.touch(path);
  }
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">{label}</legend>
      <div className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1.5">
        {field.options.map((option) => (
          <Checkbox
            key={option}
            label={kindWords(option)}
            checked={chosen.includes(option)}
            onChange={({ target }) => toggle(option, target.checked)}
          />
        ))}
      </div>
      <ProblemText text={form.errorAt(path)} />
      {field.help && <p className="mt-1 text-xs text-muted">{field.help}</p>}
    </fieldset>
  );
}

const SwitchOption = ({ field, label, value, onChange }: OptionProps) => (
  <Checkbox
    label={label}
    checked={(value ?? field.initial) === true}
    onChange={({ target }) => onChange(target.checked)}
    className="self-start"
  />
);

const NumberOption = ({ field, label, value, path, form, onChange }: OptionProps) => (
  <Field label={label} isOptional help={field.help} error={form.errorAt(path)}>
    {(control) => (
      <NumberInput
        {...control}
        min={field.least}
        max={field.most}
        step={1}
        value={typeof value === "number" ? value : ""}
        onChange={({ target: { valueAsNumber } }) => onChange(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber)}
        onBlur={() => form.touch(path)}
      />
    )}
  </Field>
);
