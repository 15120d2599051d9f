import type { Variant } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Connections } from "../connections/index.ts";
import { checkRouting } from "./check-routing.ts";
import type { EndpointContent } from "./content.ts";

export type CheckDeps = {
  readonly connections: Pick<Connections, "resolve">;
  readonly models: { isLocal(modelId: string): boolean };
  /** Whether a name stands for a version in the project's registry. */
  readonly registered: { knows(projectId: string, name: string): Promise<boolean> };
  /** Throws `not_found` for a prompt, a label or a version that does not exist. */
  readonly checkPrompt: (scope: Scope, prompt: NonNullable<Variant["prompt"]>) => Promise<unknown>;
  /** Throws `not_found` for a knowledge base or a version that does not exist. */
  readonly checkKnowledge: (scope: Scope, knowledge: NonNullable<Variant["knowledge"]>) => Promise<unknown>;
};

/**
 * Throws `unprocessable` unless each variant and fallback can answer, no two variants share a name, one has a weight, and
 * the rules and priorities name what is there.
 */
export function createCheck({ connections, models, registered, checkPrompt, checkKnowledge }: CheckDeps) {
  async function checkModels(projectId: string, { name, variants, fallbacks }: EndpointContent): Promise<void> {
    const known = await connections.resolve(projectId);
    const isKnown = (model: string) =>
      models.isLocal(model) ||
      known.some((connection) => isUnder(connection.slug, model) || connection.models.includes(model));
    for (const { model } of [...variants, ...fallbacks]) {
      if (model === name)
        throw refuse(`"${name}" cannot be its own model. Name a model, such as \`connection-slug/model\`.`);
      if (isKnown(model) || (await registered.knows(projectId, model))) continue;
      const slugs = known.map(({ slug }) => `${slug}/…`).join(", ");
      throw refuse(
        `There is no model "${model}". Use the id of a local model, or a model of ${slugs || "a connection, after you have added one"}.`,
      );
    }
  }

  return async function check(scope: Scope, content: EndpointContent): Promise<void> {
    await checkModels(scope.projectId, content);
    for (const { name, prompt, knowledge } of content.variants) {
      if (prompt) await checkUsed({ variant: name, what: "prompt" }, () => checkPrompt(scope, prompt));
      if (knowledge) await checkUsed({ variant: name, what: "knowledge base" }, () => checkKnowledge(scope, knowledge));
    }
    checkVariants(content);
    checkRouting(content);
  };
}

function checkVariants({ variants }: EndpointContent): void {
  const repeated = variants.find(
    (variant, place) => variants.findIndex(({ name: other }) => other === variant.name) < place,
  );
  if (repeated) throw refuse(`Two variants are named "${repeated.name}". Give each variant its own name.`);
  if (variants.every(({ weight }) => weight === 0))
    throw refuse(
      "All variants have the weight 0, so no variant can be chosen. Give at least one variant a weight above 0.",
    );
}

type Used = { readonly variant: string; readonly what: "prompt" | "knowledge base" };

async function checkUsed({ variant, what }: Used, check: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    throw refuse(`The variant "${variant}" names a ${what} that cannot be used. ${error.message}`);
  }
}

const isUnder = (slug: string, model: string) => model.startsWith(`${slug}/`) && model.length > slug.length + 1;
const refuse = (message: string) => new AppError("unprocessable", { message, details: { param: "variants" } });
