import type { ExperimentInput } from "@treadle/contract";
import type { GuardsToOpen } from "../../../build/guards/index.ts";

/** The guards of a variant: those that apply to every call, or chosen ones. Other modules set them, and never a request. */
export type VariantGuards = { readonly kind: "configured" } | GuardsToOpen;

/** An experiment as it was started. Modules that compare guards add those of its variants, in their order. */
export type StoredExperimentInput = ExperimentInput & { readonly guards?: readonly VariantGuards[] };
