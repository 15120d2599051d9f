import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronDown, Plus } from "lucide-react";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../../../../components/overlay/menu.tsx";
import { TEMPLATE_NAMES, TEMPLATES } from "../shared/templates.ts";

/** Opens the form of a new policy, empty or with a template. */
export function NewPolicyMenu() {
  const navigate = useNavigate();
  const open = (template?: string) => void navigate({ to: "/guards/new", search: { template } });
  const trigger = (
    <Button kind="primary">
      <Plus aria-hidden size={14} /> New policy <ChevronDown aria-hidden size={14} />
    </Button>
  );
  return (
    <Menu trigger={trigger} align="end">
      <MenuItem onSelect={() => open()}>Empty policy</MenuItem>
      <MenuLine />
      <MenuLabel>Templates</MenuLabel>
      {TEMPLATE_NAMES.map((name) => (
        <MenuItem key={name} onSelect={() => open(name)}>
          <span className="block">{TEMPLATES[name].label}</span>
          <span className="block text-xs text-muted">{TEMPLATES[name].words}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}

/** The templates as cards, for a project without policies. */
export const TemplateCards = () => (
  <ul aria-label="Templates" className="mx-auto grid w-full max-w-220 grid-cols-3 gap-3 max-md:grid-cols-1">
    {TEMPLATE_NAMES.map((name) => (
      <li key={name} className="card flex flex-col gap-1 p-4">
        <h3 className="font-semibold">{TEMPLATES[name].label}</h3>
        <p className="grow text-muted text-pretty">{TEMPLATES[name].words}</p>
        <Link to="/guards/new" search={{ template: name }} className={`mt-2 self-start ${buttonLook()}`}>
          Use template<span className="sr-only"> {TEMPLATES[name].label}</span>
        </Link>
      </li>
    ))}
  </ul>
);

export const EmptyPolicyLink = () => (
  <Link to="/guards/new" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New policy
  </Link>
);
