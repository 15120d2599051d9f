import { z } from "zod";
import { defineApi } from "../route.ts";

/** Messages of the Model Context Protocol, which are JSON-RPC 2.0. */
const Message = z.unknown();

export const mcpApi = defineApi({
  "POST /mcp": {
    name: "exchangeMcp",
    summary:
      "Use the Model Context Protocol: every endpoint that reads is a tool, and with `mcp:write` also many that write",
    permission: "signed-in",
    query: z.object({
      toolsets: z
        .string()
        .max(500)
        .optional()
        .describe(
          "The tools to list, separated by commas: `traces`, `prompts`, `datasets`, `experiments`, `docs` (the default), an area such as `annotation`, or `all`. The header `x-treadle-toolsets` has the same effect.",
        ),
    }),
    body: Message,
    example: { jsonrpc: "2.0", id: 1, method: "tools/list" },
    response: Message,
    wire: "mcp",
  },
  "GET /mcp": {
    name: "listenMcp",
    summary: "Reject the stream of server messages, which this server does not have",
    permission: "signed-in",
    response: Message,
    wire: "mcp",
  },
});
