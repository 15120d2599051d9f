import {
  readShape,
  TRAINING_FIELDS,
  TrainingConfig,
  type TrainingProblem,
  type TrainingValidation,
} from "@treadle/contract";
import { editDistance, editSimilarity } from "@treadle/metrics";
import { parse } from "yaml";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import { ALIASES, type Alias, DATASET_ALIASES, IGNORED, REFUSED } from "./aliases.ts";
import { leftOutByProvider } from "./left-out.ts";

type Row = Record<string, unknown>;
type Notes = { readonly problems: TrainingProblem[]; readonly warnings: string[] };

/** A name that is so much like one of ours was most likely meant to be it. */
const ALIKE = 0.6;

/** Reads a configuration in the words of Treadle, Axolotl, LLaMA-Factory or TRL, and says all that is wrong with it. */
export function readConfig(given: unknown): TrainingValidation {
  const notes: Notes = { problems: [], warnings: [] };
  const row = typeof given === "string" ? parseYaml(given, notes) : given;
  if (row === undefined) return { config: null, ...notes };
  if (!isRecord(row)) {
    const message =
      "The configuration is not an object. Write keys with values, such as `base_model: smollm2-135m-instruct`.";
    return { config: null, problems: [{ path: "", message }], warnings: [] };
  }
  const translated = translate(row, notes);
  const result = readShape(TrainingConfig, translated);
  if (result.success) notes.warnings.push(...leftOutByProvider(result.data));
  else notes.problems.push(...result.error.issues.flatMap(problemsOf));
  return { config: result.success && notes.problems.length === 0 ? result.data : null, ...notes };
}

/** The configuration, or `invalid_request` with the first thing that is wrong in its sentence and all in its details. */
export function requireConfig(given: unknown): TrainingConfig {
  const { config, problems } = readConfig(given);
  if (config !== null) return config;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw new AppError("invalid_request", {
    message: `${first?.path ? `${first.path}: ` : ""}${first?.message}${more}`,
    details: { param: first?.path ?? null, problems },
  });
}

/** The JSON Schema of what `readConfig` reads, in our own words. */
export const configSchema = (): Record<string, unknown> => ({ ...z.toJSONSchema(TrainingConfig, { io: "input" }) });

function parseYaml(text: string, { problems }: Notes): unknown {
  try {
    const read: unknown = parse(text, { maxAliasCount: 20 });
    return read ?? {};
  } catch (error) {
    const [message = ""] = messageOf(error).split("\n");
    problems.push({ path: "", message: `The configuration is not valid YAML: ${message}` });
    return undefined;
  }
}

/** A table's own entry, not a property of every object, such as `constructor`. */
const own = <Said>(table: Readonly<Record<string, Said>>, key: string): Said | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The same in our own words. What is unknown stays, so that it is named. */
function translate(row: Row, notes: Notes): Row {
  const result: Row = Object.create(null);
  const origin = new Map<string, string>();
  for (const [key, value] of Object.entries(row)) {
    if (value === undefined || (value === null && !Object.hasOwn(TRAINING_FIELDS.shape, key))) continue;
    const refusal = own(REFUSED, key);
    if (refusal !== undefined) {
      if (value !== false) notes.problems.push({ path: key, message: `is not possible: ${refusal}` });
    } else if (IGNORED.has(key)) notes.warnings.push(`\`${key}\` has no effect here and is ignored.`);
    else if (Object.hasOwn(TRAINING_FIELDS.shape, key)) put(result, key, { value, key, origin, notes });
    else {
      const alias = own(ALIASES, key);
      if (alias === undefined) result[key] = value;
      else putAlias(result, alias, { value, key, origin, notes });
    }
  }
  if (result.adapter === "qlora") {
    notes.problems.push({ path: "adapter", message: "must be lora or none, because qlora needs a GPU" });
    delete result.adapter;
  }
  if (Array.isArray(result.datasets)) result.datasets = result.datasets.map((one) => translateDataset(one, notes));
  return result;
}

type Putting = {
  readonly value: unknown;
  readonly key: string;
  readonly origin: Map<string, string>;
  readonly notes: Notes;
};

function putAlias(result: Row, { to, map }: Alias, putting: Putting): void {
  const value = map ? map(putting.value) : putting.value;
  if (value !== undefined) put(result, to, { ...putting, value });
}

/** Sets a value at a path. Two keys for the same setting are an error unless they agree. */
function put(result: Row, path: string, { value, key, origin, notes }: Putting): void {
  const before = origin.get(path);
  const [first = "", second] = path.split(".");
  const holder = result[first];
  const known = second === undefined ? holder : isRecord(holder) ? holder[second] : undefined;
  if ((before !== undefined || known !== undefined) && JSON.stringify(known) !== JSON.stringify(value))
    notes.problems.push({
      path: key,
      message: `sets ${path} again, to a different value than \`${before ?? path}\`; remove one of them`,
    });
  origin.set(path, key);
  if (second === undefined) result[first] = isRecord(holder) && isRecord(value) ? { ...holder, ...value } : value;
  else result[first] = { ...(isRecord(holder) ? holder : {}), [second]: value };
}

function translateDataset(given: unknown, { warnings }: Notes): unknown {
  if (typeof given === "string") return { ref: given };
  if (!isRecord(given)) return given;
  const result: Row = {};
  for (const [key, value] of Object.entries(given)) {
    const alias = own(DATASET_ALIASES, key);
    if (alias !== undefined) result[alias.to] = alias.map ? alias.map(value) : value;
    else if (key === "ds_type") warnings.push("`datasets.ds_type` has no effect here and is ignored.");
    else result[key] = value;
  }
  return result;
}

function problemsOf(issue: z.core.$ZodIssue): TrainingProblem[] {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return [{ path, message: flatMessage(issue) }];
  return issue.keys.map((key) => {
    const nearest = nearestOf(key, namesAt(issue.path));
    return {
      path: path ? `${path}.${key}` : key,
      message: `is not a key of a training configuration${nearest ? `; did you mean \`${nearest}\`?` : ""}`,
    };
  });
}

/** Of alternatives, the errors of the closest one. */
function flatMessage(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union") return issue.message;
  const messages = issue.errors.flatMap((branch) => branch.map(({ message }) => message));
  return [...new Set(messages)].join(", or ") || issue.message;
}

/** The names that would be known where an unknown one stands. */
function namesAt(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return [...Object.keys(TRAINING_FIELDS.shape), ...Object.keys(ALIASES)];
  const [first] = path;
  const schema = configSchema();
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const field = isRecord(properties[String(first)]) ? properties[String(first)] : {};
  const inner = isRecord(field) && isRecord(field.items) ? field.items : field;
  return isRecord(inner) && isRecord(inner.properties) ? Object.keys(inner.properties) : [];
}

/** The known name that is most like another one, or null when none is much like it. */
export function nearestOf(name: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const ranked = known
    .map((candidate) => ({ candidate, likeness: likenessOf(plain(name), plain(candidate)) }))
    .toSorted((a, b) => b.likeness - a.likeness);
  const [best] = ranked;
  return best && best.likeness >= ALIKE ? best.candidate : null;
}

/** One letter more or less is a slip, also in a name so short that it is half of it. */
const likenessOf = (name: string, candidate: string): number =>
  Math.abs(name.length - candidate.length) === 1 && editDistance(name, candidate) === 1
    ? 1
    : editSimilarity(name, candidate);
