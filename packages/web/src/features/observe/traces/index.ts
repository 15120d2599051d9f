export { Payload } from "./content/message-view.tsx";
export { type Message, messagesOf } from "./content/messages.ts";
export { traceRoutes } from "./trace-routes.ts";
export { TraceSheet } from "./trace-sheet.tsx";
