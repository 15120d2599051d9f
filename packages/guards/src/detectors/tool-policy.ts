import type { LateFinding } from "../policy/late.ts";
import type { CallDetector, ToolCalled } from "../policy/tool-call.ts";
import type { SchemaCheck } from "./json-schema.ts";

type Schema = Readonly<Record<string, unknown>>;
export type AllowedTool = {
  /** In a name `*` stands for any characters. */
  readonly name: string;
  /** The API keys that may call it. All callers if nothing is given. */
  readonly keys?: readonly string[] | undefined;
  /** The JSON schema that its arguments must fit. */
  readonly arguments?: Schema | undefined;
};
export type ToolPolicyOptions = { readonly tools: readonly AllowedTool[] };

/** Calls of tools that are not allowed, or whose arguments do not fit the schema of the policy. */
export function createToolPolicy(compile: (schema: Schema) => SchemaCheck): CallDetector<ToolPolicyOptions> {
  const checks = new WeakMap<Schema, SchemaCheck>();
  const checkOf = (schema: Schema): SchemaCheck => {
    const check = checks.get(schema) ?? compile(schema);
    checks.set(schema, check);
    return check;
  };
  const fits = (called: ToolCalled, { arguments: schema }: AllowedTool) =>
    schema === undefined || isFitting(called.arguments, checkOf(schema));

  return {
    name: "tool-policy",
    version: 1,
    find(called, { tools }, call): readonly LateFinding[] {
      const mayCall = ({ keys }: AllowedTool) => keys === undefined || keys.includes(call?.keyId ?? "");
      const allowed = tools.filter((tool) => matches(tool.name, called.name) && mayCall(tool));
      if (allowed.length === 0) return [{ kind: "tool-not-allowed", score: 1 }];
      return allowed.some((tool) => fits(called, tool)) ? [] : [{ kind: "tool-arguments", score: 1 }];
    },
  };
}

function isFitting(text: string, check: SchemaCheck): boolean {
  try {
    return check(text === "" ? {} : JSON.parse(text));
  } catch {
    return false;
  }
}

/** Compares part by part, so that no name takes long. */
function matches(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let rest = name.slice(first.length, name.length - last.length);
  for (const part of others) {
    const place = rest.indexOf(part);
    if (place < 0) return false;
    rest = rest.slice(place + part.length);
  }
  return true;
}
