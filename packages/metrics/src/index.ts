// Scores of text, of labels and of rankings, and the statistics that compare them. Pure: it imports nothing.
export * from "./text/index.ts";
