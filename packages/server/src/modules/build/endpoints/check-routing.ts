import { AppError } from "../../../kernel/errors.ts";
import type { EndpointContent } from "./content.ts";

type Issue = { readonly path: string; readonly message: string };

/** Throws `unprocessable`, with an issue for each field, for a rule or a priority that can never have its effect. */
export function checkRouting({ variants, rules, failover }: EndpointContent): void {
  const names = new Set(variants.map(({ name }) => name));
  const issues: Issue[] = [
    ...rules.flatMap(({ variants: wanted, when }, place) => [
      ...unknownVariants(wanted, names).map((name) => ({
        path: `body.rules.${place}.variants`,
        message: `Rule ${place + 1} names the variant "${name}", which does not exist. Variants: ${[...names].join(", ")}.`,
      })),
      ...repeatedFacts(when).map((fact) => ({
        path: `body.rules.${place}.when`,
        message: `Rule ${place + 1} has two conditions on the ${fact}, so it never matches. Leave one out, or make two rules.`,
      })),
    ]),
    ...unreachable(variants, failover).map(({ name, priority, place }) => ({
      path: `body.variants.${place}.priority`,
      message: `The variant "${name}" has the priority ${priority}, so it only answers after a failure. Set \`failover\` to "variants", or give it the same priority as the others.`,
    })),
  ];
  const [first] = issues;
  if (first)
    throw new AppError("unprocessable", {
      message: first.message,
      details: { param: first.path.replace("body.", ""), issues },
    });
}

const unknownVariants = (wanted: readonly string[], names: ReadonlySet<string>) =>
  wanted.filter((name) => !names.has(name));

/** A request has one user, one language and one length. */
const SINGLE_FACTS: ReadonlySet<string> = new Set(["user", "language", "length"]);

const repeatedFacts = (when: EndpointContent["rules"][number]["when"]) =>
  when.map(({ fact }) => fact).filter((fact, place, facts) => SINGLE_FACTS.has(fact) && facts.indexOf(fact) < place);

function unreachable(variants: EndpointContent["variants"], failover: EndpointContent["failover"]) {
  if (failover === "variants") return [];
  const lowest = Math.min(...variants.filter(({ weight }) => weight > 0).map(({ priority }) => priority));
  return variants
    .map(({ name, priority, weight }, place) => ({ name, priority, weight, place }))
    .filter(({ priority, weight }) => weight > 0 && priority > lowest);
}
