import { mcpApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Mcp } from "./service.ts";

export const mcpRoutes = (mcp: Mcp) =>
  mount(mcpApi, {
    "POST /mcp": (exchange) => mcp.exchange(exchange),
    "GET /mcp": (exchange) => mcp.listen(exchange),
  });
