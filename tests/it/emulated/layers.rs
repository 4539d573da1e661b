//! The files of the emulator are in layers: each imports only files of lower layers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The files directly in `src/emulator`, lowest layer first. A folder belongs to the layer of its file.
const LAYERS: [&[&str]; 13] = [
    &["accounts", "china_time", "clock", "delivery", "generated", "json_body", "ledger", "request", "signature"],
    &["answer", "store"],
    &["context"],
    &["aliyun", "top"],
    &["operations", "seed"],
    &["request_kind"],
    &["fault", "request_facts"],
    &["gateways"],
    &["pending_request"],
    &["control", "refusable_listener", "response_body"],
    &["connection"],
    &["server"],
    &["builder", "clients"],
];

fn source(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| line.to_owned() + "\n").collect()
}

/// All files of the emulator except its tests, by their path of modules.
fn files(folder: &Path, module: &[String], into: &mut BTreeMap<Vec<String>, PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let module = [module, &[name]].concat();
        if module[0] == "tests" {
            continue;
        }
        if path.is_dir() {
            files(&path, &module, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.insert(module, path);
        }
    }
}

/// The modules that a file names in `use` declarations and in paths, without those that it only re-exports.
fn imports(module: &[String], text: &str) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for statement in text.split(';') {
        let declaration = statement.trim_start();
        if let Some(tree) = declaration.strip_prefix("use ") {
            expand(&[], tree, &mut found);
        } else if !declaration.starts_with("pub") || !declaration.contains(" use ") {
            let words = statement.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            let paths = words.filter(|word| word.contains("::"));
            found.extend(paths.map(|path| path.split("::").map(str::to_owned).collect::<Vec<_>>()));
        }
    }
    found.iter().filter_map(|path| absolute(module, path)).collect()
}

fn expand(prefix: &[String], tree: &str, into: &mut BTreeSet<Vec<String>>) {
    let tree = tree.trim();
    let Some((head, body)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap();
        let path = path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
        into.insert(prefix.iter().cloned().chain(path).collect());
        return;
    };
    let head = head.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    let prefix: Vec<_> = prefix.iter().cloned().chain(head).collect();
    let body = body.rsplit_once('}').map_or(body, |(body, _)| body);
    let mut depth = 0;
    for part in body.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    }) {
        if !part.trim().is_empty() {
            expand(&prefix, part, into);
        }
    }
}

/// A path from the folder of the emulator. `None` for a path outside of it.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" if path.get(1).is_some_and(|part| part == "emulator") => Some(path[2..].to_vec()),
        "crate" => None,
        "self" => Some([module, &path[1..]].concat()),
        "super" if ups <= module.len() => Some([&module[..module.len() - ups], &path[ups..]].concat()),
        "super" => None,
        _ => Some([module, path].concat()),
    }
}

/// The imports of each file as files of the emulator.
fn graph() -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emulator");
    let mut paths = BTreeMap::new();
    files(&root, &[], &mut paths);
    assert!(paths.len() > 60, "{}", paths.len());
    let file_of = |path: &Vec<String>| {
        let lengths = (1..=path.len()).rev();
        lengths.map(|length| path[..length].to_vec()).find(|path| paths.contains_key(path))
    };
    let edges = |(module, path): (&Vec<String>, &PathBuf)| {
        let imports = imports(module, &source(path));
        let targets = imports.iter().filter_map(file_of).filter(|target| target != module);
        (module.clone(), targets.collect())
    };
    paths.iter().map(edges).collect()
}

#[test]
fn each_file_imports_only_files_of_lower_layers() {
    let layer = |name: &String| {
        let found = LAYERS.iter().position(|layer| layer.contains(&name.as_str()));
        found.unwrap_or_else(|| panic!("{name} is in no layer"))
    };
    for (module, targets) in graph() {
        for target in targets.iter().filter(|target| target[0] != module[0]) {
            let (from, to) = (layer(&module[0]), layer(&target[0]));
            assert!(from > to, "{} imports {}", module.join("/"), target.join("/"));
        }
    }
}

#[test]
fn no_files_import_each_other() {
    let mut rest = graph();
    // Remove the files that import nothing that is left, until none remains.
    loop {
        let free: Vec<_> =
            rest.iter().filter(|(_, targets)| targets.is_empty()).map(|(file, _)| file.clone()).collect();
        if free.is_empty() {
            break;
        }
        rest.retain(|file, _| !free.contains(file));
        rest.values_mut().for_each(|targets| targets.retain(|target| !free.contains(target)));
    }
    assert!(rest.is_empty(), "in or above a circle of imports: {rest:#?}");
}
