export { DIALECTS } from "./dialect-list.ts";
export { readSpan } from "./read-span.ts";
export type { Reading } from "./readers/dialect.ts";
export { readLogMessages } from "./readers/read-event-messages.ts";
