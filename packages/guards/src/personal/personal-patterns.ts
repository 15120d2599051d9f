import type { Pattern } from "../patterns/pattern.ts";
import { birthDates } from "./births.ts";
import { contacts } from "./contacts.ts";
import { europeanIds } from "./countries/europe.ts";
import { firstIds } from "./countries/first-ids.ts";
import { otherIds } from "./countries/world.ts";
import { phones } from "./phones.ts";

/** Personal data by its form. The first pattern that matches a place owns it. */
export const PERSONAL_PATTERNS: readonly Pattern[] = [
  ...contacts,
  ...firstIds,
  ...europeanIds,
  ...otherIds,
  ...birthDates,
  ...phones,
];
