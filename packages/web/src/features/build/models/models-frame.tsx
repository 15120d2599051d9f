import { Outlet } from "@tanstack/react-router";
import { PageHeader } from "../../../components/layout/page.tsx";
import { Subpages } from "../../../components/layout/subpages.tsx";

const PAGES = [
  { to: "/models", label: "Local models", isExact: true },
  { to: "/models/registry", label: "Registry" },
  { to: "/models/providers", label: "Providers" },
  { to: "/models/prices", label: "Prices" },
] as const;

/** Where answers come from: models of this machine, providers elsewhere, and what each costs. */
export function ModelsFrame() {
  return (
    <>
      <PageHeader title="Models" description="Local models, provider connections and prices.">
        <Subpages label="Models" pages={PAGES} />
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pt-2 pb-8 max-md:px-4">
        <Outlet />
      </div>
    </>
  );
}
