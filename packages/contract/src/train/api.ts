import type { Tag } from "../route.ts";
import { computeTargetsApi } from "./compute-targets.ts";
import { conversionJobsApi, modelConversionsApi } from "./conversions.ts";
import { fineTuningApi } from "./fine-tuning.ts";
import { lineageApi } from "./lineage.ts";
import { mlflowApi } from "./mlflow.ts";
import { registryApi } from "./registry-api.ts";
import { modelEvaluationsApi } from "./required-evaluations.ts";
import { sweepsApi } from "./sweeps.ts";
import { trainingApi } from "./training-api.ts";

/** The endpoints of the area train. */
export const trainEndpoints = {
  ...registryApi,
  ...modelConversionsApi,
  ...conversionJobsApi,
  ...mlflowApi,
  ...computeTargetsApi,
  ...trainingApi,
  ...sweepsApi,
  ...modelEvaluationsApi,
  ...lineageApi,
  ...fineTuningApi,
};

/** The endpoints of the area train by noun. */
export const trainTags: readonly Tag[] = [
  {
    name: "Model registry",
    description: "Registered models: versions, files, aliases and stages.",
    endpoints: [registryApi],
  },
  {
    name: "Conversions",
    description: "Other formats of a model version, such as GGUF and ONNX.",
    endpoints: [modelConversionsApi, conversionJobsApi],
  },
  {
    name: "MLflow",
    description: "The model registry in the format of MLflow's API.",
    endpoints: [mlflowApi],
  },
  {
    name: "Compute targets",
    description: "Clusters on which training runs can train.",
    endpoints: [computeTargetsApi],
  },
  {
    name: "Training",
    description: "Training runs, their events, metrics and checkpoints, and the trainer itself.",
    endpoints: [trainingApi],
  },
  {
    name: "Sweeps",
    description: "Sweeps: searches over training settings.",
    endpoints: [sweepsApi],
  },
  {
    name: "Required evaluations",
    description: "Datasets on which every trained model is measured.",
    endpoints: [modelEvaluationsApi],
  },
  {
    name: "Lineage",
    description: "The origin and the uses of answers, model versions and dataset items.",
    endpoints: [lineageApi],
  },
  {
    name: "Fine-tuning",
    description: "Files and fine-tuning jobs in the format of OpenAI's API.",
    endpoints: [fineTuningApi],
  },
];
