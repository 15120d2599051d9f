export { Payload } from "./message-view.tsx";
export { type Message, messagesOf } from "./messages.ts";
export { traceRoutes } from "./trace-routes.ts";
export { TraceSheet } from "./trace-sheet.tsx";
