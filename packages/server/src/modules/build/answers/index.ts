export { openAnswers } from "./open.ts";
