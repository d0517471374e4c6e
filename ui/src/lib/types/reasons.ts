// Written from crates/{credential/src/refusal,station/src/event}.rs by `cargo test -p station`. Do not edit.

export const REASONS = [
  'accepted',
  'not_a_certificate',
  'text_too_long',
  'unsupported_version',
  'not_base45',
  'not_compressed',
  'broken_zlib',
  'inflated_too_large',
  'broken_cose',
  'duplicate_header',
  'critical_header',
  'algorithm_missing',
  'algorithm_not_supported',
  'algorithm_mismatch',
  'bad_signature',
  'broken_cwt',
  'claim_missing',
  'claim_invalid',
  'schema_version',
  'schema_violation',
  'not_one_certificate',
  'not_yet_valid',
  'expired',
  'key_not_yet_valid',
  'key_expired',
  'usage_not_allowed',
  'key_revoked',
  'revoked',
  'positive_test',
  'unclear_test',
  'unknown_key',
  'keys_too_old',
  'revocation_unreadable',
  'format_not_supported',
  'online_only',
] as const;

export type Reason = (typeof REASONS)[number];

export const EVENTS = [
  'pin_set',
  'pin_changed',
  'pin_refused',
  'unlocked',
  'settings_changed',
  'counters_reset',
  'shift_began',
  'exported',
  'keys_refreshed',
  'clock_jumped',
] as const;

export type EventName = (typeof EVENTS)[number];
