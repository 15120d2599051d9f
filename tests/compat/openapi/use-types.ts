// Compiled against the types that openapi-typescript generates from the API description.
import type { components, operations, paths } from "./api.js";

type Json<Operation extends { requestBody?: unknown }> =
  NonNullable<Operation["requestBody"]> extends { content: { "application/json": infer Body } } ? Body : never;
/** The type `true` or `false`. A constant of this type compiles only with that value. */
type Takes<Type, Value> = Value extends Type ? true : false;

export const dataset: Json<operations["createDataset"]> = { name: "Support questions" };
export const takesNoName: Takes<Json<operations["createDataset"]>, { description: string }> = false;

type Traces = paths["/api/v1/traces"]["get"]["responses"][200]["content"]["application/json"];
export const isLast = (page: Traces): boolean => page.nextCursor === null;
export const firstId = (page: Traces): string | undefined => page.items[0]?.traceId;

type Status = components["schemas"]["TraceSummary"]["status"];
export const takesError: Takes<Status, "error"> = true;
export const takesFine: Takes<Status, "fine"> = false;

export const codeOf = ({ error }: components["schemas"]["Error"]): string => error.code;
