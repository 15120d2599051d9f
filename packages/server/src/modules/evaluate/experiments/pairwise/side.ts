/** Whose answer is better. */
export type Side = "base" | "head" | "tie";
