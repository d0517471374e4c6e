export type Warning = "no_keys" | "keys_expired" | "clock_behind";
