//! Makes the tables of characters, `picture/text/tables.rs`, of Unicode's properties as the crate `regex-syntax` has them:
//!
//!     cargo run --release -p zkimg-picture --example unicode > picture/text/tables.rs

#[path = "classes.rs"]
mod classes;

fn main() {
    println!("//! Sets of characters: each the first and the last of a range, in order. Made by `picture/text/unicode.rs`.");
    for (name, what, class) in classes::ALL {
        let ranges = classes::ranges(class);
        println!("\n/// {what}\n#[rustfmt::skip]\npub(super) static {name}: [[u32; 2]; {}] = [", ranges.len());
        for line in ranges.chunks(8) {
            println!("    {}", line.iter().map(|[first, last]| format!("[{first:#x}, {last:#x}],")).collect::<Vec<_>>().join(" "));
        }
        println!("];");
    }
}
