const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A time in ISO 8601 for people who may be in any time zone: `2026-03-02 09:15 UTC`. */
export const utcMinute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** A text that is a time in ISO 8601, in the form for people. Any other text stays the same. */
export const readableTime = (text: string): string => (ISO_TIME.test(text) ? utcMinute(text) : text);
