export { createFill } from "./fill/fill-in.ts";
export { openPrompts } from "./open.ts";
export { createPrompts } from "./service.ts";
