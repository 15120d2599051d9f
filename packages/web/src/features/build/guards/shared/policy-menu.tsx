import { Copy, Ellipsis, Pause, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../../../components/feedback/copy-button.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { DeletePolicy } from "./delete-policy.tsx";
import { type Policy, useSwitchPolicy } from "./use-guards.ts";

type MenuProps = {
  policy: Policy;
  canWrite: boolean;
  /** Whether the menu can turn the policy on and off. An open form has its own control. */
  hasSwitch?: boolean;
  onDeleted?: () => void;
};

/** What can be done with a policy besides editing it. */
export function PolicyMenu({ policy, canWrite, hasSwitch = false, onDeleted = () => undefined }: MenuProps) {
  const [isDeleting, setIsDeleting] = useState(false);
  const toggle = useSwitch(policy);
  const trigger = (
    <IconButton label={`Actions for ${policy.name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  const copy = async () => (await copyText(policy.policyId)) && toastDone("Copied the policy id");
  return (
    <>
      <Menu trigger={trigger} align="end">
        {canWrite && hasSwitch && <SwitchItem isEnabled={policy.isEnabled} toggle={toggle} />}
        <MenuItem icon={<Copy size={14} />} onSelect={() => void copy()}>
          Copy policy id
        </MenuItem>
        {canWrite && <MenuLine />}
        {canWrite && (
          <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => setIsDeleting(true)}>
            Delete…
          </MenuItem>
        )}
      </Menu>
      {isDeleting && <DeletePolicy policy={policy} close={() => setIsDeleting(false)} onDeleted={onDeleted} />}
    </>
  );
}

/** The menu closes before the answer comes, so the mutation does not belong to its item. */
function useSwitch({ policyId, name, isEnabled }: Policy) {
  const change = useSwitchPolicy();
  return () =>
    change.mutate(
      { policyId, isEnabled },
      { onSuccess: () => toastDone(isEnabled ? `Turned ${name} off` : `Turned ${name} on`) },
    );
}

const SwitchItem = ({ isEnabled, toggle }: { isEnabled: boolean; toggle: () => void }) => (
  <MenuItem icon={isEnabled ? <Pause size={14} /> : <Play size={14} />} onSelect={toggle}>
    {isEnabled ? "Turn off" : "Turn on"}
  </MenuItem>
);
