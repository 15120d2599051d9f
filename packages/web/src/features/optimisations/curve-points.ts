import type { Listed } from "./use-optimisations.ts";

type Point = readonly [answers: number, best: number];

/**
 * The corners of the learning curve: the best quality stays what it was until a better candidate is found, and on to the answers
 * that were asked for by now. Nothing while nothing was scored.
 */
export function curvePoints({ curve, answers }: Pick<Listed, "curve" | "answers">): readonly Point[] {
  const last = curve.at(-1);
  if (!last) return [];
  const corners = curve.flatMap((point, at): Point[] => {
    const before = curve[at - 1];
    const own: Point = [point.answers, point.best];
    return before ? [[point.answers, before.best], own] : [own];
  });
  return answers > last.answers ? [...corners, [answers, last.best]] : corners;
}
