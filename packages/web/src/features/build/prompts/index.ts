export { promptRoutes } from "./prompt-routes.ts";
export { DiffFields } from "./versions/diff-fields.tsx";
export { diffLines } from "./versions/diff-lines.ts";
