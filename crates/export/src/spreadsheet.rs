//! Cells that no spreadsheet reckons with.

/// Beginning with these, a cell can be taken for a formula by a spreadsheet (OWASP, CSV Injection); the
/// last four are the full-width forms of the first.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The cell as text that no spreadsheet reckons with.
pub fn defused(cell: String) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell }
}

/// The cell as it was before it was [`defused`].
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

/// Digits in hexadecimal as no number: some are one to a spreadsheet (12345678, 1e234567).
pub fn digits(hex: &str) -> String {
    format!("{DIGITS}{hex}")
}

/// The digits of what [`digits`] made.
pub fn plain_digits(cell: &str) -> Option<&str> {
    cell.strip_prefix(DIGITS)
}

const DIGITS: &str = "x-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_comes_back() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-62135596801", "'-62135596801"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠SUM(A1)", "'＠SUM(A1)"),
            ("accepted", "accepted"),
            ("", ""),
        ] {
            assert_eq!(defused(cell.to_owned()), expected);
            assert_eq!(plain(expected), cell);
        }
    }
}
