import type { Listed } from "../shared/use-optimisations.ts";

type Point = readonly [answers: number, best: number];

/** The points of the learning curve: the best score stays constant until a better candidate is found, up to the current number of answers. Empty without scores. */
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
