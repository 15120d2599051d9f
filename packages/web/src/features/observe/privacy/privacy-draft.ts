import { PERSONAL_GROUPS, type PersonalGroup } from "./privacy-words.ts";
import type { PrivacyBody } from "./use-privacy.ts";

type Detectors = PrivacyBody["detectors"];
type Detector = Detectors[number]["detector"];

export const hasDetector = (detectors: Detectors, name: Detector): boolean =>
  detectors.some(({ detector }) => detector === name);

/** The list with a detector or without it. Options of the others stay. */
export const withDetector = (detectors: Detectors, name: Detector, isOn: boolean): Detectors => {
  const others = detectors.filter(({ detector }) => detector !== name);
  return isOn ? [...others, { detector: name, options: {} }] : others;
};

/** The groups of personal data that are looked for. Without the option, all of them. */
export function groupsOf(detectors: Detectors): readonly PersonalGroup[] {
  const personal = detectors.find(({ detector }) => detector === "personal-data");
  if (!personal) return [];
  const groups: unknown = personal.options?.groups;
  return Array.isArray(groups) ? PERSONAL_GROUPS.filter((group) => groups.includes(group)) : PERSONAL_GROUPS;
}

/** The list that looks for these groups. Without any group there is no detector of personal data. */
export function withGroups(detectors: Detectors, groups: readonly PersonalGroup[]): Detectors {
  if (groups.length === 0) return withDetector(detectors, "personal-data", false);
  const { groups: _, ...options } = detectors.find(({ detector }) => detector === "personal-data")?.options ?? {};
  const isAll = groups.length === PERSONAL_GROUPS.length;
  const changed = {
    detector: "personal-data" as const,
    options: isAll ? options : { ...options, groups: [...groups] },
  };
  return [...withDetector(detectors, "personal-data", false), changed];
}

/** The list with an item or without it, in the order of all items. */
export const toggled = <Item>(all: readonly Item[], list: readonly Item[], item: Item): Item[] =>
  all.filter((each) => (each === item ? !list.includes(each) : list.includes(each)));

/** Detectors that the form does not show. They were set by the API. */
export const otherDetectors = (detectors: Detectors): readonly Detector[] =>
  detectors.map(({ detector }) => detector).filter((name) => name !== "secrets" && name !== "personal-data");
