import { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";

const MAX_LISTED = 20;

type Existing = {
  readonly list: readonly ResolvedConnection[];
  readonly endpointsByName: ReadonlyMap<string, ResolvedEndpoint>;
  readonly local: readonly string[];
};

/** The `not_found` of a name that stands for no model. `namer` is the source of the name: an endpoint or the header of fallbacks; null for the request itself. */
export function unknownModel(
  name: string,
  namer: ResolvedEndpoint | "header" | null,
  { list, endpointsByName, local }: Existing,
): AppError {
  const slug = name.split("/", 1)[0];
  const disabled = list.find((connection) => !connection.isEnabled && connection.slug === slug);
  const offered = [
    ...endpointsByName.keys(),
    ...local,
    ...list
      .filter(({ isEnabled }) => isEnabled)
      .flatMap((connection) => [`${connection.slug}/…`, ...connection.models]),
  ];
  const words =
    offered.length === 0
      ? "This project has no endpoint and no connection yet, and this machine has no model."
      : `Available models: ${offered.slice(0, MAX_LISTED).join(", ")}${offered.length > MAX_LISTED ? " and more" : ""}.`;
  const by = namer === "header" ? "The header x-treadle-fallback" : namer && `The endpoint "${namer.name}"`;
  const where = by ? `${by} names the model "${name}", which` : `The model "${name}"`;
  const problem = disabled
    ? `belongs to the connection "${disabled.slug}", which is disabled.`
    : `does not exist in this project. ${words} GET /v1/models lists everything.`;
  return new AppError("not_found", {
    message: `${where} ${problem}`,
    details: { param: namer === "header" ? "x-treadle-fallback" : "model", code: "model_not_found" },
  });
}
