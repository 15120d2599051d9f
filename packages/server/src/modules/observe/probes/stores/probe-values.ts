import type { ProbeInput, ProbePromptKind } from "@treadle/contract";

export type ProbeSettings = Omit<ProbeInput, "name" | "isEnabled">;
export type KeptPrompt = { readonly promptId: string; readonly kind: ProbePromptKind; readonly text: string };
/** The evidence of the answers and of the log-probabilities. */
export type Detectors = { readonly counts: number; readonly logprobs: number | null };
export type FirstToken = Readonly<Record<string, number>>;

/** How often each answer was given to a prompt. */
export type Counts = ReadonlyMap<string, number>;
