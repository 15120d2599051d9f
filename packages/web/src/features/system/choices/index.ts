export {
  useDatasetChoices,
  useEndpointChoices,
  useExperimentChoices,
  useMemberChoices,
  usePromptChoices,
  useQueueChoices,
  useTestSetChoices,
  useVersionChoices,
} from "./use-choices.ts";
