//! Sources of frames: real cameras behind a watchdog, and the demo camera.
