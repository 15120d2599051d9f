import { z } from "zod";
import { defineApi } from "./route.ts";

/** Messages of the Model Context Protocol, which are JSON-RPC 2.0. */
const Message = z.unknown();

export const mcpApi = defineApi({
  "POST /mcp": {
    name: "exchangeMcp",
    summary: "Speak the Model Context Protocol: every reading endpoint is a tool, and with `mcp:write` many that write",
    permission: "signed-in",
    body: Message,
    response: Message,
    wire: "mcp",
  },
  "GET /mcp": {
    name: "listenMcp",
    summary: "Refuse the stream of server messages, which this server has none of",
    permission: "signed-in",
    response: Message,
    wire: "mcp",
  },
});
