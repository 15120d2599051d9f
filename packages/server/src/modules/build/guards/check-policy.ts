import type { GuardRule } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PolicyContent } from "./policy-content.ts";
import type { GuardRegistry } from "./registry.ts";

export type CheckDeps = {
  readonly registry: GuardRegistry;
  /** The names of an endpoint's variants; undefined for an endpoint that the project does not have. */
  readonly listVariants: (scope: Scope, endpointId: string) => Promise<readonly string[] | undefined>;
};

/** Throws `unprocessable` for a policy that names a detector, options, an endpoint or a variant that does not exist. */
export function createPolicyCheck({ registry, listVariants }: CheckDeps) {
  return async (scope: Scope, { appliesTo, rules }: PolicyContent): Promise<void> => {
    checkRules(registry, rules);
    const { endpointId, variant } = appliesTo;
    if (endpointId === null) {
      if (variant !== null)
        throw wrong("appliesTo.variant", "The policy names a variant without its endpoint. Set `endpointId` too.");
      return;
    }
    const variants = await listVariants(scope, endpointId);
    if (!variants) throw wrong("appliesTo.endpointId", `This project has no endpoint "${endpointId}".`);
    if (variant !== null && !variants.includes(variant))
      throw wrong(
        "appliesTo.variant",
        `The endpoint has no variant "${variant}". Its variants: ${variants.join(", ")}.`,
      );
  };
}

/** Throws `unprocessable` for a rule with an unknown detector, or with options that the detector does not accept. */
export function checkRules({ detectors, readOptions }: GuardRegistry, rules: readonly GuardRule[]): void {
  for (const [place, { detector, options }] of rules.entries()) {
    if (!detectors.has(detector)) {
      const names = [...detectors.keys()].join(", ");
      throw wrong(`rules.${place}.detector`, `There is no detector "${detector}". Available detectors: ${names}.`);
    }
    try {
      readOptions(detector, options);
    } catch (error) {
      throw wrong(`rules.${place}.options`, `The detector "${detector}" cannot use these options: ${messageOf(error)}`);
    }
  }
}

const wrong = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
