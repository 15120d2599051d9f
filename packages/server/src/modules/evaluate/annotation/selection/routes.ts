import { selectionApi } from "@treadle/contract";
import { mount } from "../../../../platform/http/handlers.ts";
import type { SelectionService } from "./service.ts";

export const selectionRoutes = (selection: SelectionService) =>
  mount(selectionApi, { "POST /api/v1/annotation-selection": ({ scope, body }) => selection.select(scope, body) });
