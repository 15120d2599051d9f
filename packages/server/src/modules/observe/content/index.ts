export { createContentAccess, mayReadContent } from "./service.ts";
