export { explorePages, exploreRoute } from "./explore-routes.ts";
