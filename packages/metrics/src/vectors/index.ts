export { drawRows, findCentres, nearestCentres, refineCentres } from "./k-means.ts";
export { mix } from "./mix.ts";
export { cosineTo, createNearTest, createVectors, lengthOf, type Vectors, vectorAt, vectorsOf } from "./vectors.ts";
