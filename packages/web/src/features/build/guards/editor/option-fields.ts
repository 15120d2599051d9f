import { GUARD_OPTIONS } from "@treadle/contract";
import { z } from "zod";
import { fieldsOf, type SchemaField } from "../../../../components/form/schema-fields.ts";

const FIELDS: ReadonlyMap<string, readonly SchemaField[]> = new Map(
  Object.entries(GUARD_OPTIONS).map(([name, shape]) => [
    name,
    fieldsOf(z.toJSONSchema(shape, { io: "input", unrepresentable: "any" })),
  ]),
);

/** The options of a detector as fields of a form, read from the contract. */
export const optionFields = (detector: string): readonly SchemaField[] => FIELDS.get(detector) ?? [];

/** Labels that say more than the names of the options. */
const LABELS: Readonly<Record<string, string>> = {
  allowedHosts: "Allowed hosts",
  isWhole: "Whole words only",
  tokens: "Canary words",
  kind: "Name of the finding",
  memoryMb: "Memory limit (MB)",
  "competitors words": "Names",
  "topics denied": "Denied texts",
  "topics allowed": "Allowed texts",
};

export const optionLabel = (detector: string, { name, label }: SchemaField): string =>
  LABELS[`${detector} ${name}`] ?? LABELS[name] ?? label;

/** A script to begin with. */
export const SCRIPT_EXAMPLE = `export function guard({ text, trust }) {
  return trust === "user" && /refund/i.test(text);
}`;
