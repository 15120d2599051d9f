export * from "./scores.ts";
export * from "./senders.ts";
export * from "./sessions.ts";
export * from "./span-kinds.ts";
export * from "./span-objects.ts";
export * from "./spans.ts";
export * from "./traces.ts";
