export { createFeedback, type FeedbackCalls, type Given } from "./feedback.ts";
export { FeedbackError, type PublicFeedback, sendFeedback } from "./send-feedback.ts";
