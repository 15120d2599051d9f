import type { AssignBy, EndpointRollout, Variant } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { type Choice, type Draw, placeAt, variantOf } from "./draw.ts";
import { drawInTest, type FindDrawn } from "./draw-in-test.ts";
import { bucketOf, hashUnit } from "./hash-unit.ts";

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
  /** The rollout or the A/B test that the endpoint is in; empty for none. */
  readonly rolloutId: string;
  readonly unitKind: UnitKind;
  /**
   * Where the unit lies, from 0 to 1. In a rollout the candidate has the beginning of this range, and in an A/B test
   * each arm has its share, in their order. Without them, the variants divide it by their weights, in their order.
   */
  readonly bucket: number;
  /** The probability of this variant for such a unit. */
  readonly propensity: number;
  /** The caller named the variant, so the call says nothing about a random unit. */
  readonly isForced: boolean;
};

export type Wish = {
  /** The variant that the caller named; empty for none. */
  readonly forced: string;
  /** Chooses by where the unit lies, from 0 to 1. Left out: by the weights. */
  readonly choose?: (bucket: number) => Choice;
  /** The earlier draw of a unit of an A/B test with adaptive shares, by its bucket. */
  readonly findDrawn?: FindDrawn;
  /** Whether a rule has sent the request past the rollout or the A/B test. */
  readonly isOutsideRollout?: boolean;
};

const LADDER: readonly UnitKind[] = ["user", "session", "conversation", "key", "request"];
/** What `auto` keeps together if the variant depends on measurements: all traffic of a key on one variant would not share the load. */
const MEASURED_LADDER: readonly UnitKind[] = ["session", "conversation", "request"];

/**
 * A unit keeps its variant for as long as the weights stay. A rollout whose share grows takes units from the others and
 * gives none back. Throws `unprocessable` for a forced variant that does not exist.
 */
export function assignVariant(endpoint: ResolvedEndpoint, units: Units, wish: Wish): Assignment {
  const { forced, choose = byWeights(endpoint), findDrawn = () => null, isOutsideRollout = false } = wish;
  const rollout = isOutsideRollout ? null : endpoint.rollout;
  const { kind, unit } = findUnit(endpoint, units);
  // What is measured changes, so a hash could not keep a unit on its variant: it is remembered instead, and drawn freely.
  const place = endpoint.strategy === "weight" ? unit : units.request;
  const drawing = { unit, place, choose };
  const abTest = isOutsideRollout ? null : endpoint.abTest;
  const drawn = rollout
    ? drawInRollout(endpoint, rollout, drawing)
    : ((abTest && drawInTest(endpoint, abTest, { unit, findDrawn })) ?? drawOutside(endpoint, drawing));
  const rolloutId = rollout?.rolloutId ?? abTest?.abTestId ?? "";
  const assignment = { ...drawn, rolloutId, unitKind: kind, isForced: forced !== "" };
  return forced === "" ? assignment : { ...assignment, variant: variantNamed(endpoint, forced) };
}

type Drawing = {
  readonly unit: string;
  /** What decides where the unit lies outside of a rollout. */
  readonly place: string;
  readonly choose: NonNullable<Wish["choose"]>;
};

/** The rollout's id is the salt, so the units of one rollout are not those of the next. */
function drawInRollout(
  endpoint: ResolvedEndpoint,
  { rolloutId, candidate, share }: EndpointRollout,
  drawing: Drawing,
): Draw {
  const bucket = bucketOf(rolloutId, drawing.unit);
  const variant = endpoint.variants.find(({ name }) => name === candidate);
  if (variant && bucket < share) return { variant, bucket, propensity: share };
  const others = drawOutside(endpoint, drawing);
  return { ...others, bucket, propensity: variant ? (1 - share) * others.propensity : others.propensity };
}

/** The endpoint's id is the salt: units that share a variant here are spread over the variants of other endpoints. */
function drawOutside({ endpointId }: ResolvedEndpoint, { place, choose }: Drawing): Draw {
  const bucket = bucketOf(endpointId, place);
  return { ...choose(bucket), bucket };
}

function byWeights({ variants }: ResolvedEndpoint) {
  const weights = firstWeights(variants);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (bucket: number): Choice => {
    const place = placeAt(weights, bucket * total);
    return { variant: variantOf(variants, place), propensity: (weights[place] ?? 0) / total };
  };
}

/** The weights of the variants of the lowest priority. The others have 0. */
function firstWeights(variants: readonly Variant[]): readonly number[] {
  const lowest = Math.min(...variants.filter(({ weight }) => weight > 0).map(({ priority }) => priority));
  return variants.map(({ weight, priority }) => (priority === lowest ? weight : 0));
}

/** The first unit that the call has, from the wanted kind on. */
function findUnit({ assignBy, strategy }: ResolvedEndpoint, units: Units): { kind: UnitKind; unit: string } {
  const auto = strategy === "weight" ? LADDER : MEASURED_LADDER;
  const ladder = assignBy === "auto" ? auto : LADDER.slice(LADDER.indexOf(assignBy));
  for (const kind of ladder) {
    const unit = kind === "conversation" ? units.conversation() : units[kind];
    if (unit !== "") return { kind, unit: `${kind}:${unit}` };
  }
  return { kind: "request", unit: units.request };
}

/** Identifies a conversation at an endpoint. Empty for a request without a user message of text. */
export function conversationKey({ endpointId }: ResolvedEndpoint, units: Units): string {
  const conversation = units.conversation();
  return conversation === "" ? "" : `${endpointId} ${hashUnit(`${units.user} ${units.session}`, conversation)}`;
}

/** Identifies a unit at an endpoint. Empty for a conversation, which has its own key, and for a single request. */
export function unitKey(endpoint: ResolvedEndpoint, units: Units): string {
  const { kind, unit } = findUnit(endpoint, units);
  return kind === "conversation" || kind === "request" ? "" : `${endpoint.endpointId} ${unit}`;
}

/** What keeps its variant at an endpoint, as one text. Empty for a single request. */
export function unitOf(endpoint: ResolvedEndpoint, units: Units): string {
  const { kind, unit } = findUnit(endpoint, units);
  return kind === "request" ? "" : unit;
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
