import { useProject } from "../../../system/session/index.ts";
import { usePolicies } from "../shared/use-red-team.ts";
import { CheckList, type Option } from "./check-list.tsx";
import { CONFIGURED, type DraftArm, type FormProps, NO_GUARDS } from "./red-team-draft.ts";

const FIXED: readonly (DraftArm & { readonly summary: string })[] = [
  { ...NO_GUARDS, summary: "No policy reads the calls of this arm." },
  { ...CONFIGURED, summary: "The policy that applies to every call today." },
];

/** The guards to compare. The first ticked arm is the baseline. */
export function ArmFields({ draft, change, problems }: FormProps) {
  const canChange = useProject().can("guards:write");
  const policies = usePolicies().data?.items ?? [];
  const arms = [
    ...FIXED.filter(({ guards }) => canChange || guards === "configured"),
    ...(canChange ? policies : []).map(({ policyId, name, isEnabled }) => ({
      guards: policyId,
      name,
      summary: isEnabled ? "A guard policy." : "A guard policy that is disabled. It reads the calls of this arm only.",
    })),
  ];
  const options: Option<string>[] = arms.map(({ guards, name, summary }) => ({ id: guards, label: name, summary }));
  return (
    <CheckList
      title="Guards"
      description="All arms get the same attacks. The first one is the baseline of the others."
      options={options}
      chosen={draft.arms.map(({ guards }) => guards)}
      onChange={(chosen) => change({ arms: arms.filter(({ guards }) => chosen.includes(guards)).map(toDraft) })}
      error={problems.arms}
    />
  );
}

const toDraft = ({ guards, name }: DraftArm): DraftArm => ({ guards, name });
