import { annotationApi } from "./annotation.ts";
import { annotationAnswersApi } from "./annotation-answers.ts";
import { annotationReportsApi } from "./annotation-reports.ts";
import { selectionApi } from "./annotation-selection.ts";
import { bisectsApi } from "./bisects.ts";
import { boardsApi } from "./boards.ts";
import { calibrationApi } from "./calibration.ts";
import { connectionsApi } from "./connections.ts";
import { consensusApi } from "./consensus.ts";
import { curationApi } from "./curation.ts";
import { curationMapApi } from "./curation-map.ts";
import { datasetsApi } from "./dataset-api.ts";
import { datasetFilesApi } from "./dataset-files.ts";
import { endpointsApi } from "./endpoints.ts";
import { analysisApi, experimentsApi, runsApi } from "./experiments-api.ts";
import { exportsApi } from "./exports.ts";
import { feedbackApi } from "./feedback-api.ts";
import { fineTuningApi } from "./fine-tuning.ts";
import { forwardingApi } from "./forwarding.ts";
import { gatesApi } from "./gates.ts";
import { gatewayApi } from "./gateway.ts";
import { insightsApi } from "./insights.ts";
import { jobsApi } from "./jobs.ts";
import { lineageApi } from "./lineage.ts";
import { liveScoringApi } from "./live-scoring.ts";
import { mcpApi } from "./mcp.ts";
import { mlflowApi } from "./mlflow.ts";
import { modelEvaluationsApi } from "./model-evaluations.ts";
import { modelsApi } from "./models.ts";
import { optimisationsApi } from "./optimisations.ts";
import { otlpApi } from "./otlp.ts";
import { pairwiseApi } from "./pairwise.ts";
import { preferencesApi } from "./preferences.ts";
import { projectsApi } from "./projects.ts";
import { promptsApi } from "./prompts-api.ts";
import { registryApi } from "./registry-api.ts";
import { scoreConfigsApi } from "./score-configs.ts";
import { scorersApi } from "./scorers.ts";
import { searchApi } from "./search.ts";
import { sendersApi } from "./senders.ts";
import { sessionApi } from "./session.ts";
import { sessionsApi } from "./sessions.ts";
import { spanObjectsApi } from "./span-objects.ts";
import { sweepsApi } from "./sweeps.ts";
import { synthesisApi } from "./synthesis.ts";
import { systemApi } from "./system.ts";
import { testSetsApi } from "./test-sets.ts";
import { toDataApi } from "./to-data.ts";
import { traceItemsApi } from "./trace-items-api.ts";
import { tracesApi } from "./traces.ts";
import { trainingApi } from "./training-api.ts";

/** Every endpoint of the product. */
export const api = {
  ...sessionApi,
  ...projectsApi,
  ...modelsApi,
  ...registryApi,
  ...mlflowApi,
  ...connectionsApi,
  ...endpointsApi,
  ...promptsApi,
  ...scorersApi,
  ...gatewayApi,
  ...tracesApi,
  ...otlpApi,
  ...sendersApi,
  ...spanObjectsApi,
  ...sessionsApi,
  ...feedbackApi,
  ...scoreConfigsApi,
  ...boardsApi,
  ...insightsApi,
  ...searchApi,
  ...exportsApi,
  ...datasetsApi,
  ...traceItemsApi,
  ...curationApi,
  ...curationMapApi,
  ...synthesisApi,
  ...testSetsApi,
  ...experimentsApi,
  ...runsApi,
  ...analysisApi,
  ...gatesApi,
  ...liveScoringApi,
  ...calibrationApi,
  ...bisectsApi,
  ...pairwiseApi,
  ...optimisationsApi,
  ...annotationApi,
  ...annotationAnswersApi,
  ...annotationReportsApi,
  ...consensusApi,
  ...preferencesApi,
  ...selectionApi,
  ...toDataApi,
  ...datasetFilesApi,
  ...forwardingApi,
  ...jobsApi,
  ...trainingApi,
  ...sweepsApi,
  ...modelEvaluationsApi,
  ...lineageApi,
  ...fineTuningApi,
  ...mcpApi,
  ...systemApi,
};
export type TreadleApi = typeof api;
