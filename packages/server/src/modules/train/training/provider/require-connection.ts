import { AppError } from "../../../../kernel/errors.ts";
import type { ResolvedConnection } from "../../../build/connections/index.ts";
import type { TrainingDeps } from "../stores/deps.ts";

const param = "launcher.connection";

/** The connection of a run. Throws `not_found` or `unprocessable` with the next step. */
export async function requireConnection(
  { connections }: Pick<TrainingDeps, "connections">,
  projectId: string,
  slug: string,
): Promise<ResolvedConnection> {
  const all = await connections.resolve(projectId);
  const found = all.find((connection) => connection.slug === slug);
  const fitting = all.filter(({ provider, isEnabled }) => provider === "openai-compatible" && isEnabled);
  const known = fitting.map((connection) => connection.slug).join(", ") || "none yet";
  if (!found)
    throw new AppError("not_found", {
      message: `${param}: there is no connection "${slug}" in this project. Connections that can fine-tune: ${known}.`,
      details: { param },
    });
  if (found.provider !== "openai-compatible")
    throw new AppError("unprocessable", {
      message: `${param}: "${slug}" does not support OpenAI's fine-tuning API. Connections that may support it: ${known}.`,
      details: { param },
    });
  if (!found.isEnabled)
    throw new AppError("unprocessable", {
      message: `${param}: the connection "${slug}" is disabled. Enable it first.`,
      details: { param },
    });
  return found;
}
