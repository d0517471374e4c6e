// Written from crates/station/src/view.rs by `cargo test -p station`. Do not edit.

export type Outcome = "accepted" | "refused" | "cannot_tell";

export type Fact = string | number | { [key in string]: string };

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

export type KindView = "vaccination" | "test" | "recovery" | "health_pass" | "identity" | "card" | "badge" | "appointment" | "ticket";

export type PassView = { 
/**
 * What it certifies.
 */
kind: KindView, 
/**
 * What its issuers call its format, in English; null for the one of our own passes and the EU's.
 */
format: string | null, 
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
suspicious: boolean, 
/**
 * The holder's face, where the pass has it.
 */
photo: PhotoView | null, 
/**
 * What a general pass says besides; null for certificates.
 */
general: GeneralView | null, };

export type PhotoView = { 
/**
 * `image/jpeg`, `image/webp` or `image/avif`.
 */
media_type: string, 
/**
 * The file in base64.
 */
base64: string, };

export type GeneralView = { 
/**
 * What it is for, escaped.
 */
title: string, 
/**
 * Where it is valid, escaped; everywhere when empty.
 */
zones: Array<string>, 
/**
 * How often it may be used; null for as often as you like.
 */
uses: number | null, 
/**
 * Whatever else stands on it, escaped.
 */
detail: string | null, 
/**
 * RFC 3339.
 */
valid_from: string | null, };

export type UsesView = { 
/**
 * How often it may be used.
 */
allowed: number, 
/**
 * How often it was.
 */
used: number, 
/**
 * How often it may still be.
 */
left: number, 
/**
 * When it was used last, RFC 3339.
 */
at: string, 
/**
 * Shown again within seconds: this time was counted before.
 */
again: boolean, };

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
 * When the same person was last accepted here, RFC 3339, if that is but a few minutes ago (a setting).
 */
seen_before: string | null, 
/**
 * How often the pass was used here; null unless it was accepted and can be used so often and no more.
 */
uses: UsesView | null, 
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

export type ModeView = { 
/**
 * Its identifier.
 */
id: string, 
/**
 * What it is called, by language.
 */
title: { [key in string]: string }, };

export type PolicyView = { 
/**
 * What it is called, by language (`de`, `de-AT`).
 */
name: { [key in string]: string }, 
/**
 * The identifier of the present mode.
 */
mode: string, 
/**
 * What can be switched between, at least the present one.
 */
modes: Array<ModeView>, };

export type LogView = { 
/**
 * Entries in it.
 */
entries: number, 
/**
 * Whether another can be written.
 */
writable: boolean, };

export type Warning = "no_keys" | "keys_expired" | "keys_old" | "mode_lost" | "clock_jumped" | "key_exposed" | "clock_behind" | "log_not_writable" | "storage_low" | "full" | "policy_unreadable";

export type Role = "staff" | "inspector" | "admin";

export type SessionView = { 
/**
 * Which.
 */
role: Role, 
/**
 * When it locks if nothing more is asked of it, RFC 3339.
 */
until: string, };

export type PinsView = { 
/**
 * The inspector has one.
 */
inspector: boolean, 
/**
 * The admin has one; without, the first who comes may set it.
 */
admin: boolean, };

export type OperatorView = { 
/**
 * Their number, as in the log.
 */
number: number, 
/**
 * Their name.
 */
name: string, };

export type PeopleView = { 
/**
 * How many came in and did not leave.
 */
inside: number, 
/**
 * How many may be inside; null where there is no limit.
 */
capacity: number | null, };

export type Operator = { 
/**
 * Their number in the log, given once.
 */
number: number, 
/**
 * Their name, 1 to 60 characters, for the station's own screens.
 */
name: string, };

export type Settings = { 
/**
 * For how long an accepted pass stays on the screen, in seconds: 1 to 60.
 */
accepted_seconds: number, 
/**
 * For how long another verdict stays on the screen, in seconds: 1 to 120.
 */
refused_seconds: number, 
/**
 * Within how many minutes the same person is told: 0 (off) to 1440.
 */
repeat_minutes: number, 
/**
 * People inside are counted.
 */
count_people: boolean, 
/**
 * How many people may be inside: 1 to 1,000,000; null where there is no limit.
 */
capacity: number | null, 
/**
 * Staff are told that the keys are old so many days after they were last signed for: 1 to 365.
 */
keys_warn_days: number, 
/**
 * Nothing is accepted by keys that were last signed for more days ago: 1 to 365, no fewer than `keys_warn_days`.
 */
keys_block_days: number, 
/**
 * Scans are erased from the log so many days after: 1 to 3650.
 */
keep_days: number, 
/**
 * When the place opens, in minutes after midnight there: 0 to 1439; null where that is not said. An inspector is
 * shown scans at other hours.
 */
open_from: number | null, 
/**
 * When it closes, likewise; before `open_from` where that is after midnight.
 */
open_until: number | null, 
/**
 * The window fills the screen and is not left by staff.
 */
kiosk: boolean, 
/**
 * Staff do not switch the policy's mode; an unlocked inspector or admin still does.
 */
mode_locked: boolean, 
/**
 * The zone that this station stands in, 1 to 80 characters: passes for other zones are refused. Null where it
 * stands in none in particular.
 */
zone: string | null, 
/**
 * Who works here, at most 100.
 */
operators: Array<Operator>, 
/**
 * The least number that no operator had yet. The station itself keeps it.
 */
next_operator: number, };

export type KeyPlace = "key_store" | "file" | "exposed_file";

export type Problem = "locked" | "no_pin" | "wrong_pin" | "blocked" | "pin_length" | "pin_not_digits" | "pin_same_digit" | "pin_run" | "already_set" | "invalid" | "failed";

export type DeniedView = { 
/**
 * A name to translate by.
 */
problem: Problem, 
/**
 * In how many seconds another PIN may be tried; null where that is not it.
 */
wait: number | null, 
/**
 * The reason, for a technician.
 */
detail: string, };

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
 * What is accepted here; null where no policy is installed, or none that can be read.
 */
policy: PolicyView | null, 
/**
 * The scan log.
 */
log: LogView, 
/**
 * Today's verdicts since the counters were begun.
 */
counts: Counts, 
/**
 * This hour's verdicts since the counters were begun.
 */
hour: Counts, 
/**
 * People inside; null where they are not counted.
 */
people: PeopleView | null, 
/**
 * Who is on shift; null where nobody said so.
 */
operator: OperatorView | null, 
/**
 * The role that is unlocked; null where only staff's work can be done.
 */
session: SessionView | null, 
/**
 * Which roles have a PIN.
 */
pins: PinsView, 
/**
 * Where the device's secret keys lie.
 */
device_key: KeyPlace, 
/**
 * What an admin has set.
 */
settings: Settings, 
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

export type EntryOutcome = "accepted" | "refused" | "cannot_tell" | "event";

export type JournalFilter = { 
/**
 * From this second UTC on; null: from the first entry.
 */
from: number | null, 
/**
 * Before this second UTC; null: to the last entry.
 */
until: number | null, 
/**
 * Of these outcomes; empty: of all.
 */
outcomes: Array<EntryOutcome>, 
/**
 * Of this reason or event; null: of all.
 */
reason: string | null, 
/**
 * Of this operator's shifts; null: of all.
 */
operator: number | null, 
/**
 * Below this index, for the next page; null: the newest.
 */
before: number | null, 
/**
 * How many lines, at most 500; null: 500.
 */
limit: number | null, };

export type JournalLine = { 
/**
 * Its place, from 0.
 */
index: number, 
/**
 * When, RFC 3339.
 */
at: string, 
/**
 * What was decided, or that it is an event.
 */
outcome: EntryOutcome, 
/**
 * Why, as a name from [`credential::REASONS`]; of an event its name, one of [`crate::EVENTS`].
 */
reason: string, 
/**
 * The step that decided; of an event the role that it is about.
 */
stage: string, 
/**
 * `vaccination`, `test` or `recovery`, where that is known.
 */
kind: string | null, 
/**
 * The number of who was on shift.
 */
operator: number | null, 
/**
 * A demo authority's pass.
 */
demo: boolean, 
/**
 * The version of the key set that it was judged by; 0 where there was none.
 */
key_set_version: number, 
/**
 * The beginning of what stands in for the person, in hexadecimal: the same for the same person.
 */
person: string | null, };

export type JournalPage = { 
/**
 * The entries.
 */
lines: Array<JournalLine>, 
/**
 * How many entries match the filter, on all pages together.
 */
matching: number, 
/**
 * What `before` is for the next page; null on the last.
 */
next: number | null, };

export type BucketView = { 
/**
 * Its first second, UTC.
 */
from: number, 
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

export type ReasonCount = { 
/**
 * The outcome.
 */
outcome: EntryOutcome, 
/**
 * The reason, or the event's name.
 */
reason: string, 
/**
 * How often.
 */
count: number, };

export type StatisticsView = { 
/**
 * Scans in each bucket of time, in order, empty ones too.
 */
buckets: Array<BucketView>, 
/**
 * How often each reason and event was logged, the most frequent first.
 */
reasons: Array<ReasonCount>, };

export type SpanView = { 
/**
 * The first of them.
 */
from: number, 
/**
 * The last of them.
 */
last: number, 
/**
 * When, RFC 3339, by the inspector's clock.
 */
at: string, 
/**
 * The inspector's name.
 */
by: string, };

export type WitnessView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its key's id, to compare with the device.
 */
key: string, 
/**
 * How many entries it has seen.
 */
size: number, 
/**
 * When it cosigned last, RFC 3339.
 */
at: string, };

export type ProofView = { 
/**
 * Nothing was changed, added or taken away.
 */
holds: boolean, 
/**
 * Entries found.
 */
entries: number, 
/**
 * The name of the log that was expected.
 */
origin: string, 
/**
 * Which entries were proven since when and by whom, in order. What is behind the last rests on this device's
 * word alone.
 */
spans: Array<SpanView>, 
/**
 * How many entries at the end nobody has cosigned.
 */
alone: number, 
/**
 * How many scans were erased after their time, and are proven by their leaves alone.
 */
erased: number, 
/**
 * At how many places an entry's time is before that of the one before: the clock was set back.
 */
steps_back: number, 
/**
 * Who has cosigned here, and up to where.
 */
witnesses: Array<WitnessView>, 
/**
 * Everything that does not fit, one line each, at most 100.
 */
faults: Array<string>, 
/**
 * How many faults more there are.
 */
more_faults: number, 
/**
 * The root of the tree over the entries found, in hexadecimal.
 */
root: string, 
/**
 * The signed head, a C2SP checkpoint to keep or to compare; null where its signature is bad.
 */
checkpoint: string | null, };

export type AnomalyView = { 
/**
 * What: a name to translate by.
 */
name: string, 
/**
 * The first entry of it.
 */
from: number, 
/**
 * The last entry of it.
 */
to: number, 
/**
 * The time of the first, RFC 3339.
 */
began: string, 
/**
 * The time of the last, RFC 3339.
 */
ended: string, 
/**
 * How many scans, or minutes of a gap or a step of the clock.
 */
count: number, };

export type ExportFormat = "csv" | "json_lines";

export type KeyView = { 
/**
 * The id that passes name it by, in hexadecimal.
 */
kid: string, 
/**
 * Its owner's name, escaped.
 */
owner: string, 
/**
 * ISO 3166-1 alpha-2 country, where one is given.
 */
country: string | null, 
/**
 * `Ed25519`, `P-256`, `P-384` or `RSA`.
 */
algorithm: string, 
/**
 * From when it may sign, RFC 3339; null where its set does not limit it.
 */
valid_from: string | null, 
/**
 * Until when it may sign, RFC 3339; null where its set does not limit it.
 */
valid_until: string | null, 
/**
 * From when on it is revoked, RFC 3339; null where it is not.
 */
revoked_from: string | null, 
/**
 * Of `vaccination`, `test`, `recovery` and `other` what it may sign; empty: all.
 */
usages: Array<string>, 
/**
 * What the formats are called that it may sign; empty: the EU's DCC alone.
 */
formats: Array<string>, 
/**
 * The issuer that its passes must name, escaped; null where any will do.
 */
iss: string | null, 
/**
 * A demo authority's key.
 */
demo: boolean, };

export type KeyChangeView = { 
/**
 * The version that the change came with.
 */
version: number, 
/**
 * The version before.
 */
from_version: number, 
/**
 * When the authority signed the newer one, RFC 3339.
 */
signed_at: string, 
/**
 * Ids of the keys that came, in hexadecimal.
 */
added: Array<string>, 
/**
 * Ids of the keys that went, in hexadecimal.
 */
removed: Array<string>, };

export type EditionView = { 
/**
 * The key set's version.
 */
version: number, 
/**
 * When the authority signed it, RFC 3339.
 */
signed_at: string, 
/**
 * From when on it counts as too old, RFC 3339.
 */
expires_at: string, 
/**
 * How many keys it has.
 */
keys: number, 
/**
 * A demo authority's.
 */
demo: boolean, };

export type KeyLineView = { 
/**
 * Its id, in hexadecimal.
 */
kid: string, 
/**
 * Its owner's name, escaped.
 */
owner: string, 
/**
 * ISO 3166-1 alpha-2 country, where one is given.
 */
country: string | null, 
/**
 * From when on it is revoked, RFC 3339; null where it is not.
 */
revoked_from: string | null, };

export type RefreshView = { 
/**
 * The set in use; null before the first.
 */
from: EditionView | null, 
/**
 * The set that is offered.
 */
to: EditionView, 
/**
 * What is offered is in use already.
 */
unchanged: boolean, 
/**
 * Keys that are trusted from then on.
 */
added: Array<KeyLineView>, 
/**
 * Keys that are trusted no longer.
 */
removed: Array<KeyLineView>, 
/**
 * Keys with another owner, validity or usages.
 */
changed: Array<KeyLineView>, 
/**
 * Keys that are revoked from then on.
 */
revoked: Array<KeyLineView>, 
/**
 * Names of other files that come, go or change.
 */
files: Array<string>, };
