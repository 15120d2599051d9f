import type { AbTestInput } from "@treadle/contract";

/** What a test is made of, without the endpoint. */
export type Plan = Omit<AbTestInput, "endpointId">;
