//! The book's table of edits is the registry's.

#[test]
fn the_book_lists_every_edit_as_the_registry_does() {
    let book = include_str!("../../docs/edits.md");
    let table = zkimg_edits::registry::table();
    assert!(book.contains(&table), "docs/edits.md should hold this table:\n{table}");
}
