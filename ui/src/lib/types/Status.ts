import type { Counts } from "./Counts";
import type { KeysView } from "./KeysView";
import type { LogView } from "./LogView";
import type { Warning } from "./Warning";

export type Status = { station: string, demo: boolean, keys: KeysView | null, log: LogView, counts: Counts, warnings: Array<Warning>, };
