//! Trusted keys: signed, versioned sets, rolled forward only.
