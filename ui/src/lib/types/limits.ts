// Written from crates/station/src/{settings,pin}.rs by `cargo test -p station`. Do not edit.

/** The fewest and the most digits. */
export const PIN_DIGITS = [4, 12] as const;

/** The least and the most. */
export const ACCEPTED_SECONDS = [1, 60] as const;

/** The least and the most. */
export const REFUSED_SECONDS = [1, 120] as const;

/** The least and the most. */
export const REPEAT_MINUTES = [0, 1440] as const;

/** The least and the most. */
export const KEYS_DAYS = [1, 365] as const;

/** The least and the most. */
export const KEEP_DAYS = [1, 3650] as const;

/** The least and the most. */
export const CAPACITY = [1, 1000000] as const;

export const MAX_OPERATORS = 100;

/** Characters. */
export const MAX_OPERATOR_NAME = 60;

/** Characters. */
export const MAX_ZONE = 80;
