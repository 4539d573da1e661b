//! The test set-ups in `docs/emulator.md`: the files that `tests/other_languages/run` runs.

use crate::generated_text::GeneratedText;

const FILES: [(&str, &str); 5] = [
    ("python", "tests/other_languages/pytest/test_emulator.py"),
    ("javascript", "tests/other_languages/jest/emulator.test.js"),
    ("go", "tests/other_languages/go/emulator_test.go"),
    ("php", "tests/other_languages/phpunit/EmulatorTest.php"),
    ("java", "tests/other_languages/junit5/EmulatorTest.java"),
];

#[test]
fn the_document_shows_the_files_that_run() {
    for (language, file) in FILES {
        let code = std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        GeneratedText { file: "docs/emulator.md", name: file, prefix: "" }
            .hold(&format!("```{language}\n{}```", code.replace("\r\n", "\n")));
    }
}
