import { ALL_TRUSTS, blankDraft, blankRule, type PolicyDraft } from "./policy-draft.ts";

type Template = { readonly label: string; readonly words: string; readonly draft: () => PolicyDraft };

/** Policies to begin with. Only what is certain by its form changes a text. */
export const TEMPLATES = {
  privacy: {
    label: "Privacy",
    words: "Redacts secrets and masks personal data.",
    draft: () =>
      blankDraft({ name: "Privacy", description: "Secrets and personal data do not reach the provider." }, [
        { ...blankRule("secrets"), action: "redact" },
        { ...blankRule("personal-data"), action: "mask" },
      ]),
  },
  attacks: {
    label: "Attacks",
    words: "Observes attempts to override instructions, and flags invisible text.",
    draft: () =>
      blankDraft({ name: "Attacks", description: "Shows calls that try to change the model's instructions." }, [
        { ...blankRule("injection"), scopes: ["user", "retrieved", "tool-result"] },
        { ...blankRule("invisible-text"), action: "flag" },
      ]),
  },
  exfiltration: {
    label: "Exfiltration",
    words: "Flags links to other hosts and repeated prompts, and blocks answers with a canary word.",
    draft: () =>
      blankDraft({ name: "Exfiltration", description: "Answers must not carry data or the prompt away." }, [
        { ...blankRule("urls"), action: "flag", scopes: ["tool-arguments", "output"] },
        {
          ...blankRule("canary"),
          action: "block",
          scopes: ["tool-arguments", "output"],
          options: { tokens: [newCanary()] },
        },
        { ...blankRule("prompt-leak"), action: "flag", scopes: ["tool-arguments", "output"] },
      ]),
  },
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as TemplateName[];

/** The draft of a new policy: by a template, or with one rule to fill in. */
export function newDraft(template: string | undefined): PolicyDraft {
  const name = TEMPLATE_NAMES.find((one) => one === template);
  if (name) return TEMPLATES[name].draft();
  return blankDraft({ name: "", description: "" }, [{ ...blankRule("secrets"), scopes: ALL_TRUSTS }]);
}

const CANARY_LETTERS = 12;

/** A random word for a system prompt, which no answer contains by chance. */
export const newCanary = (): string =>
  [...crypto.getRandomValues(new Uint8Array(CANARY_LETTERS))]
    .map((byte) => String.fromCharCode("a".charCodeAt(0) + (byte % 26)))
    .join("");
