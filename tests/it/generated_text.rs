//! Parts of documents that a test generates.

/// A part of a file, between two markers: `<!-- NAME: written by a test -->` and `<!-- end of NAME -->`.
pub(crate) struct GeneratedText {
    /// From the root of the package.
    pub(crate) file: &'static str,
    pub(crate) name: &'static str,
    /// What each line begins with, markers included: `//! ` in a Rust file.
    pub(crate) prefix: &'static str,
}

impl GeneratedText {
    /// Asserts that the committed text is this one. If `UPDATE_DOCS` is set, writes it instead.
    pub(crate) fn hold(&self, text: &str) {
        let Self { file, name, prefix } = self;
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let begin = format!("{prefix}<!-- {name}: written by a test -->\n");
        let end = format!("{prefix}<!-- end of {name} -->\n");
        let text: String = text.lines().map(|line| format!("{prefix}{line}").trim_end().to_owned() + "\n").collect();
        // A checkout may have other line ends.
        let document = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let (before, rest) = document.split_once(&begin).unwrap_or_else(|| panic!("{file} lacks {begin}"));
        let (committed, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{file} lacks {end}"));
        if committed == text {
            return;
        }
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, [before, &begin, &text, &end, after].concat()).unwrap();
            return;
        }
        let differs = |(line, (found, committed)): (usize, (&str, &str))| {
            (found != committed).then(|| format!("line {}\n  found     {found}\n  committed {committed}", line + 1))
        };
        let lines = text.lines().zip(committed.lines().chain(std::iter::repeat("nothing"))).enumerate();
        let differences: Vec<_> = lines.filter_map(differs).collect();
        panic!(
            "{file}, {name}: the committed text differs; `UPDATE_DOCS=1 cargo test --all-features --test it` writes \
             it\n{}",
            differences.join("\n")
        );
    }
}
