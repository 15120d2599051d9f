import { privacyApi } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createPrivacy, listSealedPrivacyKeys } from "./service.ts";

const BODY = privacyApi["PUT /api/v1/privacy"].body;
const settings = (more: object = {}) => BODY.parse({ isEnabled: true, ...more });
const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** Not encryption, but enough to see that keys are sealed, bound to their project and lost with the server's secret. */
const secretsOf = (secret: string) => ({
  seal: (plain: string, context: string) => JSON.stringify([secret, context, plain]),
  open(sealed: string, context: string) {
    const [ownSecret, ownContext, plain] = JSON.parse(sealed);
    if (ownSecret !== secret || ownContext !== context) throw new Error("another key");
    return plain;
  },
});

let postgres: PostgresStore;
let scope: Scope;
const open = (secret = "first") =>
  createPrivacy({
    db: postgres.db,
    audit: createAudit({ db: postgres.db, clock: systemClock }),
    secrets: secretsOf(secret),
    clock: systemClock,
    log: silent,
    readOptions(_detector, options) {
      if ("wrong" in options) throw new Error("`wrong` is no option");
      return options;
    },
  });
const hashOf = (privacy: ReturnType<typeof open>) =>
  privacy.redactorFor(scope.projectId)?.text("inputs", "ada@example.org");

beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  const projectId = newId("proj", Date.now());
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'p', now())`);
  scope = { projectId, actor: "key_a", userId: null, permissions: new Set() };
});

test("until the settings are read, no project's rules are known", async () => {
  const privacy = open();
  expect(() => privacy.rulesOf(scope.projectId)).toThrow(/still starting/);
  await privacy.start();
  expect(privacy.rulesOf(scope.projectId)).toBeNull();
});

test("a change applies immediately, to its project only, and after a restart", async () => {
  const privacy = open();
  await privacy.start();
  const saved = await privacy.save(scope, settings({ replacement: "hash" }));
  expect(saved).toMatchObject({ version: 1, replacement: "hash" });
  expect(await privacy.get(scope)).toEqual(saved);
  expect(privacy.rulesOf("proj_other")).toBeNull();
  const hash = hashOf(privacy);
  expect(hash).toMatch(/^\[EMAIL_[0-9a-f]{16}\]$/);
  const restarted = open();
  await restarted.start();
  expect(hashOf(restarted)).toBe(hash);
});

test("settings that remove nothing leave no rules, and a later change keeps the key of the hashes", async () => {
  const privacy = open();
  await privacy.start();
  await privacy.save(scope, settings({ replacement: "hash" }));
  const hash = hashOf(privacy);
  expect((await privacy.save(scope, settings({ isEnabled: false }))).version).toBe(2);
  expect(privacy.rulesOf(scope.projectId)).toBeNull();
  await privacy.save(scope, settings({ isEnabled: false, contentShare: 0.5 }));
  expect(privacy.rulesOf(scope.projectId)).toMatchObject({ detectors: [], contentShare: 0.5 });
  await privacy.save(scope, settings({ replacement: "hash" }));
  expect(hashOf(privacy)).toBe(hash);
});

test("options that a detector does not accept are rejected, and nothing changes", async () => {
  const privacy = open();
  await privacy.start();
  const wrong = settings({ detectors: [{ detector: "secrets" }, { detector: "words", options: { wrong: 1 } }] });
  await expect(privacy.save(scope, wrong)).rejects.toMatchObject({
    code: "unprocessable",
    message: 'The detector "words" cannot use these options: `wrong` is no option',
    details: { param: "detectors.1.options" },
  });
  expect((await privacy.get(scope)).version).toBe(0);
});

test("a key that was sealed with a lost secret is replaced, and redaction continues with other hashes", async () => {
  const privacy = open();
  await privacy.start();
  await privacy.save(scope, settings({ replacement: "hash" }));
  const hash = hashOf(privacy);
  const sealed = await listSealedPrivacyKeys(postgres.db);
  expect(sealed.some(({ context }) => context === `privacy ${scope.projectId}`)).toBe(true);
  const after = open("second");
  await after.start();
  expect(hashOf(after)).toMatch(/^\[EMAIL_/);
  expect(hashOf(after)).not.toBe(hash);
  const again = open("second");
  await again.start();
  expect(hashOf(again)).toBe(hashOf(after));
});
