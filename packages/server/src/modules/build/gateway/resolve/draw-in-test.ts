import type { EndpointAbTest } from "@treadle/contract";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { byProbabilities, type Draw } from "./draw.ts";
import { bucketOf } from "./hash-unit.ts";

/** What adaptive shares gave a unit when it came first, and with what probability. */
export type Drawn = { readonly variant: string; readonly propensity: number };
/** The earlier draw of the unit in this bucket; null for none. */
export type FindDrawn = (bucket: number) => Drawn | null;
type Drawing = { readonly unit: string; readonly findDrawn: FindDrawn };

/**
 * The test's id is the salt. With adaptive shares, the beginning of the range is a holdout that the fixed shares divide,
 * and a unit beyond it stays with its first draw while the shares change. The propensity is the probability inside the
 * holdout, or outside it, wherever the unit lies. undefined if an arm is not a variant any more.
 */
export function drawInTest(
  { variants }: Pick<ResolvedEndpoint, "variants">,
  { abTestId, arms, adaptive }: EndpointAbTest,
  { unit, findDrawn }: Drawing,
): Draw | undefined {
  const named = arms.map(({ variant }) => variants.find(({ name }) => name === variant));
  const compared = named.filter((variant) => variant !== undefined);
  if (compared.length < named.length) return undefined;
  const bucket = bucketOf(abTestId, unit);
  const holdout = adaptive?.holdout ?? 1;
  const byFixed = byProbabilities(
    compared,
    arms.map(({ share }) => share),
  );
  if (!adaptive || bucket < holdout) return { ...byFixed(bucket / holdout), bucket };
  const before = findDrawn(bucket);
  const variant = before && compared.find(({ name }) => name === before.variant);
  if (before && variant) return { variant, propensity: before.propensity, bucket };
  return { ...byProbabilities(compared, adaptive.shares)((bucket - holdout) / (1 - holdout)), bucket };
}

/** Whether adaptive shares gave the unit its variant. */
export const isOutsideHoldout = ({ adaptive }: EndpointAbTest, bucket: number): boolean =>
  adaptive !== null && bucket >= adaptive.holdout;
