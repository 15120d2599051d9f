import { Checkbox } from "../../../../components/form/field.tsx";
import { canRead } from "../shared/detector-words.ts";
import { TRUST_WORDS } from "../shared/guard-words.ts";
import { ALL_TRUSTS, toggleTrust } from "../shared/policy-draft.ts";
import type { Trust } from "../shared/use-guards.ts";
import type { RuleFieldsProps } from "./field-props.ts";
import { ProblemText } from "./problem-text.tsx";

/** The texts that the rule reads, by their source. */
export function SourcesField({ rule, path, form, onChange }: RuleFieldsProps) {
  const { detector, scopes, action } = rule;
  const isIdle = scopes.length > 0 && !scopes.some((trust) => canRead(detector, trust));
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">Sources</legend>
      <div className="mt-1.5 grid grid-cols-2 gap-x-4 gap-y-2 max-sm:grid-cols-1">
        {ALL_TRUSTS.map((trust) => (
          <SourceBox
            key={trust}
            trust={trust}
            isRead={canRead(detector, trust)}
            isChosen={scopes.includes(trust)}
            onChange={(isOn) => onChange({ ...rule, scopes: toggleTrust(scopes, trust, isOn) })}
          />
        ))}
      </div>
      <div className="mt-1.5 flex flex-col gap-1 empty:hidden">
        <ProblemText text={form.errorAt(`${path}.scopes`) && "Choose at least one source."} />
        {isIdle && <Hint>This detector reads none of the chosen sources.</Hint>}
        {action === "mask" && !scopes.includes("output") && (
          <Hint>Choose Answers too, so that earlier answers of a conversation are masked again.</Hint>
        )}
      </div>
    </fieldset>
  );
}

const Hint = ({ children }: { children: string }) => <p className="text-xs text-warn">{children}</p>;

type BoxProps = { trust: Trust; isRead: boolean; isChosen: boolean; onChange: (isOn: boolean) => void };

const SourceBox = ({ trust, isRead, isChosen, onChange }: BoxProps) => (
  <Checkbox
    label={
      <>
        <span className={isRead ? "" : "text-muted"}>{TRUST_WORDS[trust].label}</span>
        <span className="block text-xs text-muted">
          {isRead ? TRUST_WORDS[trust].words : "This detector does not read them"}
        </span>
      </>
    }
    checked={isChosen && isRead}
    disabled={!isRead}
    onChange={({ target }) => onChange(target.checked)}
    className="items-start! [&>input]:mt-0.5"
  />
);
