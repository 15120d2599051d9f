import { useNavigate } from "@tanstack/react-router";
import { LogOut, UserRound } from "lucide-react";
import { DENSITIES, THEMES, useDensity, useTheme } from "../../../components/browser/theme.ts";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../../components/overlay/menu.tsx";
import { useSession, useSignOut } from "../session/index.ts";

const NAMES = {
  system: "System theme",
  light: "Light",
  dark: "Dark",
  compact: "Compact rows",
  comfortable: "Comfortable rows",
} as const;

/** The signed-in user, appearance settings and sign-out. */
export function AccountMenu() {
  const session = useSession();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  const [density, setDensity] = useDensity();
  const user = session.data?.user;
  const name = user?.name || user?.email || "Account";
  const trigger = (
    <button
      type="button"
      title={name}
      className="flex h-9 w-full items-center gap-2 rounded-control px-1.5 hover:bg-raised data-[state=open]:bg-raised md:max-lg:justify-center"
    >
      <span
        aria-hidden
        className="flex size-5.5 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent uppercase"
      >
        {name.slice(0, 1)}
      </span>
      <span className="min-w-0 grow truncate text-left md:max-lg:sr-only">{name}</span>
    </button>
  );
  return (
    <Menu trigger={trigger} side="top">
      <MenuLabel>
        <span className="block max-w-60 truncate">{user?.email}</span>
      </MenuLabel>
      <MenuItem icon={<UserRound size={14} />} onSelect={() => void navigate({ to: "/settings/account" })}>
        Account
      </MenuItem>
      <MenuLine />
      {THEMES.map((choice) => (
        <MenuChoice key={choice} isChosen={theme === choice} onSelect={() => setTheme(choice)}>
          {NAMES[choice]}
        </MenuChoice>
      ))}
      <MenuLine />
      {DENSITIES.map((choice) => (
        <MenuChoice key={choice} isChosen={density === choice} onSelect={() => setDensity(choice)}>
          {NAMES[choice]}
        </MenuChoice>
      ))}
      <MenuLine />
      <MenuItem
        icon={<LogOut size={14} />}
        onSelect={() => signOut.mutate(undefined, { onSuccess: () => navigate({ to: "/sign-in" }) })}
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}
