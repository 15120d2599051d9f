import { searchApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { SpanSearch } from "./service.ts";

export const searchRoutes = (search: SpanSearch) =>
  mount(searchApi, {
    "POST /api/v1/spans/similar": ({ scope, body, signal }) => search.similar(scope, body, signal),
  });
