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
  /** Whether the project has an endpoint or a model of this name. */
  readonly hasModel: (scope: Scope, name: string) => Promise<boolean>;
};

/** Throws `unprocessable` for a policy that names a detector, options, an endpoint or a variant that does not exist. */
export function createPolicyCheck({ registry, listVariants, hasModel }: CheckDeps) {
  async function checkTargets(scope: Scope, rules: PolicyContent["rules"]): Promise<void> {
    for (const [place, { target }] of rules.entries())
      if (target !== null && !(await hasModel(scope, target)))
        throw wrong(`rules.${place}.target`, `This project has no endpoint and no model "${target}".`);
  }

  return async (scope: Scope, { appliesTo, rules }: PolicyContent): Promise<void> => {
    checkRules(registry, rules);
    await checkTargets(scope, rules);
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
export function checkRules({ detectors, late, calls, readOptions }: GuardRegistry, rules: readonly GuardRule[]): void {
  for (const [place, { detector, options, action, target }] of rules.entries()) {
    if ((action === "reroute") !== (target !== null))
      throw wrong(
        `rules.${place}.target`,
        action === "reroute"
          ? "The action `reroute` needs the name of an endpoint or model in `target`."
          : "Only the action `reroute` has a `target`. Leave it out.",
      );
    if (!detectors.has(detector) && !late?.names.has(detector) && !calls?.has(detector)) {
      const names = [...detectors.keys(), ...(late?.names ?? []), ...(calls?.keys() ?? [])].join(", ");
      throw wrong(`rules.${place}.detector`, `There is no detector "${detector}". Available detectors: ${names}.`);
    }
    if (calls?.has(detector) && CHANGING.has(action))
      throw wrong(
        `rules.${place}.action`,
        `The detector "${detector}" judges calls of tools, which cannot be changed. Use observe, flag, reask or block.`,
      );
    try {
      readOptions(detector, options);
    } catch (error) {
      throw wrong(`rules.${place}.options`, `The detector "${detector}" cannot use these options: ${messageOf(error)}`);
    }
  }
}

const CHANGING: ReadonlySet<string> = new Set(["mask", "redact", "reroute"]);

const wrong = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
