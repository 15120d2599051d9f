export { FeedbackFailure } from "./feedback-failure.tsx";
export { feedbackRoutes } from "./feedback-routes.ts";
export { GiveFeedback } from "./give-feedback.tsx";
export { SpanFeedback } from "./span-feedback.tsx";
export { useSessionFeedback } from "./use-feedback.ts";
