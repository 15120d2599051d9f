import type { ReactNode } from "react";
import { Checkbox } from "../../../components/form/field.tsx";
import { groupsOf, hasDetector, otherDetectors, toggled, withDetector, withGroups } from "./privacy-draft.ts";
import { FIELD_WORDS, GROUP_WORDS, PERSONAL_GROUPS } from "./privacy-words.ts";
import type { PrivacyBody } from "./use-privacy.ts";

type Props = { values: PrivacyBody; change: (next: Partial<PrivacyBody>) => void };
type FieldName = PrivacyBody["fields"][number];
const FIELDS = Object.keys(FIELD_WORDS) as readonly FieldName[];

/** What is looked for, and in which fields. */
export const DetectorFields = ({ values, change }: Props) => (
  <>
    <KindChoices values={values} change={change} />
    <Choices legend="In these fields">
      {FIELDS.map((name) => (
        <Checkbox
          key={name}
          label={FIELD_WORDS[name]}
          checked={values.fields.includes(name)}
          onChange={() => change({ fields: toggled(FIELDS, values.fields, name) })}
        />
      ))}
    </Choices>
  </>
);

function KindChoices({ values: { detectors }, change }: Props) {
  const groups = groupsOf(detectors);
  const others = otherDetectors(detectors);
  return (
    <Choices legend="Find">
      <Checkbox
        label="Secrets and passwords"
        checked={hasDetector(detectors, "secrets")}
        onChange={({ target }) => change({ detectors: withDetector(detectors, "secrets", target.checked) })}
      />
      {PERSONAL_GROUPS.map((group) => (
        <Checkbox
          key={group}
          label={GROUP_WORDS[group]}
          checked={groups.includes(group)}
          onChange={() => change({ detectors: withGroups(detectors, toggled(PERSONAL_GROUPS, groups, group)) })}
        />
      ))}
      {others.length > 0 && (
        <p className="col-span-full text-xs text-muted">Also set through the API: {others.join(", ")}.</p>
      )}
    </Choices>
  );
}

const Choices = ({ legend, children }: { legend: string; children: ReactNode }) => (
  <fieldset className="min-w-0">
    <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
    <div className="grid grid-cols-3 gap-x-4 gap-y-1.5 max-lg:grid-cols-2 max-sm:grid-cols-1">{children}</div>
  </fieldset>
);
