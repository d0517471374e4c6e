import type { Hint } from '../eye/messages';
import type { Theme } from '../preferences.svelte';
import type { EventName, Reason } from '../types/reasons';
import type { KeyPlace, KindView, Problem as Denial, Role, Warning } from '../types/station';
import type { Tone } from '../verdict';
import type { Message } from './message';

/** Everything that the page says in one language. */
export interface Texts extends ReasonTexts, DoorTexts, DeviceTexts, OfficeTexts {
  /** The language and country whose numbers and dates are shown (BCP 47). */
  locale: string;
  /** Which way the language is written. */
  dir: 'ltr' | 'rtl';
  /** How documents print a date of birth: what stands between its parts, and the months' names if they are no numbers. */
  birth: { between: string; months: readonly string[] };
}

/** A text that may have places for evidence. */
export type Text = string | Message;

/** What a verdict's screen says: why, with its evidence put in, and the one thing to do next. */
export interface ReasonText {
  why: Text;
  next: Text;
}

/** Verdicts, what they rest on, and what a certificate is about. */
export interface ReasonTexts {
  tones: Record<Tone, string>;
  reasons: Record<Reason, ReasonText>;
  /** Each reason in two words or three, for lists. */
  reason_names: Record<Reason, string>;
  unknown_reason: { why: string; next: string };
  looks_like: Record<'empty' | 'link' | 'script' | 'wifi' | 'contact' | 'phone' | 'message' | 'place' | 'event' | 'payment' | 'one_time_password' | 'boarding_pass' | 'other', string>;
  facts: Record<FactName, string>;
  kinds: Record<KindView, string>;
  /** The same within a sentence: only some languages write them small there. */
  kinds_within: Record<KindView, string>;
}

/** What staff see while they scan. */
export interface DoorTexts {
  samples: Record<SampleName, string>;
  camera: Record<CameraText, string>;
  warnings: Record<Warning, string>;
  problems: Record<Problem, string>;
  notices: Record<Notice, string>;
  /** Why a code in view is not read, and what to do with it. */
  hints: Record<Hint, string>;
  screen: Record<ScreenText, string>;
  staff: Record<StaffText, string> & {
    of_capacity: Message<'capacity'>;
    /** The same certificate was here before. */
    seen: Message<'minutes'>;
    /** Of a pass that can be used so often and no more. */
    use: Message<'used' | 'allowed'>;
  };
}

/** This device, who uses it, and their PINs. */
export interface DeviceTexts {
  roles: Record<Role, string>;
  device: Record<DeviceText, string>;
  themes: Record<Theme, string>;
  pin: Record<PinText, string> & {
    /** `role` is a name of `roles`. */
    enter: Message<'role'>;
    choose: Message<'role'>;
    wait: Message<'seconds'>;
  };
}

/** What inspectors and admins see. */
export interface OfficeTexts {
  /** What the log holds besides checks. */
  events: Record<EventName, string>;
  journal: Record<JournalText, string> & { entries: Message<'count'>; saved_as: Message<'file'> };
  counters: Record<'title' | 'what' | 'reset' | 'done', string>;
  statistics: Record<StatisticsText, string>;
  device_key: Record<KeyPlace, string>;
  proof: Record<ProofText, string> & {
    entries: Message<'count'>;
    /** Entries that an inspector's device has cosigned. */
    span: Message<'from' | 'last' | 'date' | 'by'>;
    alone: Message<'count'>;
    erased: Message<'count'>;
    steps_back: Message<'count'>;
    cosigned: Message<'by'>;
  };
  /** What in the log an inspector should look at. */
  anomalies: Record<Exclude<AnomalyName, 'clock_jumped'>, Message<'count'>> & { clock_jumped: string };
  admin: Record<AdminText, string> & {
    added: Message<'count'>;
    removed: Message<'count'>;
    k_changed: Message<'count'>;
    k_revoked: Message<'count'>;
    pictures: Message<'received' | 'needed'>;
  };
}

export type FactName =
  | 'at' | 'byte' | 'now' | 'kid' | 'alg' | 'kind' | 'fault' | 'label' | 'claim' | 'context' | 'version' | 'field'
  | 'count' | 'length' | 'limit' | 'list' | 'sampled' | 'result' | 'format' | 'host' | 'register' | 'leads_to' | 'number' | 'check' | 'prefix' | 'rule' | 'description' | 'values' | 'mode'
  | 'zones' | 'here' | 'uses' | 'times';

export type SampleName =
  | 'valid_vaccination' | 'valid_recovery' | 'valid_test' | 'expired' | 'not_yet_valid' | 'revoked' | 'tampered'
  | 'unknown_issuer' | 'not_a_certificate' | 'ticket';

export type CameraText =
  | 'off' | 'opening' | 'running' | 'no_camera' | 'no_permission' | 'busy' | 'unplugged' | 'stalled' | 'failed' | 'demo';

/** Why something that was asked for could not be done. */
export type Problem = Denial | 'image_unreadable' | 'image_too_large' | 'image_without_code' | 'nothing_to_check' | 'shell';

/** How a hardware scanner's typing had to be mended. */
export type Notice = 'wedge_case' | 'wedge_layout' | 'wedge_lost';

export type ScreenText =
  | 'demo_mark' | 'demo_note' | 'demo_pass' | 'not_recorded_why' | 'not_recorded_next' | 'compare' | 'holder' | 'born'
  | 'photo' | 'signed_by' | 'valid_until' | 'suspicious' | 'next' | 'dismiss' | 'back' | 'hold' | 'waiting' | 'entry' | 'number' | 'today'
  | 'accepted' | 'refused' | 'cannot_tell' | 'keys' | 'keys_none' | 'keys_signed' | 'keys_until' | 'log' | 'log_broken'
   | 'open_image' | 'from_file' | 'paste' | 'paste_title' | 'paste_hint' | 'check' | 'cancel' | 'close' | 'camera'
  | 'demo_camera' | 'samples' | 'samples_all' | 'drop' | 'scanner_hint' | 'language' | 'no_name'
  | 'zones' | 'place' | 'valid_from' | 'bearer' | 'let_in' | 'station' | 'turn_off' | 'turn_on' | 'no_devices' | 'offer' | 'checking';

export type StaffText =
  | 'this_hour' | 'inside' | 'one_left' | 'full' | 'shift' | 'operator' | 'seen_now' | 'lock' | 'menu' | 'who' | 'mode' | 'again';

export type DeviceText =
  | 'title' | 'sound' | 'vibration' | 'theme' | 'camera' | 'torch' | 'zoom' | 'front' | 'back';

export type PinText = 'again' | 'differ' | 'none_yet' | 'erase' | 'confirm';

export type JournalText =
  | 'title' | 'day' | 'time' | 'verdict' | 'reason' | 'operator' | 'all' | 'nothing_found' | 'older'
  | 'export_csv' | 'export_jsonl' | 'export_proven' | 'day_before' | 'day_after' | 'event' | 'person';

export type StatisticsText = 'title' | 'scans_per_hour' | 'reasons' | 'refusals' | 'none';

export type ProofText =
  | 'title' | 'proven' | 'not_proven' | 'checking' | 'again' | 'rests_on' | 'rests_on_device'
  | 'checkpoint' | 'cosign' | 'cosign_hint' | 'show_request' | 'for_device' | 'new_device' | 'answer' | 'key_compared' | 'take_answer'
  | 'read_answer' | 'hold_answer' | 'no_answer'
  | 'worth_a_look' | 'nothing_odd';

export type AnomalyName = 'same_person' | 'refusals' | 'gap' | 'clock_back' | 'clock_jumped' | 'outside_hours';

export type AdminText =
  | 'keys' | 'country' | 'algorithm' | 'valid_from' | 'valid_until' | 'usages' | 'last_refresh'
  | 'nothing_changed' | 'settings' | 'seconds_shown' | 'repeat_minutes' | 'count_people' | 'capacity' | 'no_limit' | 'kiosk'
  | 'operators' | 'add_operator' | 'remove_operator' | 'operator_name' | 'pins' | 'set_pin' | 'retention'
  | 'keep_days' | 'opening' | 'opens' | 'closes' | 'save' | 'saved' | 'kiosk_hint' | 'no_pin' | 'people' | 'refresh' | 'from_a_file' | 'from_a_screen'
  | 'to_a_screen' | 'hold_before' | 'show_note' | 'stop' | 'take' | 'in_use' | 'taken' | 'other_files' | 'version' | 'keys_warn'
  | 'keys_block' | 'mode' | 'mode_locked' | 'zone' | 'zone_hint';
