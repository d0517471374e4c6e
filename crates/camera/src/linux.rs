//! Cameras on Linux: V4L2.
//!
//! Formats and rates are chosen from the list and set here, whatever another program left behind. Waiting is by
//! `poll`, so no call hangs on a silent camera; a frame is as long as the driver says, and one that the driver
//! marks as damaged is dropped.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use v4l::buffer::{Flags, Type};
use v4l::capability::Flags as Capabilities;
use v4l::format::FourCC;
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::io::mmap::Stream as MmapStream;
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::video::Capture;
use v4l::{Format, Fraction};

use crate::capture::{self, Device, Fault, Shot};
use crate::mode::{self, Mode};
use crate::{MAX_SIDE, Picture, Running, jpeg};

/// The system's cameras.
pub(crate) struct Cameras;

/// A camera that streams.
pub(crate) struct Stream {
    stream: MmapStream<'static>,
    format: Format,
}

/// Buffers between the driver and us: one in our hands, the others with the driver.
const BUFFERS: u32 = 4;

pub(crate) fn devices() -> Vec<Device> {
    let Ok(entries) = fs::read_dir("/dev") else { return Vec::new() };
    let number = |entry: io::Result<fs::DirEntry>| {
        entry.ok()?.file_name().to_str()?.strip_prefix("video")?.parse::<u32>().ok()
    };
    let mut numbers: Vec<u32> = entries.filter_map(number).collect();
    numbers.sort_unstable();
    numbers.into_iter().filter_map(device).collect()
}

impl capture::Cameras for Cameras {
    type Stream = Stream;

    fn devices(&mut self) -> Vec<Device> {
        devices()
    }

    fn open(&mut self, device: &Device) -> Result<(Stream, Running), Fault> {
        let handle = v4l::Device::with_path(&device.path)?;
        let wanted = mode::best(&modes(&handle)).copied();
        let wanted = wanted.ok_or_else(|| Fault::Other("it has no picture format known here".to_owned()))?;
        let format = set(&handle, wanted)?;
        let stream = start(&handle)?;
        let running = Running {
            device: device.name.clone(),
            path: device.path.clone(),
            width: format.width,
            height: format.height,
            fps: rate(&handle).unwrap_or(wanted.rate()),
            format: format.fourcc.to_string(),
        };
        Ok((Stream { stream, format }, running))
    }
}

impl capture::Stream for Stream {
    fn next(&mut self, wait: Duration) -> Result<Option<Shot>, Fault> {
        match self.stream.handle().poll(POLLIN, wait.as_millis() as i32) {
            Ok(0) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(None),
            ready => ready?,
        };
        let (buffer, about) = CaptureStream::next(&mut self.stream)?;
        if about.flags.contains(Flags::ERROR) {
            return Ok(None);
        }
        let data = &buffer[..buffer.len().min(about.bytesused as usize)];
        let shot = |picture| Shot { width: self.format.width, height: self.format.height, picture };
        Ok(picture(data, &self.format).map(shot))
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.raw_os_error() {
            Some(ENOENT | ENXIO | ENODEV) => Fault::Gone,
            Some(EPERM | EACCES) => Fault::NoPermission,
            Some(EBUSY) => Fault::Busy,
            _ => Fault::Other(error.to_string()),
        }
    }
}

/// Numbers of `errno.h` and `poll.h`.
const EPERM: i32 = 1;
const ENOENT: i32 = 2;
const ENXIO: i32 = 6;
const EACCES: i32 = 13;
const EBUSY: i32 = 16;
const ENODEV: i32 = 19;
const POLLIN: i16 = 1;

/// `/dev/videoN`, if it is a camera, not its metadata or anything else.
fn device(number: u32) -> Option<Device> {
    let path = format!("/dev/video{number}");
    let about = format!("/sys/class/video4linux/video{number}");
    let read = |file: &str| fs::read(Path::new(&about).join(file)).ok();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
    let is_camera = match capabilities(&path).map_err(Fault::from) {
        Ok(capabilities) => capabilities.contains(Capabilities::VIDEO_CAPTURE | Capabilities::STREAMING),
        // A camera's first node carries the pictures.
        Err(Fault::NoPermission) => read("index").map(text).as_deref() == Some("0"),
        Err(_) => false,
    };
    if !is_camera {
        return None;
    }
    let socket = fs::canonicalize(Path::new(&about).join("device")).ok();
    let id = match socket.as_deref().and_then(Path::to_str) {
        // Several nodes may belong to one socket.
        Some(socket) => format!("{}#{}", socket, read("index").map(text).unwrap_or_default()),
        None => path.clone(),
    };
    let name = read("name").map(text).filter(|name| !name.is_empty());
    let name = name.map_or_else(|| path.clone(), |name| once(&name).to_owned());
    Some(Device { id, name, path })
}

/// USB cameras are called `product: interface`, with the same words twice where nobody named the interface.
fn once(name: &str) -> &str {
    match name.split_once(": ") {
        Some((product, interface)) if product.starts_with(interface) => product,
        _ => name,
    }
}

/// What one node can do. (`v4l` has this too, but panics on a name that the kernel cut inside a character.)
#[allow(unsafe_code)]
fn capabilities(path: &str) -> io::Result<Capabilities> {
    let handle = v4l::Device::with_path(path)?.handle();
    // SAFETY: VIDIOC_QUERYCAP fills the structure of this very layout; every bit pattern of it is valid.
    let answer = unsafe {
        let mut answer: v4l::v4l_sys::v4l2_capability = std::mem::zeroed();
        v4l::v4l2::ioctl(handle.fd(), v4l::v4l2::vidioc::VIDIOC_QUERYCAP, (&raw mut answer).cast())?;
        answer
    };
    Ok(Capabilities::from(answer.device_caps))
}

/// Every format, size and rate of a camera that we could use.
fn modes(handle: &v4l::Device) -> Vec<Mode> {
    let offered: Vec<FourCC> =
        handle.enum_formats().unwrap_or_default().into_iter().map(|format| format.fourcc).collect();
    let known = mode::FORMATS.into_iter().filter(|fourcc| offered.iter().any(|offer| offer.repr == *fourcc));
    known.flat_map(|fourcc| modes_of(handle, fourcc)).collect()
}

fn modes_of(handle: &v4l::Device, fourcc: [u8; 4]) -> Vec<Mode> {
    let sizes = handle.enum_framesizes(FourCC { repr: fourcc }).unwrap_or_default();
    let mut sizes: Vec<(u32, u32)> = sizes.into_iter().map(|size| nearest(&size.size)).collect();
    if sizes.is_empty() {
        // A driver that has no list changes what we ask for into what it can do.
        sizes.push(mode::IDEAL);
    }
    sizes.retain(|&(width, height)| width.max(height) as usize <= MAX_SIDE);
    let mode =
        |(width, height)| Mode { fourcc, width, height, interval: shortest(handle, fourcc, width, height) };
    sizes.into_iter().map(mode).collect()
}

fn nearest(size: &FrameSizeEnum) -> (u32, u32) {
    let step = |ideal: u32, least: u32, most: u32, step: u32| {
        let ideal = ideal.clamp(least, most.max(least));
        least + (ideal - least) / step.max(1) * step.max(1)
    };
    match size {
        FrameSizeEnum::Discrete(size) => (size.width, size.height),
        FrameSizeEnum::Stepwise(range) => (
            step(mode::IDEAL.0, range.min_width, range.max_width, range.step_width),
            step(mode::IDEAL.1, range.min_height, range.max_height, range.step_height),
        ),
    }
}

/// The shortest time between two pictures; a thirtieth of a second where the driver does not tell.
fn shortest(handle: &v4l::Device, fourcc: [u8; 4], width: u32, height: u32) -> (u32, u32) {
    let intervals = handle.enum_frameintervals(FourCC { repr: fourcc }, width, height).unwrap_or_default();
    let fraction = |interval: FrameIntervalEnum| match interval {
        FrameIntervalEnum::Discrete(fraction) => fraction,
        FrameIntervalEnum::Stepwise(range) => range.min,
    };
    let fractions = intervals.into_iter().map(|interval| fraction(interval.interval));
    let usable = fractions.filter(|fraction| fraction.numerator > 0 && fraction.denominator > 0);
    let seconds = |fraction: &Fraction| f64::from(fraction.numerator) / f64::from(fraction.denominator);
    let shortest = usable.min_by(|a, b| seconds(a).total_cmp(&seconds(b)));
    shortest.map_or((1, 30), |fraction| (fraction.numerator, fraction.denominator))
}

/// Sets format, size and rate; the answer is what the camera will really send.
fn set(handle: &v4l::Device, mode: Mode) -> Result<Format, Fault> {
    let fourcc = FourCC { repr: mode.fourcc };
    let format = handle.set_format(&Format::new(mode.width, mode.height, fourcc))?;
    let size = format.width.max(format.height) as usize;
    if format.fourcc != fourcc || size == 0 || size > MAX_SIDE {
        return Err(Fault::Other(format!("it answers {fourcc} with {} {size}", format.fourcc)));
    }
    let interval = Fraction::new(mode.interval.0, mode.interval.1);
    match handle.set_params(&v4l::video::capture::Parameters::new(interval)).map_err(Fault::from) {
        Err(fault @ (Fault::Busy | Fault::Gone)) => Err(fault),
        // Some drivers have one rate and no way to set it.
        _ => Ok(format),
    }
}

fn rate(handle: &v4l::Device) -> Option<f32> {
    let interval = handle.params().ok()?.interval;
    (interval.numerator > 0).then(|| interval.denominator as f32 / interval.numerator as f32)
}

/// Buffers but the first go to the driver here; the first follows in the first `next`, which takes it for one
/// that was looked at. So `poll` may come before it.
fn start(handle: &v4l::Device) -> Result<MmapStream<'static>, Fault> {
    let mut stream = MmapStream::with_buffers(handle, Type::VideoCapture, BUFFERS)?;
    // Never used up: `poll` has said that a frame is there.
    stream.set_timeout(Duration::from_secs(1));
    CaptureStream::queue(&mut stream, 1)?;
    for index in 2..BUFFERS as usize {
        // A driver may give fewer buffers than asked for.
        let _ = CaptureStream::queue(&mut stream, index);
    }
    stream.start()?;
    Ok(stream)
}

fn picture(data: &[u8], format: &Format) -> Option<Picture> {
    let (width, height, stride) = (format.width as usize, format.height as usize, format.stride as usize);
    match &format.fourcc.repr {
        b"MJPG" => jpeg::whole(data).map(Picture::Jpeg),
        b"YUYV" => packed(data, width * 2, height, stride).map(Picture::Yuyv),
        b"NV12" => packed(data, width, height + height.div_ceil(2), stride).map(Picture::Nv12),
        b"GREY" => packed(data, width, height, stride).map(Picture::Luma),
        _ => None,
    }
}

/// `rows` rows of `width` bytes each, without the gaps that some drivers leave between them.
fn packed(data: &[u8], width: usize, rows: usize, stride: usize) -> Option<Vec<u8>> {
    if stride <= width {
        return data.get(..width * rows).map(<[u8]>::to_vec);
    }
    let rows = (0..rows).map(|row| data.get(row * stride..row * stride + width));
    rows.collect::<Option<Vec<_>>>().map(|rows| rows.concat())
}
