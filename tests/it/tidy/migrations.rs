//! Every column says what it is for (migrations/README.md).

use super::tree::our_files;

/// How a column begins in a migration.
const COLUMN: [&str; 4] = [".col(", "ColumnDef::new(", ".add_column(", ".add_column_if_not_exists("];

#[test]
fn every_column_of_a_migration_has_a_comment() {
    let sources =
        our_files().into_iter().filter(|file| file.path.starts_with("migrations/src/") && file.ends_in(&["rs"]));
    let mut silent = Vec::new();
    for file in sources {
        silent.extend(silent_columns(&file.text).into_iter().map(|line| format!("{}:{line}", file.path)));
    }
    assert!(
        silent.is_empty(),
        "say in a comment on the line or above it what the column is for:\n{}",
        silent.join("\n")
    );
}

#[test]
fn a_comment_counts_on_the_line_or_right_above_it() {
    assert_eq!(silent_columns("// when it falls due, UTC\n.col(due_at())"), Vec::<usize>::new());
    assert_eq!(silent_columns(".col(due_at()) // when it falls due, UTC"), Vec::<usize>::new());
    assert_eq!(silent_columns("// the table\n\n.col(due_at())\n.col(state())"), vec![3, 4]);
    assert_eq!(silent_columns("// when\n.col(\n    ColumnDef::new(DueAt)\n)"), Vec::<usize>::new());
}

/// Line numbers of columns without a comment.
fn silent_columns(source: &str) -> Vec<usize> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let mut silent = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let begins = COLUMN.iter().any(|beginning| line.contains(beginning)) && !line.starts_with("//");
        let before = index.checked_sub(1).map_or("", |before| lines[before]);
        let explained = line.contains("//") || before.starts_with("//");
        // The second half of a column that was opened, and judged, on the line before.
        let opened_before = COLUMN.iter().any(|beginning| before.ends_with(beginning));
        if begins && !explained && !opened_before {
            silent.push(index + 1);
        }
    }
    silent
}
