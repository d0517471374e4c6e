//! Cameras on macOS and Windows: nokhwa.
//!
//! Its calls cannot be given a time limit; the watching thread notices one that hangs and gives the thread up.

use std::time::Duration;

use nokhwa::pixel_format::RgbFormat;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
};
use nokhwa::{Camera, NokhwaError};

use crate::capture::{self, Device, Fault, Shot};
use crate::mode::{self, Mode};
use crate::{Picture, Running, jpeg};

/// The system's cameras.
pub(crate) struct Cameras;

/// A camera that streams.
pub(crate) struct Stream(Camera);

pub(crate) fn devices() -> Vec<Device> {
    let mut devices: Vec<Device> =
        nokhwa::query(ApiBackend::Auto).unwrap_or_default().iter().map(device).collect();
    devices.sort_by(|a, b| a.path.cmp(&b.path));
    devices
}

impl capture::Cameras for Cameras {
    type Stream = Stream;

    fn devices(&mut self) -> Vec<Device> {
        devices()
    }

    fn open(&mut self, device: &Device) -> Result<(Stream, Running), Fault> {
        let index =
            device.path.parse().map_or_else(|_| CameraIndex::String(device.path.clone()), CameraIndex::Index);
        let any = RequestedFormat::new::<RgbFormat>(RequestedFormatType::None);
        let mut camera = Camera::new(index, any).map_err(fault)?;
        // The list is chosen from here: what nokhwa finds closest may fail although a close mode exists.
        let offered = camera.compatible_camera_formats().map_err(fault)?;
        let modes: Vec<Mode> = offered.iter().filter_map(mode).collect();
        if let Some(best) = mode::best(&modes)
            && let Some(format) = offered.iter().find(|format| mode(format).as_ref() == Some(best))
        {
            let exact = RequestedFormatType::Exact(*format);
            camera
                .set_camera_requset(RequestedFormat::with_formats(exact, &[format.format()]))
                .map_err(fault)?;
        }
        camera.open_stream().map_err(fault)?;
        let format = camera.camera_format();
        let running = Running {
            device: device.name.clone(),
            path: device.path.clone(),
            width: format.width(),
            height: format.height(),
            fps: format.frame_rate() as f32,
            format: format.format().to_string(),
        };
        Ok((Stream(camera), running))
    }
}

impl capture::Stream for Stream {
    fn next(&mut self, _wait: Duration) -> Result<Option<Shot>, Fault> {
        let frame = self.0.frame().map_err(fault)?;
        let (size, data) = (frame.resolution(), frame.buffer());
        let pixels = size.width() as usize * size.height() as usize;
        let raw = |bytes: usize| data.get(..bytes).map(<[u8]>::to_vec);
        let picture = match frame.source_frame_format() {
            FrameFormat::MJPEG => jpeg::whole(data).map(Picture::Jpeg),
            FrameFormat::YUYV => raw(pixels * 2).map(Picture::Yuyv),
            FrameFormat::NV12 => raw(pixels * 3 / 2).map(Picture::Nv12),
            FrameFormat::GRAY => raw(pixels).map(Picture::Luma),
            FrameFormat::RAWRGB => raw(pixels * 3).map(Picture::Rgb),
            FrameFormat::RAWBGR => raw(pixels * 3).map(swapped).map(Picture::Rgb),
        };
        Ok(picture.map(|picture| Shot { width: size.width(), height: size.height(), picture }))
    }
}

fn device(info: &nokhwa::utils::CameraInfo) -> Device {
    let path = match info.index() {
        CameraIndex::Index(index) => index.to_string(),
        CameraIndex::String(index) => index.clone(),
    };
    let name = info.human_name();
    // macOS and Windows name the socket in what nokhwa calls "misc".
    let id = if info.misc().is_empty() { format!("{name}#{path}") } else { info.misc() };
    Device { id, name, path }
}

fn mode(format: &CameraFormat) -> Option<Mode> {
    let fourcc = match format.format() {
        FrameFormat::MJPEG => *b"MJPG",
        FrameFormat::YUYV => *b"YUYV",
        FrameFormat::NV12 => *b"NV12",
        FrameFormat::GRAY => *b"GREY",
        FrameFormat::RAWRGB | FrameFormat::RAWBGR => return None,
    };
    let interval = (1, format.frame_rate());
    Some(Mode { fourcc, width: format.width(), height: format.height(), interval })
}

/// nokhwa hands on the system's words only.
fn fault(error: NokhwaError) -> Fault {
    let text = error.to_string();
    let says = |words: &[&str]| words.iter().any(|word| text.to_lowercase().contains(word));
    if says(&["permission", "denied", "not authorized", "0x80070005"]) {
        Fault::NoPermission
    } else if says(&["in use", "busy", "lock", "0xc00d3704", "0x80070020"]) {
        Fault::Busy
    } else if says(&["no such device", "disconnected", "not found", "0xc00d3ea2"]) {
        Fault::Gone
    } else {
        Fault::Other(text)
    }
}

fn swapped(mut pixels: Vec<u8>) -> Vec<u8> {
    for pixel in pixels.chunks_exact_mut(3) {
        pixel.swap(0, 2);
    }
    pixels
}
