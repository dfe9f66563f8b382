//! Every column says what it is for (migrations/README.md).

use super::tree::our_files;

/// How a column begins in a migration: in our own short form, and in SeaORM's.
const COLUMN: [&str; 5] = ["Column::", "ColumnDef::new", ".col(", ".add_column(", ".add_column_if_not_exists("];

#[test]
fn every_column_of_a_migration_has_a_comment() {
    let mut columns = 0;
    let mut silent = Vec::new();
    for file in our_files().into_iter().filter(|file| file.path.starts_with("migrations/src/m")) {
        let judged = judge(&file.text);
        columns += judged.len();
        let without = judged.into_iter().filter(|(_, explained)| !explained);
        silent.extend(without.map(|(line, _)| format!("{}:{line}", file.path)));
    }
    assert!(columns > 0, "no column was recognised: the migrations are written in another way than this test knows");
    let list = silent.join("\n");
    assert!(silent.is_empty(), "say in a comment on the line or above it what the column is for:\n{list}");
}

#[test]
fn a_comment_counts_on_the_line_or_right_above_it() {
    let silent = |source: &str| -> Vec<usize> {
        judge(source).into_iter().filter(|(_, explained)| !explained).map(|(line, _)| line).collect()
    };
    assert_eq!(silent("// when it falls due, UTC\nColumn::big_integer(\"due_at\"),"), Vec::<usize>::new());
    assert_eq!(silent("Column::big_integer(\"due_at\"), // when it falls due, UTC"), Vec::<usize>::new());
    assert_eq!(silent("// the table\n\nColumn::uuid(\"id\"),\n.col(state())"), vec![3, 4]);
    assert_eq!(silent("// when\n.col(\n    ColumnDef::new(DueAt)\n)"), Vec::<usize>::new());
}

/// The line number of each column, and whether a comment explains it.
fn judge(source: &str) -> Vec<(usize, bool)> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let mut columns = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).map_or("", |before| lines[before]);
        let is_column = !line.starts_with("//") && COLUMN.iter().any(|beginning| line.contains(beginning));
        // The second half of a column that was opened, and judged, on the line before.
        let opened_before = COLUMN.iter().any(|beginning| before.ends_with(beginning));
        if is_column && !opened_before {
            columns.push((index + 1, line.contains("//") || before.starts_with("//")));
        }
    }
    columns
}
