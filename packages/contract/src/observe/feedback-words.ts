// Without a schema, so that a page which only names them does not bring the schemas along.

/** What a person did with an answer, which says something of it without being asked. */
export const FEEDBACK_SIGNALS = ["copied", "regenerated", "edited", "abandoned", "resolved"] as const;
/** Where feedback came from: the API, an end user's browser, Treadle's own pages, or an event inside a span. */
export const FEEDBACK_SOURCES = ["api", "widget", "ui", "otel"] as const;
