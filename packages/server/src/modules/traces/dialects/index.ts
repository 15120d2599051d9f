export type { Reading } from "./dialect.ts";
export { DIALECTS } from "./dialect-list.ts";
export { readLogMessages } from "./read-event-messages.ts";
export { readSpan } from "./read-span.ts";
