import { createHash } from "node:crypto";
import {
  type Endpoint,
  type endpointsApi,
  FailureClass,
  type Fallback,
  type ParsedOf,
  type Variant,
} from "@treadle/contract";

export type EndpointInput = ParsedOf<(typeof endpointsApi)["POST /api/v1/endpoints"]>["body"];

/** What a version of an endpoint consists of. */
export type EndpointContent = Pick<
  Endpoint,
  | "name"
  | "description"
  | "variants"
  | "strategy"
  | "rules"
  | "assignBy"
  | "failover"
  | "fallbacks"
  | "cacheTtlSeconds"
  | "semanticCache"
>;

const LONGEST_NAME = 40;
const MAX_PRIORITY = 20;

/** The content that was sent, with a name for each variant, and criteria and a priority for each fallback. */
export function contentOf({ variants, fallbacks, ...input }: EndpointInput): EndpointContent {
  const taken = new Set(variants.flatMap(({ name }) => name ?? []));
  return {
    ...input,
    variants: variants.map(
      ({ name, ...variant }): Variant => ({ name: name ?? freeName(variant.model, taken), ...variant }),
    ),
    fallbacks: fallbacks.map(toFallback),
  };
}

/** The content of an endpoint, without what a rollout or a version adds to it. */
export const contentFrom = ({
  name,
  description,
  variants,
  strategy,
  rules,
  assignBy,
  failover,
  fallbacks,
  cacheTtlSeconds,
  semanticCache,
}: EndpointContent): EndpointContent => ({
  name,
  description,
  variants,
  strategy,
  rules,
  assignBy,
  failover,
  fallbacks,
  cacheTtlSeconds,
  semanticCache,
});

/**
 * SHA-256 of what shapes the answers. The weights belong to it: other weights are another experiment. A field with its
 * default is left out, so an endpoint that does not use a newer field has the same hash as before.
 */
export const hashOf = ({ name, variants, assignBy, fallbacks, cacheTtlSeconds, ...routing }: EndpointContent): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        name,
        variants.map(({ priority, ...variant }) => (priority === 1 ? variant : { ...variant, priority })),
        assignBy,
        fallbacks.map(plainFallback),
        cacheTtlSeconds,
        ...routingOf(routing),
        ...(routing.semanticCache ? [routing.semanticCache] : []),
      ]),
    )
    .digest("hex");

function routingOf({ strategy, rules, failover }: Pick<EndpointContent, "strategy" | "rules" | "failover">) {
  const isDefault = strategy === "weight" && rules.length === 0 && failover === "fallbacks";
  return isDefault ? [] : [strategy, rules, failover];
}

function toFallback(fallback: EndpointInput["fallbacks"][number], place: number): Fallback {
  const byPlace = Math.min(MAX_PRIORITY, place + 1);
  if (typeof fallback === "string") return { model: fallback, on: [...FailureClass.options], priority: byPlace };
  const { model, on, priority = byPlace } = fallback;
  return { model, on: FailureClass.options.filter((option) => on.includes(option)), priority };
}

/** A fallback after any failure is its model alone, as it was sent. */
function plainFallback({ model, on, priority }: Fallback, place: number) {
  const isPlain = on.length === FailureClass.options.length && priority === Math.min(MAX_PRIORITY, place + 1);
  return isPlain ? model : [model, on, priority];
}

/** A name from the last part of the model's: `openai/GPT 5` gives `gpt-5`, and `gpt-5-2` when that is taken. */
function freeName(model: string, taken: Set<string>): string {
  const last = model.slice(model.lastIndexOf("/") + 1).toLowerCase();
  const plain = last.replaceAll(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "");
  const base = plain.slice(0, LONGEST_NAME) || "variant";
  let name = base;
  for (let nth = 2; taken.has(name); nth += 1) name = `${base.slice(0, LONGEST_NAME - 4)}-${nth}`;
  taken.add(name);
  return name;
}
