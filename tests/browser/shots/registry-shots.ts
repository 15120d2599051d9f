import type { Page } from "playwright-core";
import { safetensors } from "../../../packages/server/src/modules/train/registry/testing/write-safetensors.ts";
import type { Shot } from "./shot.ts";

const MODEL = "/models/registry/support-bot";
const press = (name: string) => (page: Page) => page.getByRole("button", { name, exact: true }).first().click();
const more = (item: string) => async (page: Page) => {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: item }).click();
  await page.getByRole("dialog").waitFor();
};
const choose = async (page: Page, names: readonly string[]) => {
  await page.getByRole("button", { name: "Upload", exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("letters-two");
  const buffer = safetensors({ "model.embed.weight": ["F16", [64, 64]] });
  await dialog
    .getByLabel("Files", { exact: true })
    .setInputFiles(names.map((name) => ({ name, mimeType: "application/octet-stream", buffer })));
  return dialog;
};

const SHOTS: readonly Shot[] = [
  { name: "registry-list", path: "/models/registry" },
  { name: "registry-narrowed", path: "/models/registry?stage=staging&tag=team%3Dsupport" },
  { name: "registry-nothing", path: "/models/registry?search=nothing+of+that+name" },
  { name: "registry-model", path: MODEL },
  {
    name: "registry-history",
    path: MODEL,
    act: press("History"),
  },
  {
    name: "registry-notes",
    path: MODEL,
    act: async (page) => {
      await page.getByRole("button", { name: "Edit Notes" }).click();
      await page.getByRole("textbox", { name: "Notes" }).scrollIntoViewIfNeeded();
    },
  },
  ...["release", "files", "lineage", "card"].map((tab) => ({ name: `registry-${tab}`, path: `${MODEL}?tab=${tab}` })),
  { name: "registry-release-old", path: `${MODEL}?tab=release&version=2` },
  { name: "registry-compare", path: "/models/compare?left=support-bot@v2&right=support-bot@v3" },
  { name: "registry-compare-none", path: "/models/compare" },
  { name: "registry-alias", path: MODEL, act: press("Move alias") },
  { name: "registry-settings", path: MODEL, act: more("Settings") },
  { name: "registry-delete", path: "/models/registry/letters", act: more("Delete model") },
  { name: "registry-needed", path: "/models/registry/small-base", act: more("Delete model") },
  { name: "registry-import", path: "/models/registry", act: press("Import") },
  {
    name: "registry-upload",
    path: "/models/registry",
    act: (page) => choose(page, ["model.safetensors", "tokenizer.json"]),
  },
  {
    name: "registry-refused",
    path: "/models/registry",
    act: async (page) => {
      const dialog = await choose(page, ["model.safetensors", "pytorch_model.bin", "modeling.py"]);
      await dialog.getByRole("button", { name: "Upload", exact: true }).click();
      await dialog.getByRole("alert").waitFor();
    },
  },
];

/** Screenshots of the model registry. Each name starts with `registry`. */
export const REGISTRY_SHOTS: readonly Shot[] = [
  { name: "registry-empty", path: "/models/registry" },
  ...SHOTS.map((shot) => ({ ...shot, isOwn: true })),
];
