import type { Tone } from '../verdict';
import type { KindView, Warning } from '../types/station';
import type { Reason } from '../types/reasons';

/** What a verdict's screen says: why, with `{evidence}` put in, and the one thing to do next. */
export interface ReasonText {
  why: string;
  next: string;
}

/** Everything that the page says in one language. */
export interface Texts {
  locale: string;
  /** The months' names in a date of birth; none where documents print numbers. */
  months: readonly string[];
  /** The name of the other language, in that language. */
  switch_to: string;
  switch_code: string;
  tones: Record<Tone, string>;
  reasons: Record<Reason, ReasonText>;
  unknown_reason: ReasonText;
  looks_like: Record<'empty' | 'link' | 'script' | 'wifi' | 'contact' | 'other', string>;
  facts: Record<FactName, string>;
  kinds: Record<KindView, string>;
  samples: Record<SampleName, string>;
  camera: Record<CameraText, string>;
  warnings: Record<Warning, string>;
  problems: Record<Problem, string>;
  notices: Record<Notice, string>;
  screen: Record<ScreenText, string>;
}

export type FactName =
  | 'at' | 'byte' | 'now' | 'issued' | 'kid' | 'alg' | 'kind' | 'fault' | 'label' | 'claim' | 'version' | 'field'
  | 'count' | 'length' | 'limit' | 'list' | 'sampled' | 'result' | 'format' | 'host' | 'prefix';

export type SampleName =
  | 'valid_vaccination' | 'valid_recovery' | 'valid_test' | 'expired' | 'not_yet_valid' | 'revoked_later' | 'tampered'
  | 'unknown_issuer' | 'not_a_certificate';

export type CameraText =
  | 'off' | 'opening' | 'running' | 'no_camera' | 'no_permission' | 'busy' | 'unplugged' | 'stalled' | 'failed' | 'demo';

/** Why something that was asked for could not be done. */
export type Problem = 'image_unreadable' | 'image_too_large' | 'image_without_code' | 'nothing_to_check' | 'shell';

/** How a hardware scanner's typing had to be mended. */
export type Notice = 'wedge_case' | 'wedge_layout';

export type ScreenText =
  | 'demo_mark' | 'demo_note' | 'demo_pass' | 'not_recorded_why' | 'not_recorded_next' | 'compare' | 'holder' | 'born'
  | 'signed_by' | 'valid_until' | 'suspicious' | 'next' | 'dismiss' | 'back' | 'hold' | 'waiting' | 'entry' | 'number' | 'today'
  | 'accepted' | 'refused' | 'cannot_tell' | 'keys' | 'keys_none' | 'keys_signed' | 'keys_until' | 'log' | 'log_broken'
  | 'aim' | 'open_image' | 'from_file' | 'paste' | 'paste_title' | 'paste_hint' | 'check' | 'cancel' | 'close' | 'camera'
  | 'demo_camera' | 'samples' | 'samples_all' | 'drop' | 'scanner_hint' | 'language' | 'no_name'
  | 'station' | 'turn_off' | 'turn_on' | 'no_devices' | 'offer' | 'checking';
