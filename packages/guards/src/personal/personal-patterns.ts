import type { Pattern } from "../patterns/pattern.ts";
import { contacts, phones } from "./contacts.ts";
import { nationalIds } from "./national-ids.ts";

/** Personal data by its form. The first pattern that matches a place owns it. */
export const PERSONAL_PATTERNS: readonly Pattern[] = [...contacts, ...nationalIds, ...phones];
