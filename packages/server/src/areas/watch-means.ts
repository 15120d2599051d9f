import type { Gateway } from "../modules/build/gateway/index.ts";
import type { Incidents } from "../modules/observe/incidents/index.ts";
import type { AskForLabel } from "../modules/observe/topics/index.ts";
import type { Acknowledge } from "../modules/system/notifications/index.ts";
import type { Build, ModelSources } from "./build.ts";
import type { Data } from "./data.ts";
import { datasetTextsOf } from "./dataset-texts.ts";
import type { Evaluate } from "./evaluate.ts";
import { incidentMeans } from "./incident-means.ts";
import { judgeErrorsBy } from "./judge-errors.ts";
import type { Release } from "./release.ts";
import type { WatchMeans } from "./watch.ts";

/** What a signed link of a notification does. Only incidents can be acknowledged. They are opened later. */
export const acknowledgeBy =
  (incidents: () => Pick<Incidents, "acknowledgeBySubject">): Acknowledge =>
  async (projectId, { kind, id }, by) =>
    kind === "incident" ? incidents().acknowledgeBySubject(projectId, id, by) : "not-found";

/** The modules that are opened later, and what they build on. */
type Later = Pick<ModelSources, "connections"> &
  Pick<Build, "gateway"> &
  Pick<Data, "datasets"> &
  Pick<Evaluate, "experiments" | "calibration" | "liveAgreement"> &
  Pick<Release, "rollouts">;

/** What the modules that watch the traffic read from modules that are opened later. */
export const watchMeans = (modules: () => Later): WatchMeans => {
  const gateway = () => modules().gateway.api;
  return {
    evidence: incidentMeans(() => {
      const { connections, rollouts, experiments } = modules();
      return { connections: connections.api, gateway: gateway(), rollouts: rollouts.api, runs: experiments.api.runs };
    }),
    askForLabel: askForLabelBy(gateway),
    judgeErrorsOf: judgeErrorsBy(() => {
      const { calibration, liveAgreement } = modules();
      return { calibration: calibration.api, liveAgreement: liveAgreement.api };
    }),
    readDatasetTexts: datasetTextsOf(() => modules().datasets.api.whole),
  };
};

const MOST_TOKENS = 40;
/** The calls are no use of the application, so that they are no topic of the next run. */
const HEADERS = { "x-treadle-environment": "evaluation", "x-treadle-tags": "topics" };

/** A label for a topic from a chat model, through the gateway. The gateway is opened later. */
const askForLabelBy =
  (gateway: () => Pick<Gateway, "complete">): AskForLabel =>
  async (scope, { model, system, question }, signal) => {
    const messages = [
      { role: "system" as const, content: system },
      { role: "user" as const, content: question },
    ];
    const request = { model, messages, max_tokens: MOST_TOKENS, temperature: 0 };
    const { response, cost } = await gateway().complete(scope, request, { signal, headers: HEADERS });
    const content = response.choices[0]?.message.content;
    return { text: typeof content === "string" ? content : "", costUsd: cost.costUsd };
  };
