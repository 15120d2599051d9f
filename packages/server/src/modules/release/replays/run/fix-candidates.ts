import { type ExperimentVariant, type ReplayCandidate, ExperimentVariant as VariantShape } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { ReplayDeps } from "../stores/deps.ts";

/** The candidates as variants of an experiment. Throws for an unknown endpoint or variant, and for two equal names. */
export async function fixCandidates(
  { endpoints }: Pick<ReplayDeps, "endpoints">,
  scope: Scope,
  candidates: readonly ReplayCandidate[],
): Promise<ExperimentVariant[]> {
  const variants: ExperimentVariant[] = [];
  for (const [place, candidate] of candidates.entries()) {
    const variant =
      candidate.kind === "variant" ? await fromEndpoint(endpoints, scope, { candidate, place }) : fromModel(candidate);
    if (variants.some(({ name }) => name === variant.name)) throw nameTaken(variant.name, place);
    variants.push(variant);
  }
  return variants;
}

const fromModel = ({
  name,
  model,
  prompt,
  parameters,
}: Extract<ReplayCandidate, { kind: "model" }>): ExperimentVariant => ({
  name,
  model,
  prompt,
  parameters,
  messages: null,
});

type FromEndpoint = {
  readonly candidate: Extract<ReplayCandidate, { kind: "variant" }>;
  readonly place: number;
};

async function fromEndpoint(
  endpoints: ReplayDeps["endpoints"],
  scope: Scope,
  { candidate, place }: FromEndpoint,
): Promise<ExperimentVariant> {
  const { variants, name: endpoint } = await endpoints.get(scope, candidate.endpointId);
  const variant = variants.find(({ name }) => name === candidate.variant);
  if (!variant)
    throw new AppError("unprocessable", {
      message: `candidates.${place}: the endpoint "${endpoint}" has no variant "${candidate.variant}". Its variants: ${variants.map(({ name }) => name).join(", ")}.`,
      details: { param: `candidates.${place}.variant` },
    });
  const { model, prompt, parameters, tools } = variant;
  return VariantShape.parse({
    name: candidate.name ?? variant.name,
    model,
    prompt: prompt && {
      name: prompt.name,
      ...(prompt.label !== null && { label: prompt.label }),
      ...(prompt.version !== null && { version: prompt.version }),
    },
    parameters: { ...parameters, ...(tools !== null && { tools }) },
  });
}

const nameTaken = (name: string, place: number) =>
  new AppError("invalid_request", {
    message: `candidates.${place}.name: "${name}" is the name of an earlier candidate. Give each candidate a different name.`,
    details: { param: `candidates.${place}.name` },
  });
