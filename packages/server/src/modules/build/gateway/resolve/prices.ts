import type { Usage } from "../formats/hub/hub.ts";

/** The price of a call in US dollars; null when no table has a price for the model. */
export type Prices = {
  cost(projectId: string, call: { provider: string; model: string; usage: Usage }): number | null;
};
