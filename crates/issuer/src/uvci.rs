//! Unique certificate identifiers (eHealth Network, "Guidelines on verifiable
//! vaccination certificates", annex 2; option 3: one opaque string).

/// The characters of the checksum's Luhn mod N, in the order of their code points
/// (DCC schema wiki, FAQ, "UVCI checksum").
const LUHN: &[u8; 38] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:";
/// The opaque part's characters: no I, L, O, U, so that people can read it out.
const OPAQUE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An identifier of this country with `random` inside and a checksum behind, such as
/// `URN:UVCI:01:RU:0123456789ABCDEF#4`.
///
/// Eighty bits: among nine million identifiers two are equal with a chance of 1 in 10^10.
pub fn from_random(country: &str, random: [u8; 10]) -> String {
    let mut text = format!("URN:UVCI:01:{country}:");
    let number = random.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    for shift in (0..16).rev() {
        let digit = (number >> (shift * 5)) & 31;
        text.push(char::from(OPAQUE[digit as usize])); // safe: below 32
    }
    with_checksum(text)
}

/// Whether an identifier has the form, and the checksum, of those that [`from_random`] makes for this country.
pub(crate) fn is_like_random(id: &str, country: &str) -> bool {
    let opaque = id.strip_prefix(&format!("URN:UVCI:01:{country}:"));
    let (opaque, check) = opaque.and_then(|opaque| opaque.split_at_checked(16)).unwrap_or_default();
    check.len() == 2
        && opaque.bytes().all(|character| OPAQUE.contains(&character))
        && checksum_holds(id) == Some(true)
}

/// `text` with `#` and its check character behind; unchanged where it has a
/// character that the checksum does not know.
pub fn with_checksum(mut text: String) -> String {
    if let Some(check) = check_character(&text) {
        text.push('#');
        text.push(check);
    }
    text
}

/// Whether an identifier that ends in `#` and a check character has the right one;
/// `None` when it has no checksum.
pub fn checksum_holds(id: &str) -> Option<bool> {
    let (text, check) = id.rsplit_once('#')?;
    let mut characters = check.chars();
    match (characters.next(), characters.next()) {
        (Some(check), None) => Some(check_character(text) == Some(check)),
        _ => None,
    }
}

/// Luhn mod 38 (ISO/IEC 7812-1 annex B, widened to this alphabet).
fn check_character(text: &str) -> Option<char> {
    let mut sum = 0;
    for (place, byte) in text.bytes().rev().enumerate() {
        let point = LUHN.iter().position(|character| *character == byte)?;
        let addend = if place % 2 == 0 { 2 * point } else { point };
        sum += addend / LUHN.len() + addend % LUHN.len();
    }
    let check = (LUHN.len() - sum % LUHN.len()) % LUHN.len();
    Some(char::from(LUHN[check])) // safe: a remainder
}
