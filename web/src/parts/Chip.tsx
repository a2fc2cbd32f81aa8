// A word in a coloured pill: what state something is in. The colour only repeats the word.
import type { ReactNode } from "react";

export type Tone = "good" | "bad" | "careful" | "info" | "plain";

export function Chip({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`chip ${tone}`}>{children}</span>;
}
