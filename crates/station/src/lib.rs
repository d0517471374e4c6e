//! One device: its trust, its log, and what happens to a text that is submitted to it.
