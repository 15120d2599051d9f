import type { FeedbackInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { ScoreConfigRow } from "../stores/score-config-store.ts";
import type { ScoreRules } from "./score-rules.ts";

/** The parts of a feedback value: its type, its number for averages, and its label. */
export type HeldValue = {
  readonly kind: "" | "number" | "boolean" | "category" | "text";
  readonly value: number | null;
  readonly label: string;
};

type Said = Pick<FeedbackInput, "name" | "value" | "comment" | "correction" | "signal">;

const NOTHING: HeldValue = { kind: "", value: null, label: "" };
const LONGEST_CATEGORY = 200;

const refused = (field: string, message: string, details: object = {}) =>
  new AppError("invalid_request", { message: `\`${field}\` ${message}`, details: { param: field, ...details } });

/** The name of feedback; what is only a signal, a correction or a comment is called that. */
export function nameOf({ name, value, signal, correction, comment }: Said): string {
  if (name !== undefined) return name;
  if (value !== undefined) throw refused("name", "is missing: a value needs the name of a score, such as `helpful`.");
  if (signal !== undefined) return signal;
  if (correction !== undefined) return "correction";
  return comment === "" ? "expected_output" : "comment";
}

/** The value of feedback, checked against the configuration of its name. Throws `invalid_request` with what would be right. */
export function readValue(said: Said, rules: ScoreRules): HeldValue {
  const name = nameOf(said);
  const config = rules.byName.get(name);
  if (config?.isArchived) throw refused("name", `is "${name}", an archived score. Restore that score, or use another.`);
  if (!config && rules.isStrict && said.name !== undefined) throw unknownName(name, rules);
  const { value } = said;
  if (value === undefined) return said.signal !== undefined && !config ? flag(true) : NOTHING;
  return config ? readConfigured(value, config) : readFree(value);
}

function unknownName(name: string, { byName }: ScoreRules): AppError {
  const known = [...byName.values()].filter(({ isArchived }) => !isArchived).map((config) => config.name);
  const names = known.length > 0 ? known.sort().slice(0, 20).join(", ") : "none yet";
  const message = `is "${name}", which has no score configuration. This project only accepts names that have one: ${names}.`;
  return refused("name", message, { names: known });
}

const flag = (value: boolean): HeldValue => ({ kind: "boolean", value: value ? 1 : 0, label: "" });

function readFree(value: number | boolean | string): HeldValue {
  if (typeof value === "boolean") return flag(value);
  if (typeof value === "number") return { kind: "number", value, label: "" };
  return { kind: value.length <= LONGEST_CATEGORY ? "category" : "text", value: null, label: value.toWellFormed() };
}

function readConfigured(value: number | boolean | string, config: ScoreConfigRow): HeldValue {
  const { name, type, min, max, categories } = config;
  switch (type) {
    case "boolean":
      if (typeof value !== "boolean")
        throw refused("value", `must be true or false, because "${name}" is a yes-or-no score.`);
      return flag(value);
    case "number":
      if (typeof value !== "number") throw refused("value", `must be a number, because "${name}" is a numeric score.`);
      if ((min !== null && value < min) || (max !== null && value > max))
        throw refused("value", `is ${value}, but "${name}" must be ${rangeOf(config)}.`, { min, max });
      return { kind: "number", value, label: "" };
    case "category": {
      const category = categories.find(({ label }) => label === value);
      const labels = categories.map(({ label }) => label);
      if (!category)
        throw refused("value", `must be one of ${labels.join(", ")}, because "${name}" is a category score.`, {
          labels,
        });
      return { kind: "category", value: category.value, label: category.label };
    }
    case "text":
      if (typeof value !== "string") throw refused("value", `must be text, because "${name}" is a text score.`);
      return { kind: "text", value: null, label: value.toWellFormed() };
    default:
      throw new Error(`no such type of score: ${type satisfies never}`);
  }
}

const rangeOf = ({ min, max }: Pick<ScoreConfigRow, "min" | "max">) =>
  min === null ? `at most ${max}` : max === null ? `from ${min}` : `from ${min} to ${max}`;
