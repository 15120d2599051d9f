import { consensusRoutes } from "../consensus/routes.ts";
import { preferenceRoutes } from "../preferences/routes.ts";
import { selectionRoutes } from "../selection/routes.ts";
import { toDataRoutes } from "../to-data/routes.ts";
import type { Harvest } from "./service.ts";

export const harvestRoutes = ({ consensus, preferences, toData, selection }: Harvest) => [
  ...consensusRoutes(consensus),
  ...preferenceRoutes(preferences),
  ...toDataRoutes(toData),
  ...selectionRoutes(selection),
];
