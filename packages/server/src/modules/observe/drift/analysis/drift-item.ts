/** Properties of a call that are true or false. Absent if a call cannot have the property. */
export const FLAGS = ["refusal", "invalidJson", "toolCalls", "toolErrors", "guardHits"] as const;
export type Flag = (typeof FLAGS)[number];

/** A text that is compared, with the facts of its call. */
export type DriftItem = {
  /** Null for an item of a dataset. */
  readonly traceId: string | null;
  readonly spanId: string | null;
  /** Empty in a stored reference, except for an item of a dataset. */
  readonly text: string;
  /** Texts of one session, or else of one trace, are not independent. */
  readonly unit: string;
  /** The user, or else the session or the trace. */
  readonly group: string;
  readonly release: string;
  readonly prompt: string;
  readonly model: string;
  readonly user: string;
  readonly tenant: string;
  readonly language: string;
  /** In characters. */
  readonly length: number;
  /** Equal for texts that differ in case, digits and blanks only. */
  readonly fingerprint: string;
  readonly flags: Readonly<Partial<Record<Flag, boolean>>>;
  /** The highest score of a document that was retrieved for the trace. Null if there is none. */
  readonly retrievalScore: number | null;
};

/** Unit vectors in 16 bits per number, which is right to about 0.0001. */
export type PackedVectors = { readonly size: number; readonly numbers: Int16Array };

/** Texts with their vectors, in the same order. */
export type DriftSide = { readonly items: readonly DriftItem[]; readonly vectors: PackedVectors };

/** A topic of the reference. */
export type DriftTopic = {
  readonly centre: readonly number[];
  /** The distance of the reference's farthest text but 1 %. */
  readonly radius: number;
  readonly words: readonly string[];
};

/** What is known of the reference as a whole. */
export type ReferenceModel = {
  /** How many texts have each word or pair of words. */
  readonly words: Readonly<Record<string, number>>;
  readonly topics: readonly DriftTopic[];
};
