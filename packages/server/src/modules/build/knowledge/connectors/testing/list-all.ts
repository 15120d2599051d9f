import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createSelection } from "../shared/match-glob.ts";
import type { Entry, OpenSource } from "../shared/port.ts";

type Stored = Readonly<Record<string, { readonly mark: string; readonly bytes: string }>>;
type Options = { readonly stored?: Stored; readonly include?: readonly string[]; readonly exclude?: readonly string[] };

/** The whole listing of a source, with the reasons why it is incomplete. */
export async function listAll(source: OpenSource, { stored = {}, ...patterns }: Options = {}) {
  const warnings: string[] = [];
  const entries: Record<string, Entry> = {};
  const listing = source.list({
    signal: new AbortController().signal,
    known: {
      markOf: (path) => stored[path]?.mark,
      bytesOf: async (path) => (stored[path] ? Buffer.from(stored[path].bytes) : null),
    },
    selects: createSelection(patterns),
    warnIncomplete: (reason) => warnings.push(reason),
  });
  for await (const entry of listing) entries[entry.path] = entry;
  return { entries, paths: Object.keys(entries), warnings };
}

/** A local HTTP server. */
export async function openHttp(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
