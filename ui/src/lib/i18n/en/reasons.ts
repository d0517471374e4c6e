import { icu } from '../message';
import type { ReasonTexts } from '../texts';

const damaged = 'Ask for the original code, on paper or in the app it came from, and scan that.';
const reissue = 'Do not accept it. The holder has to ask the issuer for a correct pass.';

export const reasons: ReasonTexts = {
  tones: {
    accepted: 'Accepted',
    refused: 'Refused',
    cannot_tell: 'Cannot tell here',
    not_recorded: 'Not recorded',
  },
  reasons: {
    accepted: {
      why: 'Genuine, valid now and accepted here.',
      next: 'Compare the name and date of birth with an ID document, then let the person in.',
    },
    not_a_certificate: {
      why: icu('This is not a pass but {looks_like}.'),
      next: 'Do not open it. Ask for the code of the pass itself.',
    },
    text_too_long: {
      why: 'This text is longer than any code can hold.',
      next: 'Scan the code itself instead of pasting text.',
    },
    unsupported_version: {
      why: icu('There is no health certificate of version {prefix}.'),
      next: 'Do not accept it. Ask for the original pass.',
    },
    not_base45: { why: 'The code is damaged or was copied wrongly.', next: damaged },
    not_compressed: { why: 'The code is damaged: its contents are not packed as a pass is.', next: damaged },
    broken_zlib: { why: 'The code is damaged or cut off.', next: damaged },
    inflated_too_large: {
      why: 'The code unpacks to far more than any pass needs: it is made to do harm.',
      next: 'Do not accept it, and tell whoever is in charge.',
    },
    broken_cose: { why: 'The code does not have the form of a signed pass.', next: damaged },
    duplicate_header: { why: 'The pass contradicts itself: a header stands in it twice.', next: reissue },
    critical_header: {
      why: 'The pass demands something that this app does not know.',
      next: 'Do not accept it. Ask whoever looks after this device for an update.',
    },
    algorithm_missing: { why: 'The pass does not say how it is signed.', next: reissue },
    algorithm_not_supported: { why: icu('The pass is signed in a way that is not trusted: {alg}.'), next: reissue },
    algorithm_mismatch: {
      why: 'The pass is not signed the way its issuer signs.',
      next: 'Do not accept it: it may be forged. Ask for the original.',
    },
    bad_signature: {
      why: 'The signature is wrong: the pass was altered or forged.',
      next: 'Do not accept it. Ask for the original, and tell whoever is in charge if it stays so.',
    },
    broken_cwt: { why: 'The signature holds, but the contents cannot be read.', next: reissue },
    claim_missing: { why: icu('The pass lacks something that it must say: {claim}.'), next: reissue },
    claim_invalid: { why: icu('Something in the pass is not filled in properly: {claim}.'), next: reissue },
    schema_version: {
      why: icu('The pass has a version that this app does not know: {version}.'),
      next: 'Do not accept it. Ask whoever looks after this device for an update.',
    },
    schema_violation: { why: 'The pass is not filled in as it should be.', next: reissue },
    not_one_certificate: { why: icu('The pass certifies {count, plural, one {# thing} other {# things}} at once instead of one.'), next: reissue },
    not_yet_valid: {
      why: icu('Not valid yet. It becomes valid on {at}.'),
      next: 'Ask the person to come back then, or to show another pass.',
    },
    expired: { why: icu('Expired on {at}.'), next: 'Ask for a newer pass.' },
    key_not_yet_valid: {
      why: icu('Signed with a key that was not valid yet on {issued}.'),
      next: 'Do not accept it: it may be forged. Ask for another pass.',
    },
    key_expired: {
      why: icu('Signed with a key that had run out on {at}.'),
      next: 'Do not accept it. Ask for a newer pass.',
    },
    usage_not_allowed: {
      why: icu('The issuer is not allowed to sign this kind of pass: {kind}.'),
      next: 'Do not accept it. Ask for another pass.',
    },
    revoked: { why: 'The issuer has taken this pass back.', next: 'Do not accept it. The holder has to ask the issuer why.' },
    positive_test: {
      why: icu('The test is genuine and positive: an infection was found (sample of {sampled}).'),
      next: 'Do not let the person in, and point them to medical advice.',
    },
    unclear_test: {
      why: 'The test is genuine, but its result is neither positive nor negative.',
      next: 'Do not accept it. Ask for another test or pass.',
    },
    unknown_key: {
      why: 'This device does not know the issuer. The pass may still be genuine.',
      next: 'Do not turn the person away for this alone: ask for another pass, or have the keys on this device refreshed.',
    },
    keys_too_old: {
      why: icu('Nothing is wrong with the pass, but the keys on this device ran out on {at}.'),
      next: 'Do not turn the person away for this alone: have an admin refresh the keys on this device.',
    },
    format_not_supported: {
      why: icu('A kind of pass that this app cannot check: {format}.'),
      next: 'Ask for another pass, or check it with its own app.',
    },
    online_only: {
      why: icu('This is a link to the register {host}: only the register itself can tell.'),
      next: icu('Ask for a signed pass, or look it up at {host} on another device, typing the address yourself.'),
    },
  },
  unknown_reason: { why: 'The pass was not accepted.', next: 'Do not accept it. Ask for another pass.' },
  looks_like: {
    empty: 'an empty code',
    link: 'a web link',
    script: 'a command that a phone would run',
    wifi: 'access to a Wi-Fi network',
    contact: 'a contact card',
    other: 'some other code',
  },
  facts: {
    at: 'date',
    byte: 'at byte',
    now: 'checked',
    issued: 'issued',
    kid: 'key',
    alg: 'algorithm',
    kind: 'kind',
    fault: 'fault',
    label: 'header',
    claim: 'claim',
    version: 'version',
    field: 'field',
    count: 'count',
    length: 'length',
    limit: 'limit',
    list: 'list',
    sampled: 'sampled',
    result: 'result',
    format: 'format',
    host: 'register',
    prefix: 'prefix',
  },
  kinds: { vaccination: 'Vaccination', test: 'Test', recovery: 'Recovery' },
};
