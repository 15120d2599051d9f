import type { AssignBy, EndpointRollout, Variant } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";

export type UnitKind = Exclude<AssignBy, "auto">;

/** What of a call can keep its variant. An empty text means that the call does not have it. */
export type Units = Readonly<Record<Exclude<UnitKind, "conversation">, string>> & {
  /** Read only if it is needed. */
  readonly conversation: () => string;
  /** Whether a model has answered in the conversation already. */
  readonly isContinued: () => boolean;
};

/** Why a call went to a variant. Every span has it, so that variants can be compared later. */
export type Assignment = {
  readonly variant: Variant;
  /** The rollout that the endpoint is in; empty for none. */
  readonly rolloutId: string;
  readonly unitKind: UnitKind;
  /**
   * Where the unit lies, from 0 to 1. In a rollout the candidate has the beginning of this range. Without one, the
   * variants divide it by their weights, in their order.
   */
  readonly bucket: number;
  /** The probability of this variant for such a unit. */
  readonly propensity: number;
  /** The caller named the variant, so the call says nothing about a random unit. */
  readonly isForced: boolean;
};

const LADDER: readonly UnitKind[] = ["user", "session", "conversation", "key", "request"];
const SPREAD = 2 ** 32;

/**
 * A unit keeps its variant for as long as the weights stay. A rollout whose share grows takes units from the others and
 * gives none back. Throws `unprocessable` for a forced variant that does not exist.
 */
export function assignVariant(endpoint: ResolvedEndpoint, units: Units, forced: string): Assignment {
  const { assignBy, rollout } = endpoint;
  const { kind, unit } = findUnit(assignBy, units);
  const drawn = rollout ? drawInRollout(endpoint, rollout, unit) : drawByWeight(endpoint, unit);
  const assignment = { ...drawn, rolloutId: rollout?.rolloutId ?? "", unitKind: kind, isForced: forced !== "" };
  return forced === "" ? assignment : { ...assignment, variant: variantNamed(endpoint, forced) };
}

type Draw = Pick<Assignment, "variant" | "bucket" | "propensity">;

/** The rollout's id is the salt, so the units of one rollout are not those of the next. */
function drawInRollout(
  endpoint: ResolvedEndpoint,
  { rolloutId, candidate, share }: EndpointRollout,
  unit: string,
): Draw {
  const bucket = hashUnit(rolloutId, unit) / SPREAD;
  const variant = endpoint.variants.find(({ name }) => name === candidate);
  if (variant && bucket < share) return { variant, bucket, propensity: share };
  const others = drawByWeight(endpoint, unit);
  return { ...others, bucket, propensity: variant ? (1 - share) * others.propensity : others.propensity };
}

/** The endpoint's id is the salt: units that share a variant here are spread over the variants of other endpoints. */
function drawByWeight({ endpointId, variants }: ResolvedEndpoint, unit: string): Draw {
  const bucket = hashUnit(endpointId, unit) / SPREAD;
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  const variant = variantAt(variants, bucket * total);
  return { variant, bucket, propensity: variant.weight / total };
}

/** The first unit that the call has, from the wanted kind on. */
function findUnit(assignBy: AssignBy, units: Units): { kind: UnitKind; unit: string } {
  const from = assignBy === "auto" ? 0 : LADDER.indexOf(assignBy);
  for (const kind of LADDER.slice(from)) {
    const unit = kind === "conversation" ? units.conversation() : units[kind];
    if (unit !== "") return { kind, unit: `${kind}:${unit}` };
  }
  return { kind: "request", unit: units.request };
}

function variantAt(variants: readonly Variant[], place: number): Variant {
  let end = 0;
  for (const variant of variants) {
    end += variant.weight;
    if (place < end) return variant;
  }
  const [first] = variants;
  if (!first) throw new Error("an endpoint has at least one variant");
  return variants.findLast(({ weight }) => weight > 0) ?? first;
}

function variantNamed({ name: endpoint, variants }: ResolvedEndpoint, wanted: string): Variant {
  const found = variants.find(({ name }) => name === wanted);
  if (found) return found;
  const names = variants.map(({ name }) => name).join(", ");
  throw new AppError("unprocessable", {
    message: `The header x-treadle-variant names "${wanted.slice(0, 80)}", but the endpoint "${endpoint}" has no such variant. It has: ${names}.`,
    details: { param: "x-treadle-variant" },
  });
}

/**
 * 32 bits of a unit: FNV-1a, applied to its own result as text, as GrowthBook's second version does. Once alone, FNV-1a
 * gives the same unit related buckets under related salts.
 */
export const hashUnit = (salt: string, unit: string): number => fnv1a(String(fnv1a(salt + unit)));

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}
