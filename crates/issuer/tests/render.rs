//! Pictures: a decoder of other people's reads them back.

mod common;

use common::{NOW, authority, recovery, test, vaccination};
use issuer::render::{MAX_SCALE, MAX_TEXT, Sheet, pdf, png, svg, version};
use issuer::{Algorithm, Error, Record};

/// Pixels of a PNG, and its width.
fn pixels(file: &[u8]) -> (usize, Vec<bool>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::One));
    let width = info.width as usize;
    assert_eq!(info.width, info.height);
    let row = width.div_ceil(8);
    let white = (0..width * width)
        .map(|at| bytes[at / width * row + at % width / 8] >> (7 - at % width % 8) & 1 == 1);
    (width, white.collect())
}

fn read(width: usize, white: &[bool]) -> Vec<String> {
    let shade = |x: usize, y: usize| if white[y * width + x] { 255 } else { 0 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, shade);
    image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[test]
fn png_is_read_back_at_every_scale() {
    let authority = authority(Algorithm::EdDsa);
    for record in [vaccination(), test(), recovery()] {
        let text = authority.issue(&record, 1, NOW).unwrap();
        for scale in [2, 3, 4, 8] {
            let (width, white) = pixels(&png(&text, scale).unwrap());
            assert_eq!(read(width, &white), [text.as_str()], "scale {scale}");
        }
    }
}

#[test]
fn png_has_a_quiet_zone_of_four_modules() {
    for scale in [1, 5, MAX_SCALE] {
        let (width, white) = pixels(&png("HC1:TEST", scale).unwrap());
        let quiet = 4 * scale as usize;
        let inside = |at: usize| (quiet..width - quiet).contains(&at);
        for (place, white) in white.iter().enumerate() {
            assert!(*white || inside(place % width) && inside(place / width), "{place}");
        }
        assert!(!white[quiet * width + quiet], "the corner of the finder is dark");
    }
}

#[test]
fn svg_has_the_same_modules_as_png() {
    let text = authority(Algorithm::EdDsa).issue(&vaccination(), 1, NOW).unwrap();
    let (width, white) = pixels(&png(&text, 1).unwrap());
    let mut drawn = vec![true; width * width];
    let svg = svg(&text).unwrap();
    assert!(svg.contains(&format!("viewBox=\"0 0 {width} {width}\"")));
    let path = svg.rsplit("d=\"").next().unwrap().split('"').next().unwrap();
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> =
            run.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
        let [x, y, length, ..] = numbers[..] else { panic!("{run}") };
        drawn[y * width + x..y * width + x + length].fill(false);
    }
    assert_eq!(drawn, white);
}

#[test]
fn quartile_level_is_taken_where_it_is_free() {
    // ISO/IEC 18004 table 7: version 1 holds 16 alphanumeric characters at Q, 20 at M.
    assert_eq!(version(&"A".repeat(16)).unwrap(), (1, 'Q'));
    assert_eq!(version(&"A".repeat(17)).unwrap(), (1, 'M'));
    assert_eq!(version(&"A".repeat(21)).unwrap(), (2, 'Q'));
}

#[test]
fn what_does_not_fit_or_has_no_size_is_refused() {
    assert_eq!(version(&"A".repeat(MAX_TEXT)).unwrap(), (40, 'M'));
    let long = "A".repeat(MAX_TEXT + 1);
    assert_eq!(png(&long, 1), Err(Error::TooLongForQr(MAX_TEXT + 1)));
    assert_eq!(svg(&long), Err(Error::TooLongForQr(MAX_TEXT + 1)));
    for scale in [0, MAX_SCALE + 1] {
        assert!(matches!(png("A", scale), Err(Error::Field { field: "scale", .. })));
    }
}

#[test]
fn typical_pass_fits_a_code_that_cheap_cameras_read() {
    // A ceiling, so that a change that makes passes longer is noticed.
    for (record, kind) in [(vaccination(), "vaccination"), (test(), "test"), (recovery(), "recovery")] {
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
            let text = authority(algorithm).issue(&record, 8_999_999, NOW).unwrap();
            let (version, level) = version(&text).unwrap();
            assert!(version <= 17, "{kind} {algorithm:?}: {} characters, {version}-{level}", text.len());
        }
    }
}

fn sheet(record: &Record) -> Sheet {
    let authority = authority(Algorithm::EdDsa);
    Sheet::new(&authority, record, &authority.issue_pass(record, 1, NOW).unwrap())
}

fn pages(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    text.matches("/Type/Page/").count() + text.matches("/Type /Page\n").count()
}

#[test]
fn pdf_has_a_page_for_every_sheet_and_the_same_bytes_every_time() {
    let sheets: Vec<_> = [vaccination(), test(), recovery()].iter().map(sheet).collect();
    for count in 1..=3 {
        let file = pdf(&sheets[..count]).unwrap();
        assert!(file.starts_with(b"%PDF-1."));
        assert!(file.trim_ascii_end().ends_with(b"%%EOF"));
        assert_eq!(pages(&file), count);
        assert_eq!(file, pdf(&sheets[..count]).unwrap());
    }
}

#[test]
fn page_takes_any_name() {
    for name in ["", "王小明", "\u{202e}\u{0}", &"Ш".repeat(500), "e\u{301}", "🙂 გიორგი", "ﷺ"]
    {
        let sheet =
            Sheet { name: name.into(), issuer: name.into(), date_of_birth: name.into(), ..sheet(&test()) };
        assert_eq!(pages(&pdf(&[sheet]).unwrap()), 1);
    }
}

#[test]
fn page_says_what_the_pass_says() {
    let sheet = sheet(&vaccination());
    assert_eq!(
        (&*sheet.name, &*sheet.name_latin),
        ("Щербакова Юлия Сергеевна", "SHCHERBAKOVA IULIIA SERGEEVNA")
    );
    assert_eq!(sheet.date_of_birth, "17.03.1984");
    assert_eq!((sheet.valid_from, sheet.valid_until), (NOW, NOW + 365 * 86_400));
    let values: Vec<_> = sheet.facts.iter().map(|fact| fact.value.as_str()).collect();
    assert_eq!(values, ["Sputnik V", "2 / 2", "01.11.2026"]);
    assert!(sheet.demo);
}
