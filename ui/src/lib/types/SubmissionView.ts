import type { Fact } from "./Fact";
import type { Outcome } from "./Outcome";
import type { PassView } from "./PassView";

export type SubmissionView = { verdict: Outcome, reason: string, stage: string, evidence: { [key in string]: Fact }, pass: PassView | null, entry: number | null, log_error: string | null, at: string, };
