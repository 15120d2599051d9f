import type { Permission, Route, Shape } from "@treadle/contract";
import { z } from "zod";
import type { AnyHandler, Mounted } from "../../../kernel/call.ts";
import type { Scope } from "../../../kernel/scope.ts";

/** An endpoint of the contract as a tool. */
export type Tool = {
  readonly name: string;
  readonly summary: string;
  /** Method and path. */
  readonly endpoint: string;
  readonly route: Route;
  readonly handle: AnyHandler;
  readonly isReadOnly: boolean;
  readonly isDestructive: boolean;
  /** JSON Schema of the arguments: params and query side by side, the body under its name. */
  readonly inputSchema: { readonly type: "object"; readonly [key: string]: unknown };
};

/** An assistant that reads a trace reads what strangers wrote in it: what opens doors is not within its reach. */
const NEVER: ReadonlySet<Permission | string> = new Set([
  "keys:write",
  "members:write",
  "projects:write",
  "projects:manage",
  "local-models:write",
  "system:write",
  "compute:write",
  "connections:write",
  "forwarding:write",
  "notifications:write",
  "exports:write",
  "prompts:protect",
]);

/** The endpoints that make sense as tools: JSON in and out, and behind a permission. */
export function toTools(mounted: Mounted): Tool[] {
  return mounted.flatMap(({ endpoint, route, handle }) => {
    const { permission, wire, answer = "json", name, summary } = route;
    const isOpen = permission === "public" || permission === "signed-in";
    if (wire !== undefined || answer !== "json" || isOpen || NEVER.has(permission)) return [];
    const method = endpoint.split(" ")[0];
    const isReadOnly = permission.endsWith(":read");
    return [
      {
        name,
        summary,
        endpoint,
        route,
        handle,
        isReadOnly,
        isDestructive: method === "DELETE",
        inputSchema: inputSchemaOf(route),
      },
    ];
  });
}

/** Reading requires the endpoint's own permission. Writing also requires `mcp:write`. */
export const neededFor = ({ route, isReadOnly }: Tool): readonly string[] => [
  route.permission,
  ...(route.content === "required" ? ["traces:content"] : []),
  ...(isReadOnly ? [] : ["mcp:write"]),
];

export function mayUse({ permissions }: Scope, tool: Tool): boolean {
  const held: ReadonlySet<string> = permissions;
  return neededFor(tool).every((permission) => held.has(permission));
}

function inputSchemaOf({ params, query, body }: Route): Tool["inputSchema"] {
  const parts = [schemaOf(params), schemaOf(query)];
  return {
    type: "object",
    properties: {
      ...Object.assign({}, ...parts.map(({ properties }) => properties)),
      ...(body && { body: schemaOf(body) }),
    },
    required: [...parts.flatMap(({ required }) => required ?? []), ...(body ? ["body"] : [])],
    additionalProperties: false,
  };
}

type JsonSchema = { readonly properties?: object; readonly required?: readonly string[] };

/** JSON Schema of what a caller sends, without the name of its version, which says nothing to an assistant. */
export function schemaOf(shape: Shape | undefined): JsonSchema {
  if (!shape) return {};
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io: "input", unrepresentable: "any" });
  return schema;
}
