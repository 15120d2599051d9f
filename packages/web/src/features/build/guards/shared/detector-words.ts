import { CALL_GUARD_DETECTORS, type GuardDetectorName, type GuardTrust, LATE_GUARD_DETECTORS } from "@treadle/contract";
import { capital } from "./guard-words.ts";

type DetectorWords = {
  readonly label: string;
  /** One line for the choice of a detector. */
  readonly words: string;
  /** The sources whose texts it can judge. Without a list, all of them. */
  readonly reads?: readonly GuardTrust[];
};

const DETECTOR_WORDS: Readonly<Record<GuardDetectorName, DetectorWords>> = {
  secrets: {
    label: "Secrets",
    words: "Finds 70 kinds of keys, tokens and passwords, with checksums where they exist.",
  },
  "personal-data": {
    label: "Personal data",
    words: "Finds contact data, cards, bank accounts, identity numbers and dates of birth.",
  },
  names: {
    label: "Names",
    words: "Finds names of people and places, mainly in English texts. Observe it before you block with it.",
  },
  injection: {
    label: "Injection",
    words: "Estimates how likely a text tries to override instructions. Observe it before you block with it.",
    reads: ["user", "retrieved", "tool-result"],
  },
  "prompt-leak": {
    label: "Prompt leak",
    words: "Finds eight words of the system prompt in the same order.",
    reads: ["tool-arguments", "output"],
  },
  canary: {
    label: "Canary",
    words: "Finds random words of your system prompt, also spelled, reversed or encoded.",
    reads: ["tool-arguments", "output"],
  },
  urls: {
    label: "Links",
    words: "Finds links and images to other hosts, look-alike hosts and images that carry data.",
  },
  "invisible-text": { label: "Invisible text", words: "Finds characters that people do not see and models read." },
  words: { label: "Words", words: "Finds words and phrases of your list." },
  competitors: { label: "Competitors", words: "Finds names that an answer should not mention." },
  patterns: { label: "Patterns", words: "Finds your regular expressions. A match has at most 256 characters." },
  profanity: { label: "Profanity", words: "Finds listed words. A list finds words, not their meaning." },
  code: { label: "Code", words: "Finds code blocks and scripts." },
  groundedness: {
    label: "Groundedness",
    words: "Finds numbers and sentences of an answer that no source of the request supports.",
    reads: ["output"],
  },
  "json-schema": {
    label: "JSON schema",
    words: "Finds answers that are not JSON or do not fit a schema.",
    reads: ["output"],
  },
  "tool-policy": {
    label: "Tool policy",
    words: "Finds calls of tools, or arguments, that your list does not allow.",
    reads: ["tool-arguments"],
  },
  topics: {
    label: "Topics",
    words: "Finds texts on a denied topic, or on no allowed one, by your examples. English only.",
  },
  script: { label: "Script", words: "Runs your own function in a sandbox, without network and files." },
  language: { label: "Language", words: "Finds texts in other languages, from 20 letters on." },
  moderation: { label: "Moderation service", words: "Asks a service with OpenAI's format of moderations." },
  judge: { label: "Judge", words: "Asks a model of your project a question about the text." },
  length: { label: "Length", words: "Finds texts that are too long or too short." },
};

const find = (detector: string): DetectorWords | undefined =>
  Object.entries(DETECTOR_WORDS).find(([name]) => name === detector)?.[1];

export const DETECTOR_NAMES = Object.keys(DETECTOR_WORDS);
export const detectorLabel = (detector: string): string =>
  find(detector)?.label ?? capital(detector.replaceAll("-", " "));
export const detectorLine = (detector: string): string =>
  find(detector)?.words ?? "This server does not have this detector.";

const has = (names: readonly string[], detector: string) => names.includes(detector);
/** Whether a detector answers later, such as a service. Calls continue without its answer unless a rule says otherwise. */
export const answersLate = (detector: string): boolean => has(LATE_GUARD_DETECTORS, detector);
/** Whether a rule has a time limit for a detector, because it asks elsewhere or runs in another process. */
export const hasBudget = (detector: string): boolean => detector !== "language" && answersLate(detector);

/** What cannot be done to a whole call of a tool. */
const CHANGES: readonly string[] = ["mask", "redact", "reroute"];
export const canAct = (detector: string, action: string): boolean =>
  !(has(CALL_GUARD_DETECTORS, detector) && CHANGES.includes(action));

/** Whether a detector can judge texts of a source. */
export const canRead = (detector: string, trust: GuardTrust): boolean => find(detector)?.reads?.includes(trust) ?? true;
