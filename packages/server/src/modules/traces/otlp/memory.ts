import { createNestedCalls } from "./nested-calls.ts";
import { createSeen } from "./seen.ts";

/** What is remembered from one request to the next. */
export const createMemory = () => ({ seen: createSeen(), calls: createNestedCalls() });
export type Memory = ReturnType<typeof createMemory>;
