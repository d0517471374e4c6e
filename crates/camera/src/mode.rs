//! Which of a camera's formats, sizes and rates to use.

/// One way in which a camera can send pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mode {
    pub(crate) fourcc: [u8; 4],
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Time from one picture to the next: a fraction of a second.
    pub(crate) interval: (u32, u32),
}

/// The size at which a dense code held at arm's length has four pixels a module; larger ones only cost time.
pub(crate) const IDEAL: (u32, u32) = (1280, 720);

/// Below so many pictures a second the preview feels stuck, whatever its size.
const LEAST_RATE: f32 = 10.0;

/// More pictures a second help nobody to read a code.
const MOST_RATE: f32 = 30.0;

/// Formats that [`crate::Picture`] can hold, best first: JPEG goes to the page as it is and costs little USB
/// bandwidth, so most cameras reach their best rates with it.
pub(crate) const FORMATS: [[u8; 4]; 4] = [*b"MJPG", *b"YUYV", *b"NV12", *b"GREY"];

impl Mode {
    /// Pictures per second.
    pub(crate) fn rate(&self) -> f32 {
        self.interval.1 as f32 / self.interval.0.max(1) as f32
    }

    fn distance(&self) -> u32 {
        self.width.abs_diff(IDEAL.0) + self.height.abs_diff(IDEAL.1)
    }

    fn preference(&self) -> Option<usize> {
        FORMATS.iter().position(|fourcc| *fourcc == self.fourcc)
    }
}

/// Rates high enough come first, then the size nearest to the ideal one, then the best rate, then the format.
pub(crate) fn best(modes: &[Mode]) -> Option<&Mode> {
    let rank = |mode: &Mode| {
        let rate = mode.rate().min(MOST_RATE);
        let missing = (LEAST_RATE - rate).max(0.0);
        (per_mille(missing), mode.distance(), per_mille(MOST_RATE - rate), mode.preference())
    };
    modes.iter().filter(|mode| mode.preference().is_some()).min_by_key(|mode| rank(mode))
}

fn per_mille(rate: f32) -> u32 {
    (rate * 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(fourcc: &[u8; 4], width: u32, height: u32, fps: u32) -> Mode {
        Mode { fourcc: *fourcc, width, height, interval: (2, fps * 2) }
    }

    #[track_caller]
    fn check(modes: &[Mode], expected: usize) {
        assert_eq!(best(modes), Some(&modes[expected]));
        let reversed: Vec<Mode> = modes.iter().rev().copied().collect();
        assert_eq!(best(&reversed), Some(&modes[expected]), "the order of the list does not matter");
    }

    #[test]
    fn jpeg_at_720p_comes_before_a_slower_raw_720p() {
        check(&[mode(b"YUYV", 640, 480, 30), mode(b"YUYV", 1280, 720, 10), mode(b"MJPG", 1280, 720, 30)], 2);
    }

    #[test]
    fn a_smaller_picture_comes_before_a_slide_show() {
        check(&[mode(b"YUYV", 1280, 720, 5), mode(b"YUYV", 640, 480, 30)], 1);
    }

    #[test]
    fn ten_pictures_a_second_are_enough_for_720p() {
        check(&[mode(b"YUYV", 1280, 720, 10), mode(b"YUYV", 640, 480, 30)], 0);
    }

    #[test]
    fn full_hd_is_left_to_others() {
        check(&[mode(b"MJPG", 1920, 1080, 30), mode(b"MJPG", 1280, 720, 30), mode(b"MJPG", 640, 480, 60)], 1);
    }

    #[test]
    fn an_infrared_camera_without_colour_is_used() {
        check(&[mode(b"GREY", 640, 360, 15)], 0);
    }

    #[test]
    fn a_rate_that_is_no_whole_number_is_used() {
        let only = Mode { fourcc: *b"YUYV", width: 640, height: 480, interval: (2, 15) };
        assert_eq!(best(&[only]), Some(&only));
    }

    #[test]
    fn formats_that_nobody_here_decodes_are_left_out() {
        assert_eq!(best(&[mode(b"H264", 1280, 720, 30)]), None);
    }
}
