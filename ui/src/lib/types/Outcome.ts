export type Outcome = "accepted" | "refused" | "cannot_tell";
