import type { ShadowInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { ShadowDeps } from "./deps.ts";

type Deps = Pick<ShadowDeps, "endpoints" | "priceOf">;

/** The name of the endpoint. Throws if its candidate could not be mirrored to, with the field and what to do. */
export async function checkInput({ endpoints, priceOf }: Deps, scope: Scope, input: ShadowInput): Promise<string> {
  const { name, variants } = await endpoints.get(scope, input.endpointId);
  const candidate = variants.find((variant) => variant.name === input.candidate);
  if (!candidate)
    throw new AppError("unprocessable", {
      message: `The endpoint "${name}" has no variant "${input.candidate}". It has: ${variants.map((variant) => variant.name).join(", ")}. Add the candidate with the weight 0.`,
      details: { param: "candidate" },
    });
  const { model } = candidate;
  if ((await priceOf(scope.projectId, { model, inputTokens: 1, outputTokens: 1 })) === null)
    throw new AppError("unprocessable", {
      message: `The price of the model "${model}" is unknown, so that the budget of the shadow cannot be enforced. Set its price first.`,
      details: { param: "budgetUsdPerDay", model },
    });
  return name;
}
