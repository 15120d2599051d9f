import { deploymentsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Deployments } from "./service.ts";

export const deploymentRoutes = (deployments: Deployments) =>
  mount(deploymentsApi, {
    "GET /api/v1/deployments": ({ scope, query }) => deployments.list(scope, query),
    "POST /api/v1/deployments": ({ scope, body }) => deployments.deploy(scope, body),
    "GET /api/v1/deployments/:deploymentId": ({ scope, params }) => deployments.get(scope, params.deploymentId),
    "GET /api/v1/deployment-settings": ({ scope }) => deployments.settings.get(scope),
    "PUT /api/v1/deployment-settings": ({ scope, body }) => deployments.settings.update(scope, body),
  });
