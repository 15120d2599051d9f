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
  const trigger = (
    <IconButton label={`Actions for ${policy.name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  const copy = async () => (await copyText(policy.policyId)) && toastDone("Copied the policy id");
  return (
    <>
      <Menu trigger={trigger} align="end">
        {canWrite && hasSwitch && <SwitchItem policy={policy} />}
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

function SwitchItem({ policy }: { policy: Policy }) {
  const change = useSwitchPolicy();
  const { name, isEnabled } = policy;
  const toggle = () =>
    change.mutate(policy, { onSuccess: () => toastDone(isEnabled ? `Turned ${name} off` : `Turned ${name} on`) });
  return (
    <MenuItem icon={isEnabled ? <Pause size={14} /> : <Play size={14} />} onSelect={toggle}>
      {isEnabled ? "Turn off" : "Turn on"}
    </MenuItem>
  );
}
