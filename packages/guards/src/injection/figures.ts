import figures from "./figures.json" with { type: "json" };

/** A result of the model on a set of texts, from its model card. Shares are from 0 to 1, with 95 % Wilson intervals. */
export type InjectionFigure = Omit<(typeof figures)[number], "measure"> & { readonly measure: "recall" | "flagged" };

/** `training/write-figures.ts` writes them from the tables of the model card. */
export const INJECTION_FIGURES = figures as readonly InjectionFigure[];
