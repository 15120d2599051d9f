import type { Permission } from "@treadle/contract";
import {
  Activity,
  BellRing,
  Boxes,
  Bug,
  ChartScatter,
  CircleGauge,
  Copy,
  Database,
  FlaskConical,
  Gauge,
  Goal,
  GraduationCap,
  History,
  LayoutDashboard,
  Library,
  ListChecks,
  ListTree,
  type LucideIcon,
  MessageCircle,
  MessagesSquare,
  Radar,
  Rocket,
  Route,
  Scale,
  ScrollText,
  Settings,
  Shapes,
  ShieldAlert,
  ShieldCheck,
  Split,
  Telescope,
  ThumbsUp,
  TrendingUp,
  TriangleAlert,
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
};

/** All pages, grouped by area. */
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
      },
      {
        to: "/dashboards",
        label: "Dashboards",
        icon: LayoutDashboard,
        keys: "g d",
        needs: "dashboards:read",
      },
      {
        to: "/traces",
        label: "Traces",
        icon: ListTree,
        keys: "g t",
        needs: "traces:read",
      },
      {
        to: "/sessions",
        label: "Sessions",
        icon: MessageCircle,
        keys: "g n",
        needs: "traces:read",
      },
      {
        to: "/users",
        label: "Users",
        icon: Users,
        keys: "g u",
        needs: "traces:read",
      },
      {
        to: "/feedback",
        label: "Feedback",
        icon: ThumbsUp,
        keys: "g b",
        needs: "feedback:read",
      },
      {
        to: "/explore",
        label: "Explore",
        icon: Telescope,
        keys: "g x",
        needs: "traces:read",
      },
    ],
  },
  {
    job: "Watch",
    pages: [
      {
        to: "/monitors",
        label: "Monitors",
        icon: BellRing,
        needs: "monitors:read",
      },
      {
        to: "/incidents",
        label: "Incidents",
        icon: TriangleAlert,
        needs: "incidents:read",
      },
      {
        to: "/slos",
        label: "SLOs",
        icon: Goal,
        needs: "monitors:read",
      },
      {
        to: "/issues",
        label: "Issues",
        icon: Bug,
        needs: "incidents:read",
      },
      {
        to: "/topics",
        label: "Topics",
        icon: Shapes,
        needs: "incidents:read",
      },
      {
        to: "/drift",
        label: "Drift",
        icon: Waves,
        needs: "monitors:read",
      },
      {
        to: "/probes",
        label: "Probes",
        icon: Radar,
        needs: "monitors:read",
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
      },
      {
        to: "/prompts",
        label: "Prompts",
        icon: ScrollText,
        keys: "g r",
        needs: "prompts:read",
      },
      {
        to: "/optimisations",
        label: "Optimisations",
        icon: TrendingUp,
        keys: "g i",
        needs: "experiments:read",
      },
      {
        to: "/endpoints",
        label: "Endpoints",
        icon: Route,
        keys: "g e",
        needs: "endpoints:read",
      },
      {
        to: "/guards",
        label: "Guards",
        icon: ShieldCheck,
        needs: "guards:read",
      },
      {
        to: "/knowledge",
        label: "Knowledge",
        icon: Library,
        needs: "knowledge:read",
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
      },
      {
        to: "/experiments",
        label: "Experiments",
        icon: FlaskConical,
        keys: "g f",
        needs: "experiments:read",
      },
      {
        to: "/red-team",
        label: "Red team",
        icon: ShieldAlert,
        keys: "g 2",
        needs: "experiments:read",
      },
      {
        to: "/scorers",
        label: "Scorers",
        icon: Gauge,
        keys: "g c",
        needs: "scorers:read",
      },
      {
        to: "/annotation",
        label: "Annotation",
        icon: ListChecks,
        keys: "g h",
        needs: "annotation:read",
      },
      {
        to: "/preferences",
        label: "Preferences",
        icon: Scale,
        keys: "g k",
        needs: "annotation:read",
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
      },
      {
        to: "/models",
        label: "Models",
        icon: Boxes,
        keys: "g m",
        needs: "models:read",
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
      },
      {
        to: "/ab-tests",
        label: "A/B tests",
        icon: Split,
        keys: "g v",
        needs: "endpoints:read",
      },
      {
        to: "/frontier",
        label: "Cost and quality",
        icon: ChartScatter,
        keys: "g q",
        needs: "endpoints:read",
      },
      {
        to: "/shadows",
        label: "Shadows",
        icon: Copy,
        keys: "g g",
        needs: "endpoints:read",
      },
      {
        to: "/replays",
        label: "Replays",
        icon: History,
        keys: "g z",
        needs: "experiments:read",
      },
      {
        to: "/limits",
        label: "Limits",
        icon: CircleGauge,
        keys: "g l",
        needs: "limits:read",
      },
      {
        to: "/spend",
        label: "Spend",
        icon: Wallet,
        keys: "g w",
        needs: "limits:read",
      },
    ],
  },
] as const satisfies readonly { job: string; pages: readonly Page[] }[];

export const SETTINGS = {
  to: "/settings",
  label: "Settings",
  icon: Settings,
  keys: "g s",
} as const satisfies Page;

/** All pages of the navigation in a flat list. */
export const ALL_PAGES = [
  ...NAVIGATION[0].pages,
  ...NAVIGATION[1].pages,
  ...NAVIGATION[2].pages,
  ...NAVIGATION[3].pages,
  ...NAVIGATION[4].pages,
  ...NAVIGATION[5].pages,
  SETTINGS,
] as const;
