export { type Match, type Ranking, type Rated, rankByMatches } from "./bradley-terry.ts";
export { eloExpectation, eloRatings } from "./elo.ts";
