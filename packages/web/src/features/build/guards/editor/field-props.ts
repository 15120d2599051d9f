import type { SchemaField } from "../../../../components/form/schema-fields.ts";
import type { RuleDraft } from "../shared/policy-draft.ts";
import type { PolicyForm } from "./use-policy-form.ts";

/** What the fields of a rule need. */
export type RuleFieldsProps = {
  rule: RuleDraft;
  /** Where the rule is in the form, such as `rules.0`. */
  path: string;
  /** The rule in labels, such as `rule 1`. */
  name: string;
  form: PolicyForm;
  onChange: (rule: RuleDraft) => void;
};

/** What the control of an option of a detector needs. */
export type OptionProps = Pick<RuleFieldsProps, "rule" | "form"> & {
  field: SchemaField;
  label: string;
  value: unknown;
  /** Where the option is in the form. */
  path: string;
  onChange: (value: unknown) => void;
};
