import type { Outbound } from "../../../../platform/outbound/port.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import { findProvider } from "../resolve/find-provider.ts";
import { toUpstream } from "./build-request.ts";

const MAX_BYTES = 8 * 1024 * 1024;

/** Lists a provider's models, which shows whether the address and the key of a connection work. Throws an `Error` with the reason. */
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
