//! ZBar: the system's library.
#![allow(unsafe_code, reason = "ZBar is C; every call into it is in this file")]

use std::ffi::{c_char, c_int, c_uint, c_ulong, c_void};
use std::ptr::{NonNull, null_mut};
use std::time::Duration;

use crate::picture::Picture;
use crate::reader::{Engine, Reader, timed};
use crate::score::Found;

/// Constants of `zbar.h`.
const ALL_SYMBOLS: c_int = 0;
const QRCODE: c_int = 64;
const ENABLE: c_int = 0;
const TEST_INVERTED: c_int = 0x81;
/// Eight-bit luma, as a code of four characters.
const Y800: c_ulong = u32::from_le_bytes(*b"Y800") as c_ulong;

#[link(name = "zbar")]
unsafe extern "C" {
    fn zbar_version(major: *mut c_uint, minor: *mut c_uint, patch: *mut c_uint) -> c_int;
    fn zbar_image_scanner_create() -> *mut c_void;
    fn zbar_image_scanner_destroy(scanner: *mut c_void);
    fn zbar_image_scanner_set_config(
        scanner: *mut c_void,
        symbology: c_int,
        key: c_int,
        value: c_int,
    ) -> c_int;
    fn zbar_scan_image(scanner: *mut c_void, image: *mut c_void) -> c_int;
    fn zbar_image_create() -> *mut c_void;
    fn zbar_image_destroy(image: *mut c_void);
    fn zbar_image_set_format(image: *mut c_void, format: c_ulong);
    fn zbar_image_set_size(image: *mut c_void, width: c_uint, height: c_uint);
    fn zbar_image_set_data(
        image: *mut c_void,
        data: *const c_void,
        length: c_ulong,
        cleanup: Option<extern "C" fn(*mut c_void)>,
    );
    fn zbar_image_first_symbol(image: *const c_void) -> *const c_void;
    fn zbar_symbol_next(symbol: *const c_void) -> *const c_void;
    fn zbar_symbol_get_data(symbol: *const c_void) -> *const c_char;
    fn zbar_symbol_get_data_length(symbol: *const c_void) -> c_uint;
    fn zbar_symbol_get_loc_size(symbol: *const c_void) -> c_uint;
    fn zbar_symbol_get_loc_x(symbol: *const c_void, index: c_uint) -> c_int;
    fn zbar_symbol_get_loc_y(symbol: *const c_void, index: c_uint) -> c_int;
}

pub fn readers() -> Vec<Reader> {
    let hard = format!("{}, testing inverted, too", version());
    vec![
        Reader::new("zbar", version(), || Box::new(Zbar::new(false))),
        Reader::new("zbar-hard", hard, || Box::new(Zbar::new(true))),
    ]
}

fn version() -> String {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: three valid places to write to.
    unsafe { zbar_version(&raw mut major, &raw mut minor, &raw mut patch) };
    format!("ZBar {major}.{minor}.{patch}")
}

struct Zbar(NonNull<c_void>);

impl Zbar {
    fn new(hard: bool) -> Self {
        // SAFETY: creates a scanner of its own; it is checked before use.
        let scanner = NonNull::new(unsafe { zbar_image_scanner_create() }).expect("memory for a scanner");
        for (symbology, key, value) in
            [(ALL_SYMBOLS, ENABLE, 0), (QRCODE, ENABLE, 1), (ALL_SYMBOLS, TEST_INVERTED, c_int::from(hard))]
        {
            // SAFETY: the scanner is alive; unknown settings are refused by a return value.
            let refused = unsafe { zbar_image_scanner_set_config(scanner.as_ptr(), symbology, key, value) };
            assert_eq!(refused, 0, "ZBar refuses a setting");
        }
        Self(scanner)
    }
}

impl Drop for Zbar {
    fn drop(&mut self) {
        // SAFETY: created in `new`, destroyed once.
        unsafe { zbar_image_scanner_destroy(self.0.as_ptr()) };
    }
}

impl Engine for Zbar {
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
        timed(|| {
            let (width, height) = (picture.width as c_uint, picture.height as c_uint);
            let data: *const c_void = picture.luma.as_ptr().cast();
            // SAFETY: the luma outlives the image, holds width × height bytes, and ZBar does not free it without a
            // clean-up function. The symbols are used up before the image that holds them is destroyed.
            unsafe {
                let image = zbar_image_create();
                zbar_image_set_format(image, Y800);
                zbar_image_set_size(image, width, height);
                zbar_image_set_data(image, data, picture.luma.len() as c_ulong, None);
                zbar_scan_image(self.0.as_ptr(), image);
                let first = zbar_image_first_symbol(image);
                let symbols = std::iter::successors(NonNull::new(first.cast_mut()), |symbol| {
                    NonNull::new(zbar_symbol_next(symbol.as_ptr()).cast_mut())
                });
                let found = symbols.map(found).collect();
                zbar_image_set_data(image, null_mut(), 0, None);
                zbar_image_destroy(image);
                found
            }
        })
    }
}

fn found(symbol: NonNull<c_void>) -> Found {
    let symbol = symbol.as_ptr();
    // SAFETY: the symbol belongs to an image that is alive; its data is as long as it says, its points are numbered.
    unsafe {
        let length = zbar_symbol_get_data_length(symbol) as usize;
        let bytes = std::slice::from_raw_parts(zbar_symbol_get_data(symbol).cast::<u8>(), length);
        let point = |i| [zbar_symbol_get_loc_x(symbol, i) as f32, zbar_symbol_get_loc_y(symbol, i) as f32];
        let corners: Vec<_> = (0..zbar_symbol_get_loc_size(symbol)).map(point).collect();
        Found::new(std::str::from_utf8(bytes).ok().map(str::to_owned), &corners)
    }
}
