export { editDistance, editSimilarity } from "./edit-distance.ts";
