//! A register of people in; signed passes out, as text, PNG, SVG and PDF.
