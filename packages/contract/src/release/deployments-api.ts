import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { DEPLOYMENT_STATES, Deployment, DeploymentInput, DeploymentSettings } from "./deployments.ts";

export const deploymentsApi = defineApi({
  "GET /api/v1/deployments": {
    name: "listDeployments",
    summary: "Deployments of model versions, newest first",
    permission: "models:read",
    query: PageQuery.extend({
      model: z.string().max(100).optional(),
      version: z.coerce.number().int().min(1).max(MOST_INTEGER).optional().describe("With `model`: the new version."),
      rolloutId: z.string().max(100).optional().describe("The deployment that started this rollout."),
      state: z.enum(DEPLOYMENT_STATES).optional(),
    }),
    response: pageOf(Deployment),
  },
  "POST /api/v1/deployments": {
    name: "deployModelVersion",
    summary: "Deploy a model version: move an alias to it after a rollout on each endpoint that uses the alias",
    permission: "models:write",
    description:
      "Uses the template of the deployment settings, also if the project does not require rollouts. If no endpoint uses the alias, it moves immediately.",
    body: DeploymentInput,
    example: { model: "support-model", version: 3 },
    response: Deployment,
    status: 201,
  },
  "GET /api/v1/deployments/:deploymentId": {
    name: "getDeployment",
    summary: "One deployment with its rollouts",
    permission: "models:read",
    params: z.object({ deploymentId: z.string() }),
    response: Deployment,
  },
  "GET /api/v1/deployment-settings": {
    name: "getDeploymentSettings",
    summary: "Whether aliases move only after a rollout, and the template of these rollouts",
    permission: "models:read",
    response: DeploymentSettings,
  },
  "PUT /api/v1/deployment-settings": {
    name: "updateDeploymentSettings",
    summary: "Change the deployment settings. Omitted settings are unchanged",
    permission: "projects:write",
    body: z.strictObject(DeploymentSettings.partial().shape),
    example: { rolloutOnAlias: "required" },
    response: DeploymentSettings,
  },
});
