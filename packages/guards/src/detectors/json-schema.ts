import type { Detector } from "../detector.ts";
import type { Finding, Span } from "../finding.ts";

/** Whether a value fits a schema. */
export type SchemaCheck = (value: unknown) => boolean;
export type JsonSchemaOptions = { readonly schema: Readonly<Record<string, unknown>> };

const MOST_SCHEMAS = 200;
const NAME = "json-schema";

/**
 * Answers that are not JSON or do not fit a schema. What can be repaired by leaving something out has findings with a
 * replacement: a Markdown fence or words around the JSON, and commas before a closing bracket.
 */
export function createJsonSchema(
  compile: (schema: JsonSchemaOptions["schema"]) => SchemaCheck,
): Detector<JsonSchemaOptions> {
  const checks = new Map<string, SchemaCheck>();

  function checkOf(schema: JsonSchemaOptions["schema"]): SchemaCheck {
    const key = JSON.stringify(schema);
    const existing = checks.get(key);
    if (existing) return existing;
    const check = compile(schema);
    if (checks.size >= MOST_SCHEMAS) checks.clear();
    checks.set(key, check);
    return check;
  }

  return {
    name: NAME,
    version: 1,
    isDeterministic: true,
    need: "whole",
    reads: ["output"],
    find: ({ text }, { schema }, call) =>
      call?.isAnswer === false || text.trim() === "" ? [] : problemsOf(text, checkOf(schema)),
  };
}

function problemsOf(text: string, check: SchemaCheck): readonly Finding[] {
  const whole = { detector: NAME, start: 0, end: text.length, score: 1, view: "text" } as const;
  const value = parse(text);
  if (value !== undefined) return check(value.json) ? [] : [{ ...whole, kind: "schema-mismatch" }];
  const extras = extrasOf(text);
  const repaired = parse(without(text, extras));
  if (repaired === undefined) return [{ ...whole, kind: "invalid-json" }];
  if (!check(repaired.json)) return [{ ...whole, kind: "schema-mismatch" }];
  return extras.map((span) => ({ ...whole, ...span, kind: "repaired-json", replacement: "" }));
}

function parse(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** What stands around the JSON, and commas before a closing bracket. */
function extrasOf(text: string): readonly Span[] {
  const start = text.search(/[{[]/);
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]")) + 1;
  if (start < 0 || end <= start) return [];
  return [{ start: 0, end: start }, ...looseCommas(text, { start, end }), { start: end, end: text.length }].filter(
    (span) => span.end > span.start,
  );
}

/** A text in quotes, or a comma before a closing bracket. */
const TOKENS = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/gs;

const looseCommas = (text: string, { start, end }: Span): readonly Span[] =>
  [...text.slice(start, end).matchAll(TOKENS)]
    .filter(([token]) => token === ",")
    .map(({ index }) => ({ start: start + index, end: start + index + 1 }));

function without(text: string, spans: readonly Span[]): string {
  let from = 0;
  const pieces = spans.map(({ start, end }) => {
    const piece = text.slice(from, start);
    from = end;
    return piece;
  });
  return pieces.join("") + text.slice(from);
}
