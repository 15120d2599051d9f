export { type Match, type Ranking, type Rated, rankByMatches, type StyleEffect } from "./bradley-terry.ts";
export { eloExpectation, eloRatings } from "./elo.ts";
