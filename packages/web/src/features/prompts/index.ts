export { DiffFields } from "./diff-fields.tsx";
export { diffLines, type FieldDiff } from "./diff-lines.ts";
export { promptRoutes } from "./prompt-routes.ts";
