export { feedbackRoutes, scoreConfigRoutes } from "./routes.ts";
export { createFeedback, type FeedbackService } from "./service.ts";
