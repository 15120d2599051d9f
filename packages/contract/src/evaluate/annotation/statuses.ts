// Without a schema, so that a page which only names them does not bring the schemas along.
export const ITEM_STATUSES = ["open", "complete", "disputed", "adjudicated", "flagged", "removed"] as const;
export type AnnotationItemStatus = (typeof ITEM_STATUSES)[number];
