import { Choice } from "../../../components/form/choice.tsx";
import { Field, NumberInput, Select, TextArea } from "../../../components/form/field.tsx";
import type { FeedbackToGive } from "./use-feedback.ts";
import type { ScoreConfig } from "./use-scores.ts";

type Value = FeedbackToGive["value"] | undefined;
type InputProps = { config: ScoreConfig; value: Value; onChange: (value: Value) => void };

/** How a value of a score is given, by its type. */
export function ScoreInput({ config, value, onChange }: InputProps) {
  const { name, type, min, max, categories } = config;
  switch (type) {
    case "boolean":
      return (
        <div className="flex flex-col gap-1">
          <span className="text-sm font-medium">{name}</span>
          <div>
            <Choice
              label={name}
              names={["yes", "no", "none"]}
              words={{ yes: "Yes", no: "No", none: "Neither" }}
              chosen={value === true ? "yes" : value === false ? "no" : "none"}
              onChoose={(word) => onChange(word === "none" ? undefined : word === "yes")}
            />
          </div>
        </div>
      );
    case "number":
      return (
        <Field label={name} help={rangeWords(config)}>
          {(field) => (
            <NumberInput
              {...field}
              min={min ?? undefined}
              max={max ?? undefined}
              value={typeof value === "number" ? value : ""}
              onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber)}
              className="max-w-40"
            />
          )}
        </Field>
      );
    case "category":
      return (
        <Field label={name}>
          {(field) => (
            <Select
              {...field}
              value={typeof value === "string" ? value : ""}
              onChange={({ target }) => onChange(target.value || undefined)}
            >
              <option value="">Choose</option>
              {categories.map(({ label }) => (
                <option key={label} value={label}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      );
    case "text":
      return (
        <Field label={name}>
          {(field) => (
            <TextArea
              {...field}
              rows={2}
              maxLength={2_000}
              value={typeof value === "string" ? value : ""}
              onChange={({ target }) => onChange(target.value || undefined)}
            />
          )}
        </Field>
      );
    default:
      return type satisfies never;
  }
}

/** The values a score may have, in words. */
export function rangeWords({ min, max }: Pick<ScoreConfig, "min" | "max">): string | undefined {
  if (min !== null && max !== null) return `From ${min} to ${max}`;
  if (min !== null) return `From ${min}`;
  return max === null ? undefined : `Up to ${max}`;
}
