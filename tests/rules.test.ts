import { afterAll, beforeAll, describe, expect, test } from "vitest";
import config, { MODULE_ORDER } from "../.dependency-cruiser.mjs";
import { MODULE_STAGES } from "../scripts/module-stages.mjs";
import { copyTree } from "./setup/copy-tree.ts";

const SERVER = "packages/server/src";
const MODULES = `${SERVER}/modules`;

/** An offence: the rule that must catch it, its file, and the content of the file. */
type Offence = readonly [rule: string, file: string, text: string];

const downwards = MODULE_ORDER.slice(0, -1).map(
  (name, place): Offence => [
    `modules-import-downwards-${name.replace("/", "-")}`,
    `${MODULES}/${name}/offence-upwards.ts`,
    `import type { Upper } from "../../${MODULE_ORDER[place + 1]}/offence-upper.ts"; export type U = Upper;`,
  ],
);

/** Each stage imports the next stage, and the last stage imports a file at the module's root. */
const stages = Object.entries(MODULE_STAGES).flatMap(([name, folders]): Offence[] => [
  [
    `stages-are-listed-${name.replace("/", "-")}`,
    `${MODULES}/${name}/offence-stage/offence-unlisted.ts`,
    'import type { Upper } from "../offence-upper.ts"; export type U = Upper;',
  ],
  ...folders.map((folder, place): Offence => {
    const target = [...folders.slice(place + 1, place + 2), "offence-upper.ts"].join("/");
    return [
      `stages-import-downwards-${`${name}/${folder}`.replaceAll("/", "-")}`,
      `${MODULES}/${name}/${folder}/offence-next-stage.ts`,
      `import type { Upper } from "${"../".repeat(folder.split("/").length)}${target}"; export type U = Upper;`,
    ];
  }),
]);

const OFFENCES: readonly Offence[] = [
  [
    "no-cycles",
    `${SERVER}/kernel/offence-ring.ts`,
    'import type { Other } from "./offence-other.ts"; export type Ring = Other;',
  ],
  ["resolvable", `${SERVER}/kernel/offence-nowhere.ts`, 'import "./there-is-no-such-file.ts";'],
  ["no-orphans", `${SERVER}/kernel/offence-lonely.ts`, "export const lonely = 1;"],
  ["no-tests-in-production", `${SERVER}/kernel/offence-tested.ts`, 'import "./offence.test.ts";'],
  ["no-tests-in-production", `${SERVER}/platform/http/offence-helped.ts`, 'import "../testing/offence-helper.ts";'],
  [
    "no-dev-dependency-in-production",
    `${MODULES}/system/projects/offence-vitest.ts`,
    'import { expect } from "vitest"; expect;',
  ],
  [
    "no-dev-dependency-in-production",
    `${MODULES}/system/projects/offence-undeclared.ts`,
    'import { createElement } from "react"; createElement;',
  ],

  [
    "contract-imports-zod-only",
    "packages/contract/src/offence-node.ts",
    'import { readFileSync } from "node:fs"; readFileSync;',
  ],
  [
    "contract-imports-zod-only",
    "packages/contract/src/offence-type.ts",
    'import type { FastifyInstance } from "fastify"; export type App = FastifyInstance;',
  ],
  [
    "guards-know-no-product",
    "packages/guards/src/offence-server.ts",
    'import { DAY_MS } from "../../server/src/kernel/day.ts"; DAY_MS;',
  ],
  [
    "retrieval-knows-no-product",
    "packages/retrieval/src/offence-server.ts",
    'import { DAY_MS } from "../../server/src/kernel/day.ts"; DAY_MS;',
  ],
  ["metrics-imports-nothing", "packages/metrics/src/offence-zod.ts", 'import { z } from "zod"; z;'],
  ["sdk-takes-types-only", "packages/sdk/src/offence-value.ts", 'import { ERRORS } from "@treadle/contract"; ERRORS;'],
  ["sdk-takes-types-only", "packages/sdk/src/offence-zod.ts", 'import { z } from "zod"; z;'],
  ["evaluations-bring-nothing-along", "packages/sdk/src/evaluate/offence-zod.ts", 'import { z } from "zod"; z;'],
  ["sdk-takes-types-only", "packages/sdk/src/offence-react.ts", 'import { useState } from "react"; useState;'],
  ["sdk-react-takes-react-only", "packages/sdk/src/react/offence-zod.ts", 'import { z } from "zod"; z;'],
  [
    "sdk-knows-the-contract-only",
    "packages/sdk/src/offence-server.ts",
    'import type { Config } from "../../server/src/config.ts"; export type C = Config;',
  ],
  [
    "web-talks-through-the-sdk",
    "packages/web/src/offence-server.ts",
    'import type { Config } from "../../server/src/config.ts"; export type C = Config;',
  ],
  [
    "web-features-meet-at-index",
    "packages/web/src/features/observe/offence/show-page.tsx",
    'import { table } from "../neighbour/neighbour-table.tsx"; table;',
  ],
  [
    "cli-talks-through-the-sdk",
    "packages/cli/src/commands/offence.ts",
    'import { loadConfig } from "../../../server/src/config.ts"; loadConfig;',
  ],
  [
    "server-knows-no-client",
    `${MODULES}/system/projects/offence-client.ts`,
    'import { createClient } from "@treadle/sdk"; createClient;',
  ],

  ["kernel-is-the-floor", `${SERVER}/kernel/offence-files.ts`, 'import { readFileSync } from "node:fs"; readFileSync;'],
  [
    "kernel-is-the-floor",
    `${SERVER}/kernel/offence-platform.ts`,
    'import type { Postgres } from "../platform/postgres/port.ts"; export type P = Postgres;',
  ],
  [
    "platform-knows-no-product",
    `${SERVER}/platform/spool/offence-module.ts`,
    'import type { Upper } from "../../modules/system/projects/offence-upper.ts"; export type U = Upper;',
  ],
  [
    "settings-come-as-arguments",
    `${MODULES}/system/projects/offence-config.ts`,
    'import type { Config } from "../../../config.ts"; export type C = Config;',
  ],
  [
    "settings-come-as-arguments",
    `${SERVER}/platform/spool/offence-config.ts`,
    'import type { Config } from "../../config.ts"; export type C = Config;',
  ],
  [
    "modules-see-ports",
    `${MODULES}/system/projects/offence-adapter.ts`,
    'import { adapter } from "../../../platform/offence/adapter.ts"; adapter;',
  ],

  [
    "modules-meet-at-index",
    `${MODULES}/system/system/offence-service.ts`,
    'import type { Upper } from "../projects/offence-upper.ts"; export type U = Upper;',
  ],
  ...downwards,
  ...stages,
  ["routes-call-the-service", `${MODULES}/system/offence/routes.ts`, 'import { store } from "./store.ts"; store;'],
  [
    "service-knows-no-http",
    `${MODULES}/system/projects/offence-routes.ts`,
    'import type { Call } from "../../../platform/http/handlers.ts"; export type C = Call;',
  ],
  [
    "service-knows-no-http",
    `${MODULES}/system/projects/offence-fastify.ts`,
    'import type { FastifyInstance } from "fastify"; export type App = FastifyInstance;',
  ],
  ["sql-lives-in-the-store", `${MODULES}/system/projects/offence-sql.ts`, 'import { eq } from "drizzle-orm"; eq;'],
  [
    "sql-lives-in-the-store",
    `${MODULES}/system/offence/list-tables.ts`,
    'import { tables } from "./schema.ts"; tables;',
  ],
  [
    "store-is-a-leaf",
    `${MODULES}/system/system/offence-store.ts`,
    'import type { Upper } from "../projects/offence-upper.ts"; export type U = Upper;',
  ],
  [
    "store-is-a-leaf",
    `${MODULES}/system/offence/offence-store.ts`,
    'import { service } from "./service.ts"; export const s = service;',
  ],
];

/** Files that the offences import, so that the test does not depend on the product's files. */
const SCENERY: readonly (readonly [file: string, text: string])[] = [
  [`${SERVER}/kernel/offence-other.ts`, 'import type { Ring } from "./offence-ring.ts"; export type Other = Ring | 1;'],
  [`${SERVER}/kernel/offence.test.ts`, 'import { expect } from "vitest"; expect;'],
  [`${SERVER}/platform/testing/offence-helper.ts`, 'import { expect } from "vitest"; expect;'],
  [
    "packages/metrics/package.json",
    '{ "name": "@treadle/metrics", "version": "0.0.0", "type": "module", "dependencies": { "zod": "4.6.7" } }',
  ],
  ["packages/web/src/features/observe/neighbour/neighbour-table.tsx", "export const table = 1;"],
  [`${MODULES}/system/offence/store.ts`, "export const store = 1;"],
  [`${MODULES}/system/offence/schema.ts`, "export const tables = 1;"],
  [`${MODULES}/system/offence/service.ts`, "export const service = 1;"],
  [`${SERVER}/platform/offence/adapter.ts`, "export const adapter = 1;"],
  ...Object.entries(MODULE_STAGES).flatMap(([name, folders]) =>
    folders.map((folder) => [`${MODULES}/${name}/${folder}/offence-upper.ts`, "export type Upper = 1;"] as const),
  ),
  ...MODULE_ORDER.map((name) => [`${MODULES}/${name}/offence-upper.ts`, "export type Upper = 1;"] as const),
];

type Finding = { rule: string; from: string; to: string };

describe("every rule of .dependency-cruiser.mjs catches what it forbids", () => {
  const tree = copyTree();
  afterAll(tree.remove);
  let findings: Finding[] = [];

  beforeAll(() => {
    for (const [path, text] of [...SCENERY, ...OFFENCES.map(([, path, text]) => [path, text] as const)])
      tree.add(path, `${text}\n`);
    const { status, stdout, stderr } = tree.run("check-layers.mjs", "--json");
    expect(status, stderr).toBe(0);
    findings = JSON.parse(stdout);
  });

  test.each(OFFENCES)("%s in %s", (rule, file) => {
    expect(findings.filter(({ from, to }) => from === file || to === file).map((finding) => finding.rule)).toContain(
      rule,
    );
  });

  test("no rule is without an offence", () => {
    const broken = new Set(OFFENCES.map(([rule]) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
