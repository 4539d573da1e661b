//! The part of `docs/RELIABILITY.md` that the tables fill.

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/RELIABILITY.md");
const BEGIN: &str = "<!-- the fault matrix: written by its test -->\n";
const END: &str = "<!-- end of the fault matrix -->\n";

/// The committed tables must be these; with `UPDATE_DOCS` set they are written instead.
pub(super) fn hold(tables: &str) {
    // A checkout may end its lines otherwise.
    let document = std::fs::read_to_string(PATH).unwrap().replace("\r\n", "\n");
    let (before, rest) = document.split_once(BEGIN).expect("the document marks where the tables begin");
    let (committed, after) = rest.split_once(END).expect("the document marks where the tables end");
    if committed == tables {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PATH, [before, BEGIN, tables, END, after].concat()).unwrap();
        return;
    }
    let differs = |(line, (found, committed)): (usize, (&str, &str))| {
        (found != committed).then(|| format!("line {}\n  found     {found}\n  committed {committed}", line + 1))
    };
    let lines = tables.lines().zip(committed.lines().chain(std::iter::repeat("nothing"))).enumerate();
    let differences: Vec<_> = lines.filter_map(differs).collect();
    panic!(
        "docs/RELIABILITY.md is not what was found; `UPDATE_DOCS=1 cargo test --all-features --test it matrix::` \
         writes it\n{}",
        differences.join("\n")
    );
}
