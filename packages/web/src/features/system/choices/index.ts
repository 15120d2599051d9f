export {
  useDatasetChoices,
  useEndpointChoices,
  useMemberChoices,
  usePromptChoices,
  useQueueChoices,
  useVersionChoices,
} from "./use-choices.ts";
