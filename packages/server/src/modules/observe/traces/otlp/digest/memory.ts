import { createDedupeSet } from "../../rows/dedupe-set.ts";
import { createNestedCalls } from "./nested-calls.ts";

/** State that is remembered from one request to the next. */
export const createMemory = () => ({ seen: createDedupeSet(), calls: createNestedCalls() });
export type Memory = ReturnType<typeof createMemory>;
