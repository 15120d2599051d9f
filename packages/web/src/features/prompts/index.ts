export { DiffFields } from "./diff-fields.tsx";
export { diffLines } from "./diff-lines.ts";
export { promptRoutes } from "./prompt-routes.ts";
