import type { Tag } from "../route.ts";
import { connectionsApi } from "./connections.ts";
import { endpointsApi } from "./endpoints.ts";
import { gatewayApi } from "./gateway.ts";
import { guardDetectorsApi } from "./guard-detectors-api.ts";
import { guardPreviewsApi } from "./guard-previews.ts";
import { guardsApi } from "./guards.ts";
import { knowledgeApi } from "./knowledge/api.ts";
import { knowledgeAnswersApi } from "./knowledge/ask.ts";
import { modelsApi } from "./models.ts";
import { moderationsApi } from "./moderations.ts";
import { promptsApi } from "./prompts-api.ts";
import { semanticCacheApi } from "./semantic-cache.ts";
import { vectorStoresApi } from "./vector-stores/api.ts";

/** The endpoints of the area build. */
export const buildEndpoints = {
  ...modelsApi,
  ...connectionsApi,
  ...endpointsApi,
  ...semanticCacheApi,
  ...promptsApi,
  ...guardsApi,
  ...moderationsApi,
  ...guardPreviewsApi,
  ...guardDetectorsApi,
  ...knowledgeApi,
  ...vectorStoresApi,
  ...knowledgeAnswersApi,
  ...gatewayApi,
};

/** The endpoints of the area build by noun. */
export const buildTags: readonly Tag[] = [
  {
    name: "Models",
    description: "Models of this machine, their downloads, and the prices of all models.",
    endpoints: [modelsApi],
  },
  {
    name: "Connections",
    description: "Connections to model providers, with their keys.",
    endpoints: [connectionsApi],
  },
  {
    name: "Endpoints",
    description: "Names that the gateway answers to: a model, a weighted set of models, or a chain of fallbacks.",
    endpoints: [endpointsApi, semanticCacheApi],
  },
  {
    name: "Prompts",
    description: "Versioned prompts with labels, folders and comments.",
    endpoints: [promptsApi],
  },
  {
    name: "Guards",
    description: "Policies that find personal data, secrets and attacks in requests and answers.",
    endpoints: [guardsApi, moderationsApi, guardPreviewsApi, guardDetectorsApi],
  },
  {
    name: "Knowledge",
    description: "Knowledge bases: documents, their index versions, and search by words and by meaning.",
    endpoints: [knowledgeApi, knowledgeAnswersApi],
  },
  {
    name: "Vector stores",
    description: "Knowledge bases in the format of OpenAI's vector stores.",
    endpoints: [vectorStoresApi],
  },
  {
    name: "Gateway",
    description: "Calls of models in the formats of OpenAI and Anthropic.",
    endpoints: [gatewayApi],
  },
];
