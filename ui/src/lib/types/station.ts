// Written from crates/station/src/view.rs by `cargo test -p station`. Do not edit.

export type Outcome = "accepted" | "refused" | "cannot_tell";

export type Fact = string | number;

export type Report = { 
/**
 * `accepted`, `refused` or `cannot_tell`.
 */
verdict: Outcome, 
/**
 * Why, as a name from [`credential::REASONS`].
 */
reason: string, 
/**
 * The step that decided.
 */
stage: string, 
/**
 * Evidence by name; times as RFC 3339.
 */
evidence: { [key in string]: Fact }, };

export type KindView = "vaccination" | "test" | "recovery";

export type PassView = { 
/**
 * `vaccination`, `test` or `recovery`.
 */
kind: KindView, 
/**
 * As written in the holder's language, escaped.
 */
family_name: string, 
/**
 * As written in the holder's language, escaped.
 */
given_name: string, 
/**
 * ICAO 9303 transliteration, escaped.
 */
family_name_latin: string, 
/**
 * ICAO 9303 transliteration, escaped.
 */
given_name_latin: string, 
/**
 * `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty.
 */
date_of_birth: string, 
/**
 * Who signed: the key owner's name in the key set.
 */
signed_by: string, 
/**
 * A demo authority's pass: worth nothing outside a demonstration.
 */
demo: boolean, 
/**
 * RFC 3339.
 */
issued_at: string | null, 
/**
 * RFC 3339.
 */
expires_at: string | null, 
/**
 * The name holds characters that can deceive the eye.
 */
suspicious: boolean, };

export type SubmissionView = { 
/**
 * The pass, where its signature held.
 */
pass: PassView | null, 
/**
 * The log entry's index; null when it could not be written.
 */
entry: number | null, 
/**
 * Why the entry could not be written. The screen is not green then.
 */
log_error: string | null, 
/**
 * When it was judged, RFC 3339.
 */
at: string, 
/**
 * `accepted`, `refused` or `cannot_tell`.
 */
verdict: Outcome, 
/**
 * Why, as a name from [`credential::REASONS`].
 */
reason: string, 
/**
 * The step that decided.
 */
stage: string, 
/**
 * Evidence by name; times as RFC 3339.
 */
evidence: { [key in string]: Fact }, };

export type Counts = { 
/**
 * Accepted.
 */
accepted: number, 
/**
 * Refused.
 */
refused: number, 
/**
 * Could not be decided.
 */
cannot_tell: number, };

export type KeysView = { 
/**
 * Version of the signed set.
 */
version: number, 
/**
 * How many issuer keys it holds.
 */
count: number, 
/**
 * When it was signed, RFC 3339.
 */
signed_at: string, 
/**
 * When it stops being trusted, RFC 3339.
 */
expires_at: string, };

export type LogView = { 
/**
 * Entries in it.
 */
entries: number, 
/**
 * Whether another can be written.
 */
writable: boolean, };

export type Warning = "no_keys" | "keys_expired" | "clock_behind";

export type Status = { 
/**
 * The station's name.
 */
station: string, 
/**
 * A demo authority is trusted here.
 */
demo: boolean, 
/**
 * The trusted keys; null when there are none.
 */
keys: KeysView | null, 
/**
 * The scan log.
 */
log: LogView, 
/**
 * Today's verdicts.
 */
counts: Counts, 
/**
 * What staff should know.
 */
warnings: Array<Warning>, };

export type Sample = { 
/**
 * Its place in the demo camera's reel.
 */
index: number, 
/**
 * What it shows, in `snake_case`.
 */
name: string, 
/**
 * Its picture's file name.
 */
file: string, };
