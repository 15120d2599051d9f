import type { Permission } from "@treadle/contract";
import {
  Activity,
  Boxes,
  ChartScatter,
  CircleGauge,
  Copy,
  Database,
  FlaskConical,
  Gauge,
  GraduationCap,
  History,
  LayoutDashboard,
  ListChecks,
  ListTree,
  type LucideIcon,
  MessageCircle,
  MessagesSquare,
  Rocket,
  Route,
  Scale,
  ScrollText,
  Settings,
  ShieldAlert,
  ShieldCheck,
  Split,
  Telescope,
  ThumbsUp,
  TrendingUp,
  Users,
  Wallet,
  Waves,
} from "lucide-react";

type Page = {
  to: string;
  label: string;
  icon: LucideIcon;
  /** The keys that open the page. All letters after `g` are in use, so newer pages have none. */
  keys?: string;
  needs?: Permission;
  words: string;
};

/** All pages, grouped by area. `words` are extra search terms for the palette. */
export const NAVIGATION = [
  {
    job: "Observe",
    pages: [
      {
        to: "/",
        label: "Overview",
        icon: Activity,
        keys: "g o",
        needs: "traces:read",
        words: "dashboard traffic cost latency errors home",
      },
      {
        to: "/dashboards",
        label: "Dashboards",
        icon: LayoutDashboard,
        keys: "g d",
        needs: "dashboards:read",
        words: "charts boards cost quality latency",
      },
      {
        to: "/traces",
        label: "Traces",
        icon: ListTree,
        keys: "g t",
        needs: "traces:read",
        words: "spans calls requests generations logs live tail similar meaning semantic",
      },
      {
        to: "/sessions",
        label: "Sessions",
        icon: MessageCircle,
        keys: "g n",
        needs: "traces:read",
        words: "conversations chats threads",
      },
      { to: "/users", label: "Users", icon: Users, keys: "g u", needs: "traces:read", words: "people customers cost" },
      {
        to: "/feedback",
        label: "Feedback",
        icon: ThumbsUp,
        keys: "g b",
        needs: "feedback:read",
        words: "thumbs ratings comments corrections end users human scores",
      },
      {
        to: "/explore",
        label: "Explore",
        icon: Telescope,
        keys: "g x",
        needs: "traces:read",
        words: "group by pivot compare cohorts sql query",
      },
      {
        to: "/drift",
        label: "Drift",
        icon: Waves,
        needs: "monitors:read",
        words: "change topics words language distribution shift investigation reference",
      },
    ],
  },
  {
    job: "Build",
    pages: [
      {
        to: "/playground",
        label: "Playground",
        icon: MessagesSquare,
        keys: "g p",
        needs: "gateway:use",
        words: "chat prompt try compare",
      },
      {
        to: "/prompts",
        label: "Prompts",
        icon: ScrollText,
        keys: "g r",
        needs: "prompts:read",
        words: "templates versions labels messages rollback",
      },
      {
        to: "/optimisations",
        label: "Optimisations",
        icon: TrendingUp,
        keys: "g i",
        needs: "experiments:read",
        words: "optimise optimize prompt gepa few-shot search better improve",
      },
      {
        to: "/endpoints",
        label: "Endpoints",
        icon: Route,
        keys: "g e",
        needs: "endpoints:read",
        words: "fallbacks weights routing",
      },
      {
        to: "/guards",
        label: "Guards",
        icon: ShieldCheck,
        needs: "guards:read",
        words: "guardrails policies privacy personal data secrets injection jailbreak mask redact block moderation",
      },
    ],
  },
  {
    job: "Evaluate",
    pages: [
      {
        to: "/datasets",
        label: "Datasets",
        icon: Database,
        keys: "g a",
        needs: "datasets:read",
        words: "items examples import curate versions test set training data",
      },
      {
        to: "/experiments",
        label: "Experiments",
        icon: FlaskConical,
        keys: "g f",
        needs: "experiments:read",
        words: "evaluation evals runs compare baseline regression scores significance",
      },
      {
        to: "/red-team",
        label: "Red team",
        icon: ShieldAlert,
        keys: "g 2",
        needs: "experiments:read",
        words: "attacks jailbreak injection guards safety security owasp",
      },
      {
        to: "/scorers",
        label: "Scorers",
        icon: Gauge,
        keys: "g c",
        needs: "scorers:read",
        words: "metrics judges bleu rouge rubric exact match evaluators checks",
      },
      {
        to: "/annotation",
        label: "Annotation",
        icon: ListChecks,
        keys: "g h",
        needs: "annotation:read",
        words: "queues labels label people review agreement adjudication human feedback annotate",
      },
      {
        to: "/preferences",
        label: "Preferences",
        icon: Scale,
        keys: "g k",
        needs: "annotation:read",
        words: "pairs pairwise leaderboard bradley terry elo dpo reward kto rlhf alignment",
      },
    ],
  },
  {
    job: "Train",
    pages: [
      {
        to: "/training",
        label: "Training",
        icon: GraduationCap,
        keys: "g y",
        needs: "training:read",
        words: "fine-tune finetune tuning lora sft dpo kto reward runs loss curves adapters",
      },
      {
        to: "/models",
        label: "Models",
        icon: Boxes,
        keys: "g m",
        needs: "models:read",
        words: "local providers connections keys prices pull",
      },
    ],
  },
  {
    job: "Release",
    pages: [
      {
        to: "/rollouts",
        label: "Rollouts",
        icon: Rocket,
        keys: "g j",
        needs: "endpoints:read",
        words: "canary candidate stages promote roll back experiment traffic",
      },
      {
        to: "/ab-tests",
        label: "A/B tests",
        icon: Split,
        keys: "g v",
        needs: "endpoints:read",
        words: "experiment split variants winner significance segments compare",
      },
      {
        to: "/frontier",
        label: "Cost and quality",
        icon: ChartScatter,
        keys: "g q",
        needs: "endpoints:read",
        words: "frontier pareto cheapest variant price score",
      },
      {
        to: "/shadows",
        label: "Shadows",
        icon: Copy,
        keys: "g g",
        needs: "endpoints:read",
        words: "shadow traffic mirror copy candidate compare pairs dark launch",
      },
      {
        to: "/replays",
        label: "Replays",
        icon: History,
        keys: "g z",
        needs: "experiments:read",
        words: "recorded traffic replay backtest off-policy counterfactual candidate",
      },
      {
        to: "/limits",
        label: "Limits",
        icon: CircleGauge,
        keys: "g l",
        needs: "limits:read",
        words: "budget budgets rate limit quota tokens requests concurrency",
      },
      {
        to: "/spend",
        label: "Spend",
        icon: Wallet,
        keys: "g w",
        needs: "limits:read",
        words: "cost money ledger billing chargeback usage",
      },
    ],
  },
] as const satisfies readonly { job: string; pages: readonly Page[] }[];

export const SETTINGS = {
  to: "/settings",
  label: "Settings",
  icon: Settings,
  keys: "g s",
  words: "api keys members account audit system storage",
} as const satisfies Page;

/** All pages of the navigation in a flat list. */
export const ALL_PAGES = [
  ...NAVIGATION[0].pages,
  ...NAVIGATION[1].pages,
  ...NAVIGATION[2].pages,
  ...NAVIGATION[3].pages,
  ...NAVIGATION[4].pages,
  SETTINGS,
] as const;

/** Pages inside pages that the palette also opens. */
export const SUBPAGES = [
  {
    to: "/models/providers",
    label: "Providers",
    needs: "connections:read",
    words: "connections openai anthropic keys",
  },
  {
    to: "/experiments/compare",
    label: "Compare runs",
    needs: "experiments:read",
    words: "difference baseline regression test significance",
  },
  {
    to: "/experiments/leaderboard",
    label: "Leaderboard",
    needs: "experiments:read",
    words: "ranking best bradley terry",
  },
  {
    to: "/experiments/plan",
    label: "Power planner",
    needs: "experiments:read",
    words: "sample size power detectable effect",
  },
  {
    to: "/scorers/live",
    label: "Live scoring",
    needs: "scorers:read",
    words: "online evaluation rules production sampling",
  },
  {
    to: "/feedback/scores",
    label: "Feedback scores",
    needs: "feedback:read",
    words: "score configurations categories strict consent",
  },
  { to: "/models/prices", label: "Prices", needs: "models:read", words: "cost tokens" },
  { to: "/settings", label: "API keys", needs: "keys:read", words: "token secret" },
  { to: "/settings/members", label: "Members", needs: "members:read", words: "invite users team roles" },
  {
    to: "/settings/project",
    label: "Project",
    needs: "projects:read",
    words: "rename archive restore delete base url id",
  },
  {
    to: "/settings/privacy",
    label: "Privacy",
    needs: "projects:read",
    words: "redaction personal data secrets gdpr hash sampling content",
  },
  {
    to: "/settings/compute",
    label: "Compute",
    needs: "compute:read",
    words: "clusters ray training remote gpu targets launcher",
  },
  {
    to: "/settings/evaluations",
    label: "Required evaluations",
    needs: "experiments:read",
    words: "models trained verdict regression base margin",
  },
  {
    to: "/settings/forwarding",
    label: "Forwarding",
    needs: "forwarding:read",
    words: "otlp opentelemetry export collector send",
  },
  {
    to: "/settings/exports",
    label: "Scheduled exports",
    needs: "exports:read",
    words: "parquet files archive warehouse hourly daily",
  },
  { to: "/settings/jobs", label: "Jobs", needs: "jobs:read", words: "progress queue background running cancel import" },
  { to: "/settings/audit", label: "Audit log", needs: "audit:read", words: "history changes" },
  {
    to: "/settings/system",
    label: "System",
    needs: "system:read",
    words: "storage disk memory spool health undeliverable",
  },
  { to: "/settings/account", label: "Account", words: "password email profile" },
] as const satisfies readonly { to: string; label: string; needs?: Permission; words: string }[];
