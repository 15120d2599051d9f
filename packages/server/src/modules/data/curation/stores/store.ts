import type { ContaminationFlag, QualityReport, ReportHead } from "@treadle/contract";
import { and, asc, desc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { contaminationFlags, datasetReports } from "./schema.ts";

const MOST_REPORTS = 100;

const head = {
  reportId: datasetReports.id,
  datasetId: datasetReports.datasetId,
  version: datasetReports.version,
  root: datasetReports.root,
  rows: datasetReports.rows,
  createdAt: datasetReports.createdAt,
};
const toHead = <Row extends { createdAt: Date }>({ createdAt, ...row }: Row) => ({
  ...row,
  createdAt: createdAt.toISOString(),
});

type NewReport = typeof datasetReports.$inferInsert;
type NewFlag = typeof contaminationFlags.$inferInsert;
type Flag = Omit<ContaminationFlag, "evaluationName">;

export const createCurationStore = (db: Postgres) => ({
  /** The newest hundred. */
  async listReports(projectId: string, datasetId: string): Promise<ReportHead[]> {
    const rows = await db
      .select(head)
      .from(datasetReports)
      .where(and(eq(datasetReports.projectId, projectId), eq(datasetReports.datasetId, datasetId)))
      .orderBy(desc(datasetReports.createdAt), desc(datasetReports.id))
      .limit(MOST_REPORTS);
    return rows.map(toHead);
  },

  async findReport(
    projectId: string,
    { datasetId, reportId }: { datasetId: string; reportId: string },
  ): Promise<(ReportHead & { report: QualityReport }) | undefined> {
    const [row] = await db
      .select({ ...head, report: datasetReports.report })
      .from(datasetReports)
      .where(
        and(
          eq(datasetReports.projectId, projectId),
          eq(datasetReports.datasetId, datasetId),
          eq(datasetReports.id, reportId),
        ),
      );
    return row && toHead(row);
  },

  async createReport(row: NewReport): Promise<void> {
    await db.insert(datasetReports).values(row);
  },

  async listFlags(projectId: string, datasetId: string): Promise<Flag[]> {
    const rows = await db
      .select()
      .from(contaminationFlags)
      .where(and(eq(contaminationFlags.projectId, projectId), eq(contaminationFlags.datasetId, datasetId)))
      .orderBy(asc(contaminationFlags.evaluationDatasetId));
    return rows.map(({ evaluationDatasetId, version, rows, contaminated, samples, checkedAt }) => ({
      evaluationDatasetId,
      version,
      rows,
      contaminated,
      samples,
      checkedAt: checkedAt.toISOString(),
    }));
  },

  /** Replaces what was found before. */
  async saveFlag(row: NewFlag): Promise<void> {
    const { projectId: _, datasetId: __, evaluationDatasetId: ___, ...changes } = row;
    await db
      .insert(contaminationFlags)
      .values(row)
      .onConflictDoUpdate({
        target: [contaminationFlags.datasetId, contaminationFlags.evaluationDatasetId],
        set: changes,
      });
  },
});
