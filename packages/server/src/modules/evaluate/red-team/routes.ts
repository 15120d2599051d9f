import { redTeamApi } from "@treadle/contract";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { RedTeam } from "./service.ts";

const DONE = { ok: true as const };

export const redTeamRoutes = (redTeam: RedTeam) =>
  mount(redTeamApi, {
    "GET /api/v1/red-team-catalogue": async () => redTeam.catalogue(),
    "GET /api/v1/red-team-runs": ({ scope, query }) => redTeam.list(scope, query),
    "POST /api/v1/red-team-runs": ({ scope, body }) => redTeam.start(scope, body),
    "GET /api/v1/red-team-runs/:redTeamRunId": ({ scope, params }) => redTeam.get(scope, params.redTeamRunId),
    "DELETE /api/v1/red-team-runs/:redTeamRunId": async ({ scope, params }) => {
      await redTeam.delete(scope, params.redTeamRunId);
      return DONE;
    },
    "POST /api/v1/red-team-runs/:redTeamRunId/cancel": ({ scope, params }) =>
      redTeam.cancel(scope, params.redTeamRunId),
    "POST /api/v1/red-team-runs/:redTeamRunId/resume": ({ scope, params }) =>
      redTeam.resume(scope, params.redTeamRunId),
    "GET /api/v1/red-team-runs/:redTeamRunId/report": ({ scope, params }) => redTeam.report(scope, params.redTeamRunId),
    "GET /api/v1/red-team-runs/:redTeamRunId/export": async ({ scope, params, query, sink }) =>
      sendFile(await redTeam.export(scope, params.redTeamRunId, query.format), sink),
    "GET /api/v1/red-team-runs/:redTeamRunId/attacks": ({ scope, params, query }) =>
      redTeam.listAttacks(scope, params.redTeamRunId, query),
  });

type File = Awaited<ReturnType<RedTeam["export"]>>;

function sendFile({ name, contentType, text }: File, sink: Sink): void {
  sink.head(200, {
    "content-type": contentType,
    "content-disposition": `attachment; filename="${name}"`,
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox",
  });
  sink.write(text);
  sink.end();
}
