//! Tables as kubectl prints them: columns aligned, no frame.

/// A table of texts.
#[derive(Clone, Debug, Default)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Cells on a terminal that a text takes: CJK and other wide characters take two (UAX 11), marks none.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match u32::from(c) {
            0x0300..=0x036f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
            0x1100..=0x115f
            | 0x2e80..=0x303e
            | 0x3041..=0xa4cf
            | 0xac00..=0xd7a3
            | 0xf900..=0xfaff
            | 0xfe30..=0xfe6f
            | 0xff00..=0xff60
            | 0xffe0..=0xffe6
            | 0x1f300..=0x1faff
            | 0x20000..=0x3fffd => 2,
            _ => 1,
        })
        .sum()
}

impl Table {
    /// A table with these column names.
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text. Columns are at least as wide as `least` says; gives the widths used, so that a
    /// watch goes on in the same columns.
    pub fn render(&self, header: bool, least: &[usize]) -> (String, Vec<usize>) {
        let widths: Vec<usize> = (0..self.header.len())
            .map(|at| {
                let cells = self.rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell));
                let own = cells.chain([width(&self.header[at])]).max().unwrap_or(0);
                own.max(least.get(at).copied().unwrap_or(0))
            })
            .collect();
        let mut text = String::new();
        for row in header.then_some(&self.header).into_iter().chain(&self.rows) {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                line.push_str(cell);
                line.push_str(&" ".repeat(widths[at] - width(cell) + 3));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        (text, widths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_with_wide_characters() {
        let mut table = Table::new(["NAME", "SHOWN", "AGE"]);
        table.row(["a", "開発", "1d"]);
        table.row(["long-name", "dev", "2d"]);
        let (text, widths) = table.render(true, &[]);
        assert_eq!(widths, [9, 5, 3]);
        assert_eq!(text, "NAME        SHOWN   AGE\na           開発    1d\nlong-name   dev     2d\n");
    }
}
