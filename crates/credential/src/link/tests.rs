use proptest::prelude::*;

use super::*;

const NUMBER: &str = "9120000000000000";
const CHECK: &str = "0123456789abcdef0123456789abcdef";
const UUID: &str = "b3f1c9de-0000-4000-8000-000000000000";
/// Path and query of a certificate's link.
const PATH: &str = "/covid-cert/verify/9120000000000000?lang=ru&ck=0123456789abcdef0123456789abcdef";

#[track_caller]
fn forged(text: &str) -> (String, &'static str) {
    match judge(text) {
        Some(Stop::Refused(Refusal::SuspectedForgery { register, leads_to, fault, text: shown })) => {
            assert_eq!(register, HOST);
            assert!(shown.chars().all(|c| (c.is_ascii() && !c.is_control()) || c == '…'), "{shown}");
            (leads_to, fault)
        }
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_registers_own_links_say_what_to_type_in() {
    for (text, number, check) in [
        (format!("https://www.gosuslugi.ru/vaccine/cert/verify/{UUID}"), UUID, None),
        (format!("https://www.gosuslugi.ru{PATH}"), NUMBER, Some(CHECK)),
        (format!("https://www.gosuslugi.ru{}", PATH.replace("=ru", "=en")), NUMBER, Some(CHECK)),
        (format!("https://www.gosuslugi.ru/covid-cert/status/{UUID}?lang=ru"), UUID, None),
    ] {
        let expected =
            Doubt::OnlineOnly { host: HOST, number: number.into(), check: check.map(str::to_owned) };
        assert_eq!(judge(&text), Some(expected.into()), "{text}");
    }
}

/// `{P}` is path and query of a certificate's link.
#[test]
fn look_alikes_of_the_register_are_called_suspected_forgeries_and_where_they_lead_is_told() {
    const NAME: &str = "another host of a similar name";
    const LETTERS: &str = "letters that look alike";
    const WITHIN: &str = "the register's address within another";
    const BORROWED: &str = "the register's path on another host";
    const BEFORE: &str = "the register's name stands before the host";
    const FORM: &str = "not the form of the register's links";
    const WRITTEN: &str = "the host is written in another way";
    #[rustfmt::skip]
    let table = [
        // Other hosts.
        ("https://www.gosuslugi.com{P}", "www.gosuslugi.com", NAME),
        ("https://www.gosuslugi.ru.com{P}", "www.gosuslugi.ru.com", NAME),
        ("https://www.gosuslugi.ru.cert.io{P}", "www.gosuslugi.ru.cert.io", NAME),
        ("https://gosuslugi-ru.com{P}", "gosuslugi-ru.com", NAME),
        ("https://www.gosuslugi-ru.com/", "www.gosuslugi-ru.com", NAME),
        ("https://www.gosuslugl.ru{P}", "www.gosuslugl.ru", NAME),
        ("https://www.gosus1ugi.ru{P}", "www.gosus1ugi.ru", NAME),
        ("https://www.gosuslug1.ru{P}", "www.gosuslug1.ru", NAME),
        ("https://www.g0suslugi.ru{P}", "www.g0suslugi.ru", NAME),
        ("https://www.go5u5lugi.ru{P}", "www.go5u5lugi.ru", NAME),
        ("https://www.gosusluqi.ru{P}", "www.gosusluqi.ru", NAME),
        ("https://www.qosuslugi.ru{P}", "www.qosuslugi.ru", NAME),
        ("https://www.gosuslugi.site{P}", "www.gosuslugi.site", NAME),
        ("https://www.gosuslugi.su{P}", "www.gosuslugi.su", NAME),
        ("https://www.gos-uslugi.ru{P}", "www.gos-uslugi.ru", NAME),
        ("https://gos.uslugi.example{P}", "gos.uslugi.example", NAME),
        ("https://www-gosuslugi.ru{P}", "www-gosuslugi.ru", NAME),
        ("https://wwwgosuslugi.ru{P}", "wwwgosuslugi.ru", NAME),
        ("https://www.gosuslugi-covid.ru{P}", "www.gosuslugi-covid.ru", NAME),
        ("https://covid-gosuslugi.ru/x", "covid-gosuslugi.ru", NAME),
        ("https://www.gosuslug.ru{P}", "www.gosuslug.ru", NAME),
        ("https://www.gosulugi.ru{P}", "www.gosulugi.ru", NAME),
        ("https://www.gosuslugii.ru{P}", "www.gosuslugii.ru", NAME),
        ("https://www.gossuslugi.ru{P}", "www.gossuslugi.ru", NAME),
        ("https://www.gosulsugi.ru{P}", "www.gosulsugi.ru", NAME),
        ("https://www.gosyslygi.ru{P}", "www.gosyslygi.ru", NAME),
        ("https://www.gosuslugi24.online", "www.gosuslugi24.online", NAME),
        ("https://gosuslugi.ru-check.info{P}", "gosuslugi.ru-check.info", NAME),
        ("https://wvvw.gosuslugi.ru.evil.io{P}", "wvvw.gosuslugi.ru.evil.io", NAME),
        // Letters.
        ("https://www.gоsuslugi.ru{P}", "www.g\\u{43e}suslugi.ru", LETTERS), // Cyrillic о
        ("https://www.gosuslugі.ru{P}", "www.gosuslug\\u{456}.ru", LETTERS), // Cyrillic і
        ("https://www.goѕuѕlugi.ru{P}", "www.go\\u{455}u\\u{455}lugi.ru", LETTERS), // Cyrillic ѕ
        ("https://www.gosusӏugi.ru{P}", "www.gosus\\u{4cf}ugi.ru", LETTERS), // Cyrillic palochka
        ("https://www.gοsuslugi.ru{P}", "www.g\\u{3bf}suslugi.ru", LETTERS), // Greek omicron
        ("https://www.gosuslugι.ru{P}", "www.gosuslug\\u{3b9}.ru", LETTERS), // Greek iota
        ("https://www.gosυslυgi.ru{P}", "www.gos\\u{3c5}sl\\u{3c5}gi.ru", LETTERS), // Greek upsilon
        ("https://www.ɡosusluɡi.ru{P}", "www.\\u{261}osuslu\\u{261}i.ru", LETTERS), // Latin script g
        ("https://www.gosuslugí.ru{P}", "www.gosuslug\\u{ed}.ru", LETTERS),
        ("https://www.gosuslugı.ru{P}", "www.gosuslug\\u{131}.ru", LETTERS), // dotless i
        ("https://госуслуги.рф{P}", "\\u{433}\\u{43e}\\u{441}\\u{443}\\u{441}\\u{43b}\\u{443}\\u{433}\\u{438}.\\u{440}\\u{444}", LETTERS),
        ("https://www.gosuslugi.гu{P}", "www.gosuslugi.\\u{433}u", LETTERS), // Cyrillic г
        ("https://www.xn--gosuslug-0hh.ru{P}", "www.xn--gosuslug-0hh.ru", LETTERS),
        ("https://xn--gsuslugi-nbh.ru{P}", "xn--gsuslugi-nbh.ru", LETTERS),
        ("https://xn--c1aapkosapc.xn--p1ai/", "xn--c1aapkosapc.xn--p1ai", LETTERS),
        ("https://XN--GSUSLUGI-ZDG.ru/", "xn--gsuslugi-zdg.ru", LETTERS),
        ("https://www.gosuslugi.ru\u{2044}covid-cert.evil.ru/", "www.gosuslugi.ru\\u{2044}covid-cert.evil.ru", LETTERS),
        ("https://www.g\u{301}o\u{302}s\u{303}uslugi\u{308}.ru{P}", "www.g\\u{301}o\\u{302}s\\u{303}uslugi\\u{308}.ru", LETTERS),
        // The register's host, and yet not its link.
        ("http://www.gosuslugi.ru{P}", "www.gosuslugi.ru", "not https"),
        ("ftp://www.gosuslugi.ru{P}", "www.gosuslugi.ru", "not https"),
        ("intent://www.gosuslugi.ru{P}", "www.gosuslugi.ru", "not https"),
        ("https://www.gosuslugi.ru:8443{P}", "www.gosuslugi.ru:8443", "a port of its own"),
        ("https://www.gosuslugi.ru:80{P}", "www.gosuslugi.ru:80", "a port of its own"),
        ("https://www.gosuslugi.ru.{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://WWW.GOSUSLUGI.RU{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://www.ｇｏｓｕｓｌｕｇｉ.ru{P}", "www.gosuslugi.ru", WRITTEN), // fullwidth
        ("https://www。gosuslugi。ru{P}", "www.gosuslugi.ru", WRITTEN), // ideographic full stop
        ("https://www.%67osuslugi.ru{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://www.gosus\u{200b}lugi.ru{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://www.gosuslugⅰ.ru{P}", "www.gosuslugi.ru", WRITTEN), // Roman numeral
        ("https://www.gosusⅬugi.ru{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://www.ᵍᵒˢᵘˢˡᵘᵍⁱ.ru{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://www.gₒₛᵤₛₗᵤgᵢ.ru{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://www.gosuslug¹.ru{P}", "www.gosuslug1.ru", NAME),
        ("https://www.gosus\u{ad}lugi.ru{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://www.gosus\tlugi.ru{P}", "www.gosuslugi.ru", WRITTEN),
        ("https://gosuslugi.ru{P}", "gosuslugi.ru", "another host of the register's owner"),
        ("https://ww.gosuslugi.ru{P}", "ww.gosuslugi.ru", "another host of the register's owner"),
        ("https://a@www.gosuslugi.ru{P}", "www.gosuslugi.ru", "something stands before the host"),
        (" https://www.gosuslugi.ru{P}", "www.gosuslugi.ru", FORM),
        ("https:/www.gosuslugi.ru{P}", "www.gosuslugi.ru", FORM),
        ("https:\\\\www.gosuslugi.ru{P}", "www.gosuslugi.ru", FORM),
        ("//www.gosuslugi.ru{P}", "www.gosuslugi.ru", FORM),
        ("www.gosuslugi.ru{P}", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru{P}&x=1", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru{P}#", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/covid-cert/verify/9120?lang=ru", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/covid-cert/verify/912000000000000x?lang=ru&ck=0123456789abcdef0123456789abcdef", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/covid-cert/verify/9120000000000000", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/covid-cert/status/9120000000000000?lang=ru", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/vaccine/cert/verify/9120000000000000", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/vaccine/cert/verify/../../../x", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru//covid-cert/verify/9120000000000000", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/COVID-CERT/verify/9120000000000000", "www.gosuslugi.ru", FORM),
        ("https://www.gosuslugi.ru/covid%2Dcert/verify/9120000000000000", "www.gosuslugi.ru", FORM),
        // Names before the host, and addresses within addresses.
        ("https://www.gosuslugi.ru@evil.ru/", "evil.ru", BEFORE),
        ("https://www.gosuslugi.ru:443@evil.ru{P}", "evil.ru", BEFORE),
        ("https://www.gosuslugi.ru%2Fcovid-cert@evil.ru/", "evil.ru", BEFORE),
        ("https://www.gosuslugi.ru/@evil.ru{P}", "www.gosuslugi.ru", FORM),
        ("https://evil.ru\\@www.gosuslugi.ru{P}", "evil.ru", BORROWED),
        ("https://evil.ru\\.gosuslugi.ru/", "evil.ru", WITHIN),
        ("https://evil.ru#@www.gosuslugi.ru/", "evil.ru", WITHIN),
        ("https://evil.ru?www.gosuslugi.ru/", "evil.ru", WITHIN),
        ("https://evil.ru/www.gosuslugi.ru/", "evil.ru", WITHIN),
        ("https://evil.ru/?u=https://www.gosuslugi.ru/", "evil.ru", WITHIN),
        ("https://www.google.com/url?q=https%3A%2F%2Fwww.gosuslugi.ru%2F", "www.google.com", WITHIN),
        ("https://evil.ru/?u=www%252Egosuslugi%252Eru", "evil.ru", WITHIN),
        ("https://evil.ru/?u=https://www.gоsuslugi.ru/", "evil.ru", WITHIN), // Cyrillic о
        ("javascript:location='https://www.gosuslugi.ru/'", "location='https", WITHIN),
        // The path alone.
        ("https://evil.ru{P}", "evil.ru", BORROWED),
        ("https://cov-cert.example/COVID-CERT/STATUS/b3f1c9de", "cov-cert.example", BORROWED),
        ("https://evil.ru/vaccine/cert/verify/b3f1c9de", "evil.ru", BORROWED),
        ("https://evil.ru/x/covid_cert/verify/9120", "evil.ru", BORROWED),
        ("https://evil.ru/covid%2Dcert%2Fverify%2F9120", "evil.ru", BORROWED),
        ("http://3232235777/covid-cert/verify/9120", "3232235777", BORROWED),
        ("https://covid-pass.ru/covid-cert/verify?id=9120", "covid-pass.ru", BORROWED),
        ("https://covid-pass.ru/covid-cert/status#b3f1c9de", "covid-pass.ru", BORROWED),
        ("https://covid-pass.ru/vaccine/cert/verify", "covid-pass.ru", BORROWED),
        ("https://covid-pass.ru/covid-cert/9120000000000000", "covid-pass.ru", BORROWED),
        // Within other text.
        ("Сертификат: https://www.gosuslugl.ru{P}", "www.gosuslugl.ru", NAME),
        ("Certificate: https://www.gosuslugl.ru/", "www.gosuslugl.ru", NAME),
        ("Сертификат:https://evil.ru{P}", "evil.ru", BORROWED),
        ("https here: https://a.example, https://evil.ru{P} ", "evil.ru", BORROWED),
        ("Сертификат: https://www.gosuslugi.ru{P}", "www.gosuslugi.ru", FORM),
        ("BEGIN:VCARD\r\nFN:A\r\nURL:https://gosuslugl.ru{P}\r\nEND:VCARD", "gosuslugl.ru", NAME),
        ("http://[2001:db8::1]/covid-cert/verify/9120", "[2001:db8::1]", BORROWED),
        ("http://[2001:db8::1]:81/covid-cert/verify/9120", "[2001:db8::1]:81", BORROWED),
    ];
    for (text, leads_to, fault) in table {
        let text = text.replace("{P}", PATH);
        assert_eq!(forged(&text), (leads_to.to_owned(), fault), "{text}");
    }
}

#[test]
fn ordinary_links_are_no_look_alikes() {
    for text in [
        "https://www.gosuslugi.ru/",
        "https://www.gosuslugi.ru/help",
        "HTTPS://WWW.GOSUSLUGI.RU",
        "http://gosuslugi.ru",
        "https://esia.gosuslugi.ru/login",
        "https://www.gosuslugi.ru/600157/1/form",
        "https://example.org/",
        "https://example.org/covid-cert/",
        "https://example.org/covid-cert/verifying",
        "https://example.org/covid-cert/2021",
        "https://www.gosuslugi.ru/help/faq/covid-certificate",
        "https://www.gosuslugi.ru/help/my-covid-cert",
        "https://www.gosuslugi.ru/help/vaccine/certificates",
        "Сайт: https://www.gosuslugi.ru/",
        "Menu: https://example.org/covid",
        "BEGIN:VCARD\nURL:https://www.gosuslugi.ru\nEND:VCARD",
        "otpauth://totp/gosuslugi:a?secret=ABC",
        "://",
        "a ://",
        "https://example.org/certificates/verify/9120",
        "https://www.google.com/search?q=certificate",
        "https://ru.wikipedia.org/wiki/Единый_портал_госуслуг",
        "https://news.example/2021/gosuslugi-is-down",
        "https://user@example.org:8080/path?x=1#y",
        "https://uslugi.mos.ru/",
        "https://mosreg.ru/uslugi",
        "https://goslitmuz.ru/",
        "https://logos.example/gi",
        "https://django-slugify.example/",
        "https://legacy-plugin.example/",
        "https://xn--e1afmkfd.xn--p1ai/",
        "https://xn--mnchen-3ya.de/covid",
        "https://xn--/",
        "mailto:info@gosuslugi.example",
        "https://",
        "https:",
        "//",
        "http://[",
        "www.example.org",
        "example.org:8080/x",
        "Visit gosuslugi.ru today",
        "gosuslugi",
        "госуслуги",
        "4006381333931",
        "WIFI:T:WPA;S:gosuslugi;P:x;;",
        "",
    ] {
        assert_eq!(judge(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn whatever_is_not_one_of_the_three_shapes_is_never_the_registers(
        at: prop::sample::Index, take in 0_usize..3, put in "\\PC{0,3}"
    ) {
        let link = format!("https://www.gosuslugi.ru{PATH}");
        let start = at.index(link.len());
        let changed = format!("{}{put}{}", &link[..start], &link[(start + take).min(link.len())..]);
        let is_online = matches!(judge(&changed), Some(Stop::CannotTell(_)));
        // A change within number, language or check code gives another link of the same shape.
        let origin = ORIGIN.len() + "/covid-cert/verify/".len();
        prop_assert!(!is_online || changed == link || start >= origin, "{changed}");
        prop_assert!(!is_online || changed.is_ascii() && changed.len() == link.len(), "{changed}");
    }

    #[test]
    fn one_wrong_letter_in_the_host_is_told(at in 0_usize..9, letter in "[a-z0-9а-я]") {
        let name = "gosuslugi";
        let host = format!("www.{}{letter}{}.ru", &name[..at], &name[at + 1..]);
        prop_assume!(host != HOST);
        forged(&format!("https://{host}{PATH}"));
    }

    #[test]
    fn no_text_panics(text: String, scheme in "(https?:)?[/\\\\]{0,3}", host in "[a-z%@:.\\[\\]а-я-]{0,30}") {
        judge(&text);
        judge(&format!("{scheme}{host}{text}"));
        judge(&format!("{scheme}xn--{host}{text}"));
    }
}
