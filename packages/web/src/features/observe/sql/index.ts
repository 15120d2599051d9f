export { SqlEditor } from "./sql-editor.tsx";
export { sqlRoute } from "./sql-routes.ts";
