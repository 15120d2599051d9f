import {
  type CALL_GUARD_DETECTORS,
  GUARD_DETECTORS,
  GUARD_OPTIONS,
  type GuardDetectorName,
  LATE_GUARD_DETECTORS,
  readShape,
} from "@treadle/contract";
import {
  type CallDetector,
  compilePatterns,
  createJsonSchema,
  createToolPolicy,
  DETECTORS,
  type Detector,
  injection,
  injectionThreshold,
  type LateDetector,
  prepareText,
  type ToolPolicyOptions,
  type UserPattern,
} from "@treadle/guards";
import {
  createJudge,
  createLanguage,
  createModeration,
  createScript,
  createTopics,
  type GuardRegistry,
  type LateRegistry,
  SCRIPT_ENTRY,
} from "../modules/build/guards/index.ts";
import { detectLanguage } from "../modules/data/curation/index.ts";
import { compileSchema } from "../platform/json-schema/compile-schema.ts";
import { checkCode } from "../platform/sandbox/read-code.ts";

type JsonSchemaOptions = { readonly schema: Readonly<Record<string, unknown>> };

const USUAL_THRESHOLD = 0.5;

/** The score alone decides, so the rule's threshold is the only one. */
const injectionByRule: Detector<unknown> = { ...injection, find: (text) => injection.find(text, { threshold: 0 }) };

type OtherName = (typeof LATE_GUARD_DETECTORS | typeof CALL_GUARD_DETECTORS)[number];
type ImmediateName = Exclude<GuardDetectorName, OtherName>;

const compile = (schema: JsonSchemaOptions["schema"]) => {
  const check = compileSchema(schema);
  return (value: unknown) => check(value).length === 0;
};
const jsonSchema = createJsonSchema(compile);
const toolPolicy = createToolPolicy(compile);

const detectors: ReadonlyMap<string, Detector<unknown>> = new Map(
  Object.entries({ ...DETECTORS, injection: injectionByRule, "json-schema": jsonSchema } as Record<
    ImmediateName,
    Detector<unknown>
  >),
);

const isKnown = (name: string): name is GuardDetectorName => (GUARD_DETECTORS as readonly string[]).includes(name);

/** The detectors of this server, and how their options are read. */
export const guardRegistry: GuardRegistry = {
  detectors,
  calls: new Map([[toolPolicy.name, toolPolicy as CallDetector<unknown>]]),
  prepare: prepareText,
  thresholdOf: (detector) => (detector === injection.name ? injectionThreshold() : USUAL_THRESHOLD),
  readOptions(detector, options) {
    if (!isKnown(detector)) throw new Error(`there is no detector "${detector}"`);
    const result = readShape(GUARD_OPTIONS[detector], options);
    if (!result.success)
      throw new Error(result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim()).join("; "));
    // A pattern that cannot be used must be reported before a call needs it.
    if (detector === "patterns") compilePatterns((result.data as { patterns: readonly UserPattern[] }).patterns);
    // The same holds for a schema.
    if (detector === "tool-policy")
      for (const { arguments: schema } of (result.data as ToolPolicyOptions).tools) if (schema) compileSchema(schema);
    if (detector === "script") refuseScript(result.data as { readonly code: string });
    if (detector === "json-schema") compileSchema((result.data as JsonSchemaOptions).schema);
    return result.data;
  },
};

function refuseScript({ code }: { readonly code: string }): void {
  const problem = checkCode({ code, entry: SCRIPT_ENTRY });
  if (problem !== null) throw new Error(`code: ${problem}`);
}

type LateDeps = Parameters<typeof createModeration>[0] &
  Pick<Parameters<typeof createJudge>[0], "ask"> &
  Parameters<typeof createTopics>[0] &
  Parameters<typeof createScript>[0];

/** The detectors that ask elsewhere: a service, a model, a sandbox. */
export function createLateRegistry({ ask, embed, runCode, ...deps }: LateDeps): LateRegistry {
  const moderation = createModeration(deps);
  const language = createLanguage(detectLanguage);
  const topics = createTopics({ embed });
  const script = createScript({ runCode });
  const judge = createJudge({ ask, registry: guardRegistry });
  return {
    names: new Set(LATE_GUARD_DETECTORS),
    of: (projectId) =>
      new Map<string, LateDetector<unknown>>([
        ["language", language as LateDetector<unknown>],
        ["topics", topics(projectId) as LateDetector<unknown>],
        ["script", script as LateDetector<unknown>],
        ["moderation", moderation(projectId) as LateDetector<unknown>],
        ["judge", judge(projectId) as LateDetector<unknown>],
      ]),
  };
}
