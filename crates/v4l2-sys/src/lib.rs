//! The kernel's V4L2 structures (`linux/videodev2.h`), for the `v4l` crate.
//!
//! `bindings.rs` was generated on Linux 6.1's header by bindgen 0.72, with an allowlist of what `v4l` 0.14 and
//! `nokhwa-bindings-linux` 0.1 name; the crate that this one stands in for does the same at every build and needs
//! libclang for it. Each structure carries its layout as assertions that the compiler checks; they hold on 64-bit
//! Linux (x86-64 and aarch64 alike), and a 32-bit build stops there instead of handing the kernel a wrong structure.
//!
//! To generate anew: `bindgen` on a file that includes `linux/videodev2.h`, with `--no-doc-comments`,
//! `--blocklist-type 'v4l2_ctrl_.*'`, the structures of `bindings.rs` as `--allowlist-type` and its constants as
//! `--allowlist-var`. The parameter blocks of stateless codecs (`v4l2_ctrl_*`) appear behind pointers only and stay
//! without a definition.

#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals, missing_docs, clippy::all)]
#![cfg(target_os = "linux")]

/// Declares structures that are only ever pointed to.
macro_rules! opaque {
    ($($name:ident),* $(,)?) => { $(
        #[repr(C)]
        pub struct $name { _opaque: [u8; 0] }
    )* };
}

opaque! {
    v4l2_ctrl_fwht_params,
    v4l2_ctrl_h264_decode_params,
    v4l2_ctrl_h264_pps,
    v4l2_ctrl_h264_pred_weights,
    v4l2_ctrl_h264_scaling_matrix,
    v4l2_ctrl_h264_slice_params,
    v4l2_ctrl_h264_sps,
    v4l2_ctrl_hevc_decode_params,
    v4l2_ctrl_hevc_pps,
    v4l2_ctrl_hevc_scaling_matrix,
    v4l2_ctrl_hevc_slice_params,
    v4l2_ctrl_hevc_sps,
    v4l2_ctrl_mpeg2_picture,
    v4l2_ctrl_mpeg2_quantisation,
    v4l2_ctrl_mpeg2_sequence,
    v4l2_ctrl_vp8_frame,
    v4l2_ctrl_vp9_compressed_hdr,
    v4l2_ctrl_vp9_frame,
}

include!("bindings.rs");
