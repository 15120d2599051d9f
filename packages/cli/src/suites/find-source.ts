import { findSource as find, type Source, type SourceFlags } from "@treadle/sdk/evaluate";

export type { Source };

/** Where a run belongs: from the flags, else from the variables of the CI, else from git here. */
export const findSource = (flags: SourceFlags): Source => find(flags, process.env);
