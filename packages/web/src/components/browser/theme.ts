import { useEffect, useSyncExternalStore } from "react";
import { useStored } from "./stored-state.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ["compact", "comfortable"] as const;
export type Density = (typeof DENSITIES)[number];

const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)");

/**
 * The chosen theme, stored in this browser. `public/first.js` applies it before the first paint; this module applies
 * later changes.
 */
export function useTheme() {
  const [theme, setTheme] = useStored<Theme>("theme", "system");
  useEffect(() => {
    const query = systemIsDark();
    const apply = () => {
      document.documentElement.dataset.theme =
        theme === "dark" || (theme === "system" && query.matches) ? "dark" : "light";
    };
    apply();
    query.addEventListener("change", apply);
    return () => query.removeEventListener("change", apply);
  }, [theme]);
  return [theme, setTheme] as const;
}

/** The theme that is applied right now; what is drawn on a canvas is drawn again when it changes. */
export function useThemeName(): string {
  return useSyncExternalStore(
    (changed) => {
      const observer = new MutationObserver(changed);
      observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
      return () => observer.disconnect();
    },
    () => document.documentElement.dataset.theme ?? "light",
  );
}

/** Row height of tables: 34 px compact or 40 px comfortable. */
export function useDensity() {
  const [density, setDensity] = useStored<Density>("density", "compact");
  useEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);
  return [density, setDensity] as const;
}
