//! Figures as tables.

/// A Markdown table whose columns line up in plain text, too: the first to the left, all others to the right.
pub fn markdown(head: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain([head[column].chars().count(), 2]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let rule: Vec<String> = widths
        .iter()
        .enumerate()
        .map(|(column, &width)| {
            "-".repeat(width - usize::from(column > 0)) + if column > 0 { ":" } else { "" }
        })
        .collect();
    let body = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    [line(head.to_vec()), line(rule.iter().map(String::as_str).collect())].into_iter().chain(body).collect()
}

/// Milliseconds with as many places as mean something.
pub fn milliseconds(value: f64) -> String {
    match value {
        value if value.is_nan() => "–".into(),
        value if value.is_infinite() => "∞".into(),
        value if value < 1.0 => format!("{value:.2}"),
        value if value < 10.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

/// A share as three places after the point: `.933`, `1`.
pub fn rate(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(value) if value >= 1.0 => "1".into(),
        Some(value) => format!("{:.3}", (value * 1e3).floor() / 1e3).trim_start_matches('0').into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["ours".into(), "1.5".into()], vec!["zxing-cpp".into(), "12".into()]];
        let expected = "\
| reader    |  ms |
| --------- | --: |
| ours      | 1.5 |
| zxing-cpp |  12 |
";
        assert_eq!(markdown(&["reader", "ms"], &rows), expected);
    }

    #[test]
    fn figures_are_short_and_never_rounded_up_to_all() {
        let table = [(0.123, "0.12"), (1.26, "1.3"), (12.6, "13"), (f64::NAN, "–"), (f64::INFINITY, "∞")];
        for (value, text) in table {
            assert_eq!(milliseconds(value), text);
        }
        let table = [
            (Some(1.0), "1"),
            (Some(0.99999), ".999"),
            (Some(0.5), ".500"),
            (Some(0.0), ".000"),
            (None, "–"),
        ];
        for (value, text) in table {
            assert_eq!(rate(value), text);
        }
    }
}
