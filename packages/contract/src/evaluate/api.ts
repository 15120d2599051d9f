import type { Tag } from "../route.ts";
import { annotationApi } from "./annotation/annotation.ts";
import { annotationAnswersApi } from "./annotation/answers.ts";
import { consensusApi } from "./annotation/consensus.ts";
import { annotationReportsApi } from "./annotation/reports.ts";
import { selectionApi } from "./annotation/selection.ts";
import { toDataApi } from "./annotation/to-data.ts";
import { bisectsApi } from "./bisects.ts";
import { calibrationApi } from "./calibration.ts";
import { analysisApi, experimentsApi, runsApi } from "./experiments-api.ts";
import { gatesApi } from "./gates.ts";
import { liveAgreementApi } from "./live-agreement.ts";
import { liveRunsApi } from "./live-runs.ts";
import { liveScoringApi } from "./live-scoring.ts";
import { pairwiseApi } from "./pairwise.ts";
import { preferencesApi } from "./preferences.ts";
import { optimisationsApi } from "./prompt-optimisation.ts";
import { redTeamApi } from "./red-team-api.ts";
import { questionSetsApi, questionsApi } from "./retrieval/question-sets-api.ts";
import { retrievalRunsApi } from "./retrieval/retrieval-runs-api.ts";
import { scorersApi } from "./scorers.ts";
import { testSetsApi } from "./test-sets.ts";

/** The endpoints of the area evaluate. */
export const evaluateEndpoints = {
  ...scorersApi,
  ...testSetsApi,
  ...experimentsApi,
  ...runsApi,
  ...analysisApi,
  ...gatesApi,
  ...liveScoringApi,
  ...liveAgreementApi,
  ...liveRunsApi,
  ...calibrationApi,
  ...bisectsApi,
  ...pairwiseApi,
  ...optimisationsApi,
  ...redTeamApi,
  ...questionSetsApi,
  ...questionsApi,
  ...retrievalRunsApi,
  ...annotationApi,
  ...annotationAnswersApi,
  ...annotationReportsApi,
  ...consensusApi,
  ...preferencesApi,
  ...selectionApi,
  ...toDataApi,
};

/** The endpoints of the area evaluate by noun. */
export const evaluateTags: readonly Tag[] = [
  {
    name: "Scorers",
    description: "Scorers and their versions: rules, metrics and judges that score an answer.",
    endpoints: [scorersApi],
  },
  {
    name: "Test sets",
    description: "Built-in sets of items, such as jailbreak attacks.",
    endpoints: [testSetsApi],
  },
  {
    name: "Experiments",
    description: "Experiments, which answer a dataset with several variants and score the answers.",
    endpoints: [experimentsApi],
  },
  {
    name: "Runs",
    description: "Runs of experiments, and runs with uploaded answers.",
    endpoints: [runsApi],
  },
  {
    name: "Run analysis",
    description: "Estimates, comparisons, leaderboards and exports of runs.",
    endpoints: [analysisApi],
  },
  {
    name: "Gates",
    description: "Pass or fail decisions about a run, and items in quarantine.",
    endpoints: [gatesApi],
  },
  {
    name: "Live scoring",
    description: "Rules that score spans as they arrive.",
    endpoints: [liveScoringApi, liveAgreementApi, liveRunsApi],
  },
  {
    name: "Calibration",
    description: "The agreement of judges with people, and scores corrected for judge errors.",
    endpoints: [calibrationApi],
  },
  {
    name: "Bisects",
    description: "Bisects, which find the change that made a score fall.",
    endpoints: [bisectsApi],
  },
  {
    name: "Pairwise judging",
    description: "Comparisons of two runs by a judge, item by item.",
    endpoints: [pairwiseApi],
  },
  {
    name: "Prompt optimisation",
    description: "Prompt optimisations: searches for a better version of a prompt.",
    endpoints: [optimisationsApi],
  },
  {
    name: "Red team",
    description: "Red team runs, which attack an endpoint or a model with and without guards.",
    endpoints: [redTeamApi],
  },
  {
    name: "Retrieval",
    description: "Question sets of knowledge bases, and runs that measure how well a search finds the answers.",
    endpoints: [questionSetsApi, questionsApi, retrievalRunsApi],
  },
  {
    name: "Annotation",
    description: "Queues of items that people answer questions about, and reports on the answers.",
    endpoints: [annotationApi, annotationAnswersApi, annotationReportsApi, consensusApi, selectionApi],
  },
  {
    name: "Preferences",
    description: "Preference pairs: two answers to one input, of which people prefer one.",
    endpoints: [preferencesApi],
  },
  {
    name: "Feedback to datasets",
    description: "Dataset items created from feedback, annotations and preferences.",
    endpoints: [toDataApi],
  },
];
