import type { Permission, ScorerKind } from "@treadle/contract";
import { expect, test } from "vitest";
import type { BoundScorer } from "../scorers/bind-scorers.ts";
import { createRuleCheck } from "./check-rule.ts";

const checkFor = (needs: ScorerKind["needs"], permissions: readonly Permission[]) => {
  const check = createRuleCheck({ scorers: { bind: async () => [{ key: "worth", needs } as unknown as BoundScorer] } });
  return check({ projectId: "proj_1", actor: "user_a", userId: "user_a", permissions: new Set(permissions) }, []);
};

test.each(["judge", "local-model", "reward-model"] as const)(
  "a rule whose scorer needs a %s needs the permission to call models",
  async (need) => {
    expect(await checkFor([need], ["scorers:write", "gateway:use"])).toEqual(["worth"]);
    await expect(checkFor([need], ["scorers:write"])).rejects.toMatchObject({ code: "forbidden" });
  },
);

test("a rule without such a scorer needs no permission to call models", async () => {
  expect(await checkFor([], ["scorers:write"])).toEqual(["worth"]);
});
