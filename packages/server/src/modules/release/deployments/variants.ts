import type { Endpoint, Variant } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { type AliasChange, parseRef } from "../../train/registry/index.ts";

/** A variant of an endpoint that uses the alias, and its copy with the new version. */
export type Use = {
  readonly control: string;
  readonly candidate: string;
  /** How the control names the alias. */
  readonly ref: string;
};
type Routed = Pick<Endpoint, "name" | "variants" | "rules">;
type Names = Pick<AliasChange, "model" | "alias">;
type Versions = { readonly model: string; readonly from: number | null; readonly to: number };

const MOST_VARIANTS = 20;
const LONGEST_NAME = 40;

/** The use of an alias by an endpoint; null if no variant with traffic names it. Throws `conflict` for several variants. */
export function findUse({ name, variants, rules }: Routed, change: AliasChange): Use | null {
  const ruled = new Set(rules.flatMap((rule) => rule.variants));
  const hasTraffic = (variant: Variant) => variant.weight > 0 || ruled.has(variant.name);
  const using = variants.filter((variant) => hasTraffic(variant) && standsFor(variant.model, change));
  const [control] = using;
  if (!control) return null;
  if (using.length > 1)
    throw new AppError("conflict", {
      message: `The variants ${using.map((variant) => variant.name).join(", ")} of the endpoint "${name}" use ${change.model}@${change.alias}, and a rollout has one control. Name a version in all but one of them.`,
    });
  if (variants.length === MOST_VARIANTS)
    throw new AppError("conflict", {
      message: `The endpoint "${name}" has ${MOST_VARIANTS} variants, so there is no place for the candidate. Remove a variant.`,
    });
  return { control: control.name, candidate: freeName(control.name, change.to, variants), ref: control.model };
}

/** A bare name stands for `production`. */
function standsFor(ref: string, { model, alias }: Names): boolean {
  const { name, which } = parseRef(ref);
  return name === model && (which ?? "production") === alias;
}

/** The variants during the rollout: the control stays at its version, and the candidate is its copy with the weight 0. */
export function withCandidate(variants: readonly Variant[], use: Use, { model, from, to }: Versions): Variant[] {
  const control = variants.find(({ name, model: ref }) => name === use.control && ref === use.ref);
  if (!control)
    throw new AppError("conflict", {
      message: `The variant "${use.control}" has changed in the meantime. Try again.`,
    });
  return variants.flatMap((variant) =>
    variant === control
      ? [
          { ...control, model: `${model}@v${from}` },
          { ...control, name: use.candidate, model: `${model}@v${to}`, weight: 0 },
        ]
      : [variant],
  );
}

/**
 * The variants after the deployment: the control uses the alias again, with the traffic of both, and the candidate is
 * gone. Null if a person has replaced both.
 */
export function withoutCandidate(variants: readonly Variant[], use: Use, pinned: string): Variant[] | null {
  const candidate = variants.find(({ name }) => name === use.candidate);
  const control = variants.find(({ name, model }) => name === use.control && model === pinned);
  const [place] = [control, candidate].filter((variant) => variant !== undefined);
  if (!place) return null;
  const isTaken = !control && variants.some(({ name }) => name === use.control);
  const { weight, priority } = candidate && candidate.weight > 0 ? candidate : place;
  const name = isTaken ? use.candidate : use.control;
  return variants.flatMap((variant) => {
    if (variant === place) return [{ ...place, name, model: use.ref, weight, priority }];
    return variant === candidate ? [] : [variant];
  });
}

/** Such as `current-v3`, and `current-v3-2` if that is taken. */
function freeName(control: string, to: number, variants: readonly Pick<Variant, "name">[]): string {
  const taken = new Set(variants.map(({ name }) => name));
  const named = (suffix: string) => `${control.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
  let name = named(`-v${to}`);
  for (let nth = 2; taken.has(name); nth += 1) name = named(`-v${to}-${nth}`);
  return name;
}
