export { openFeedback } from "./open.ts";
export { feedbackRoutes } from "./routes.ts";
export type { FeedbackService } from "./service.ts";
