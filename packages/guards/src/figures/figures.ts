import { INJECTION_FIGURES, type InjectionFigure } from "../injection/figures.ts";
import measured from "./measured.json" with { type: "json" };

/** A result of a detector on a built-in set of texts. Shares are from 0 to 1, with 95 % Wilson intervals. */
export type DetectorFigure = Omit<InjectionFigure, "measure" | "at"> & {
  readonly measure: InjectionFigure["measure"] | "precision";
  /** The share of ordinary texts that the threshold flags; null if all findings count. */
  readonly at: number | null;
};

/** The scripts `quality.ts`, `names.ts` and `topics.ts` in `bench/guards` write these figures. */
const FIGURES = new Map(
  Object.entries({ ...measured, injection: INJECTION_FIGURES } as Record<string, readonly DetectorFigure[]>),
);

/** The results of a detector on built-in sets. Empty for a detector that was not measured. */
export const figuresOf = (detector: string): readonly DetectorFigure[] => FIGURES.get(detector) ?? [];
