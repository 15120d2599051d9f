export {
  useDatasetChoices,
  useMemberChoices,
  usePromptChoices,
  useQueueChoices,
  useVersionChoices,
} from "./use-choices.ts";
