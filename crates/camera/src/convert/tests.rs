use image::{ImageFormat, RgbImage};

use crate::{Frame, Picture};

fn frame(width: u32, height: u32, picture: Picture) -> Frame {
    Frame { seq: 0, width, height, picture }
}

/// What a browser would make of the preview.
fn shown(frame: &Frame) -> RgbImage {
    let preview = frame.preview().unwrap();
    assert_eq!(preview.mime, "image/bmp");
    image::load_from_memory_with_format(&preview.bytes, ImageFormat::Bmp).unwrap().to_rgb8()
}

#[track_caller]
fn check_luma(frame: &Frame, expected: &[u8]) {
    let mut luma = vec![1, 2, 3];
    assert_eq!(frame.luma(&mut luma), Some((frame.width as usize, frame.height as usize)));
    assert_eq!(luma, expected);
}

#[test]
fn luma_is_taken_out_of_every_format() {
    check_luma(&frame(2, 2, Picture::Luma(vec![1, 2, 3, 4])), &[1, 2, 3, 4]);
    check_luma(&frame(2, 2, Picture::Yuyv(vec![1, 0, 2, 0, 3, 0, 4, 0])), &[1, 2, 3, 4]);
    check_luma(&frame(2, 2, Picture::Nv12(vec![1, 2, 3, 4, 99, 99])), &[1, 2, 3, 4]);
    check_luma(&frame(2, 1, Picture::Rgb(vec![255, 255, 255, 0, 255, 0])), &[255, 149]);
}

#[test]
fn a_picture_shorter_than_it_says_is_dropped() {
    type Make = fn(Vec<u8>) -> Picture;
    let formats: [(Make, usize); 4] =
        [(Picture::Luma, 12), (Picture::Yuyv, 24), (Picture::Nv12, 20), (Picture::Rgb, 36)];
    for (make, length) in formats {
        let whole = frame(4, 3, make(vec![0; length]));
        assert!(whole.luma(&mut Vec::new()).is_some() && whole.preview().is_some(), "{length}");
        let short = frame(4, 3, make(vec![0; length - 1]));
        assert!(short.preview().is_none(), "{length}");
        let empty = frame(4, 3, make(Vec::new()));
        assert!(empty.luma(&mut Vec::new()).is_none(), "{length}");
        let endless = frame(u32::MAX, u32::MAX, make(vec![0; length]));
        assert!(endless.luma(&mut Vec::new()).is_none() && endless.preview().is_none(), "{length}");
    }
}

#[test]
fn a_jpeg_is_shown_as_it_came() {
    let jpeg = vec![0xff, 0xd8, 1, 2, 3];
    let frame = frame(4, 3, Picture::Jpeg(jpeg.clone()));
    let preview = frame.preview().unwrap();
    assert_eq!((preview.mime, &preview.bytes[..]), ("image/jpeg", &jpeg[..]));
}

#[test]
fn colours_reach_the_page() {
    // White, then saturated red, in video range (BT.601).
    let white_and_red = [([235, 128, 128], [255, 255, 255]), ([82, 90, 240], [255, 0, 0])];
    for ([y, u, v], expected) in white_and_red {
        let yuyv = frame(2, 2, Picture::Yuyv([y, u, y, v].repeat(2)));
        let nv12 = frame(2, 2, Picture::Nv12(vec![y, y, y, y, u, v]));
        let rgb = frame(2, 2, Picture::Rgb(expected.repeat(4)));
        for picture in [yuyv, nv12, rgb] {
            for pixel in shown(&picture).pixels() {
                let off = pixel.0.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max();
                assert!(off <= Some(2), "{pixel:?} for {expected:?}");
            }
        }
    }
}

#[test]
fn a_bitmap_keeps_its_rows_in_order_and_is_scaled_down() {
    let luma: Vec<u8> = (0..1300 * 4).map(|i| (i / 1300 * 60) as u8).collect();
    let shown = shown(&frame(1300, 4, Picture::Luma(luma)));
    assert_eq!(shown.dimensions(), (433, 1));
    let small = (0..9).map(|i| i * 20).collect();
    let shown = self::shown(&frame(3, 3, Picture::Luma(small)));
    assert_eq!(shown.get_pixel(1, 2).0, [140; 3]);
}
