import { isObject } from "../output/cells.ts";
import { followJob } from "../shared/follow-job.ts";
import type { Call } from "./call.ts";
import { readManifest } from "./manifest.ts";
import type { Operation } from "./operation.ts";

/**
 * Follows the job that a response names until it ends, and gives what it made: the object of the response as it is then, or else the
 * job. Throws when the job failed or was cancelled.
 */
export async function waitForJob(response: unknown, { client, operation, format, request }: Call): Promise<unknown> {
  const jobId = isObject(response) && typeof response.jobId === "string" ? response.jobId : undefined;
  if (jobId === undefined || !isObject(response)) return response;
  const job = await followJob(client, jobId, { isQuiet: format !== "text" });
  const path = objectPath(operation, response, request.path);
  return path === undefined ? job : (await client.request("GET", path)).json();
}

/** The path of the object that was made or changed, where its noun can be got by the ids at hand. */
function objectPath({ noun, endpoint, params = [] }: Operation, response: Record<string, unknown>, path: string) {
  const get = readManifest().find((other) => other.noun === noun && other.verb === "get");
  if (get?.answer !== "json") return undefined;
  const template = endpoint.split(" ")[1]?.split("/") ?? [];
  const given = Object.fromEntries(
    params.map(({ field }) => [field, path.split("?")[0]?.split("/")[template.indexOf(`:${field}`)]]),
  );
  const parts = (get.endpoint.split(" ")[1] ?? "").split("/").map((part) => {
    if (!part.startsWith(":")) return part;
    const field = part.slice(1);
    const value = given[field] ?? response[field];
    return typeof value === "string" ? encodeURIComponent(decodeURIComponent(value)) : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join("/");
}
