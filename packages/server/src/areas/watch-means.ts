import type { Gateway } from "../modules/build/gateway/index.ts";
import type { Datasets } from "../modules/data/datasets/index.ts";
import type { Incidents } from "../modules/observe/incidents/index.ts";
import type { Acknowledge } from "../modules/system/notifications/index.ts";
import { askForLabelBy } from "./ask-for-label.ts";
import { datasetTextsOf } from "./dataset-texts.ts";
import { type IncidentSources, incidentMeans } from "./incident-means.ts";
import type { WatchMeans } from "./watch.ts";

/** What a signed link of a notification does. Only incidents can be acknowledged. They are opened later. */
export const acknowledgeBy =
  (incidents: () => Pick<Incidents, "acknowledgeBySubject">): Acknowledge =>
  async (projectId, { kind, id }, by) =>
    kind === "incident" ? incidents().acknowledgeBySubject(projectId, id, by) : "not-found";

type Above = IncidentSources & {
  readonly gateway: () => Pick<Gateway, "complete" | "listOpenCircuits">;
  readonly datasets: () => Datasets["whole"];
};

/** What the modules that watch the traffic read from modules that are opened later. */
export const watchMeans = ({ gateway, datasets, ...sources }: Above): WatchMeans => ({
  evidence: incidentMeans({ gateway, ...sources }),
  askForLabel: askForLabelBy(gateway),
  readDatasetTexts: datasetTextsOf(datasets),
});
