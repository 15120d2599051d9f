export { FeedbackWidget, type FeedbackWidgetProps, type FeedbackWords } from "./feedback-widget.tsx";
export { type FeedbackState, type FeedbackTarget, useFeedback } from "./use-feedback.ts";
