import type { Outbound } from "../../platform/outbound/port.ts";
import type { ResolvedConnection } from "../connections/index.ts";
import { toUpstream } from "./http-backend.ts";
import { findProvider } from "./providers/index.ts";

const MAX_BYTES = 8 * 1024 * 1024;

/** Asks a provider which models it has: shows whether address and key of a connection work. Throws what went wrong, in words. */
export function createProviderModels({ outbound }: { outbound: Pick<Outbound, "request"> }) {
  return async function listProviderModels(connection: ResolvedConnection): Promise<string[]> {
    const provider = findProvider(connection.provider);
    const upstream = toUpstream({ connection, model: "" }, connection.keys[0]?.value ?? "");
    const request = await provider.modelsRequest(upstream);
    const { status, body, headers } = await outbound.request({
      ...request,
      timeouts: connection.timeouts,
      maxBytes: MAX_BYTES,
    });
    if (status === 200) return provider.readModels(body);
    if (status >= 300 && status < 400) {
      throw new Error(
        `The provider answered with a redirect to ${String(headers.location ?? "another address")}, which is not followed. Correct the base URL.`,
      );
    }
    throw new Error(`The provider answered ${status}: ${provider.readError(status, body).message}`);
  };
}
