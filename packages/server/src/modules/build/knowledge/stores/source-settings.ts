import type { KnowledgeSourceInput } from "@treadle/contract";

type Shared = "name" | "kind" | "principals" | "everySeconds" | "isEnabled" | "token" | "secretAccessKey";

/** The settings of a source without its secret. The fields depend on the kind. */
export type SourceSettings = Partial<Omit<KnowledgeSourceInput, Shared>>;
