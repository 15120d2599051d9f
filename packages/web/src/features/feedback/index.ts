export { FeedbackList } from "./feedback-list.tsx";
export { feedbackRoutes } from "./feedback-routes.ts";
export { SpanFeedback } from "./span-feedback.tsx";
export { useSessionFeedback } from "./use-feedback.ts";
