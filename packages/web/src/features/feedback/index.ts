export { feedbackRoutes } from "./feedback-routes.ts";
export { SpanFeedback } from "./span-feedback.tsx";
