import type { Pattern } from "../patterns/pattern.ts";
import { birthDates } from "./births.ts";
import { cards, contacts, networkAddresses } from "./contacts.ts";
import { europeanIds } from "./countries/europe.ts";
import { firstIds } from "./countries/first-ids.ts";
import { otherIds } from "./countries/world.ts";
import { phones } from "./phones.ts";

/** Identity numbers that are as long as a card number, with a checksum that is right by chance more rarely than Luhn's. */
const LONG_IDS: ReadonlySet<string> = new Set(["fr-nir", "cn-resident-id"]);

/** Personal data by its form. The first pattern that matches a place owns it. */
export const PERSONAL_PATTERNS: readonly Pattern[] = [
  ...contacts,
  ...firstIds.filter(({ kind }) => LONG_IDS.has(kind)),
  ...cards,
  ...networkAddresses,
  ...firstIds.filter(({ kind }) => !LONG_IDS.has(kind)),
  ...europeanIds,
  ...otherIds,
  ...birthDates,
  ...phones,
];
