import { createHash } from "node:crypto";
import type { Endpoint, endpointsApi, ParsedOf, Variant } from "@treadle/contract";

export type EndpointInput = ParsedOf<(typeof endpointsApi)["POST /api/v1/endpoints"]>["body"];

/** What a version of an endpoint consists of. */
export type EndpointContent = Pick<
  Endpoint,
  "name" | "description" | "variants" | "assignBy" | "fallbacks" | "cacheTtlSeconds" | "semanticCache"
>;

const LONGEST_NAME = 40;

/** The content that was sent, with a name for each variant. */
export function contentOf({ variants, ...input }: EndpointInput): EndpointContent {
  const taken = new Set(variants.flatMap(({ name }) => name ?? []));
  return {
    ...input,
    variants: variants.map(
      ({ name, ...variant }): Variant => ({ name: name ?? freeName(variant.model, taken), ...variant }),
    ),
  };
}

/** SHA-256 of what shapes the answers. The weights belong to it: other weights are another experiment. */
export function hashOf(content: EndpointContent): string {
  const { name, variants, assignBy, fallbacks, cacheTtlSeconds, semanticCache } = content;
  const parts = [name, variants, assignBy, fallbacks, cacheTtlSeconds, ...(semanticCache ? [semanticCache] : [])];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
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
