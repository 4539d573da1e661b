//! The source files are in layers: each file imports only files of lower layers, and no files import each other.

mod imports;

use std::collections::BTreeSet;

use imports::{Graph, Sources};

/// The layers of a folder, lowest first. An entry is a file together with the folder of its name. Entries of one layer
/// do not import each other.
type Layers = &'static [&'static [&'static str]];

/// The layers of `src`.
const CRATE: Layers = &[
    &["safety", "time"],
    &["scalar"],
    &["invalid", "redact", "wire_enum"],
    &["environment", "number", "params"],
    &["sign"],
    &["error"],
    &["answer", "operation", "provider"],
    &["limit", "store"],
    &["send"],
    &["aliyun", "top"],
    &["binding_ledger", "parked", "quota_ledger", "receipts_seen", "receiver_cache", "stored_session"],
    &["emulator"],
];

/// The layers of `src/emulator`.
const EMULATOR: Layers = &[
    &[
        "accounts",
        "china_time",
        "clock",
        "delivery",
        "generated",
        "inspections",
        "json_body",
        "ledger",
        "request",
        "signature",
    ],
    &["answer", "store"],
    &["calls", "context", "snapshot"],
    &["aliyun", "mns", "top"],
    &["operations", "seed"],
    &["request_kind"],
    &["fault", "request_facts"],
    &["gateways"],
    &["console", "long_poll", "pending_request", "push", "shops"],
    &["calls_and_receipts", "control", "order_life", "refusable_listener", "response_body"],
    &["connection"],
    &["server"],
    &["builder", "clients"],
];

/// What the emulator imports from the rest of the crate, to build clients. Signatures and responses are its own code.
const IMPORTS_OF_THE_EMULATOR: [(&str, &str); 5] = [
    ("emulator/clients", "Error"),
    ("emulator/clients", "InvalidRequest"),
    ("emulator/clients", "Settings"),
    ("emulator/clients", "aliyun"),
    ("emulator/clients", "top"),
];

/// The layer of a file in a folder, and its entry.
fn layer_of(file: &str, layers: Layers) -> Option<(usize, &'static str)> {
    let name = file.split('/').next();
    let mut entries =
        layers.iter().enumerate().flat_map(|(layer, names)| names.iter().map(move |entry| (layer, *entry)));
    entries.find(|(_, entry)| Some(*entry) == name)
}

/// The imports within a folder that are not of a lower layer, and the files that are in no layer.
fn violations(graph: &Graph, folder: &str, layers: Layers) -> Vec<String> {
    let mut found = Vec::new();
    for (file, targets) in graph {
        let file = file.join("/");
        let Some(name) = file.strip_prefix(folder) else { continue };
        let Some((from, entry)) = layer_of(name, layers) else {
            found.push(format!("{file} is in no layer"));
            continue;
        };
        for target in targets.iter().map(|target| target.join("/")) {
            let to = target.strip_prefix(folder).and_then(|target| layer_of(target, layers));
            if to.is_some_and(|(to, other)| entry != other && from <= to) {
                found.push(format!("{file} imports {target}"));
            }
        }
    }
    found
}

/// The entries of a table that no file has.
fn unused(graph: &Graph, folder: &str, layers: Layers) -> Vec<&'static str> {
    let files: Vec<_> = graph.keys().map(|file| file.join("/")).collect();
    let names: Vec<_> = files.iter().filter_map(|file| file.strip_prefix(folder)).collect();
    let is_used = |entry: &&str| names.iter().any(|name| layer_of(name, layers).is_some_and(|(_, of)| of == *entry));
    layers.iter().copied().flatten().copied().filter(|entry| !is_used(entry)).collect()
}

/// The imports that are part of a circle.
fn circles(graph: &Graph) -> Vec<String> {
    let reaches = |from: &imports::Module, to: &imports::Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(file) = open.pop() {
            if seen.insert(file) {
                open.extend(graph.get(file).into_iter().flatten());
            }
        }
        seen.contains(to)
    };
    let edges = graph.iter().flat_map(|(file, targets)| targets.iter().map(move |target| (file, target)));
    let circular = edges.filter(|(file, target)| reaches(target, file));
    circular.map(|(file, target)| format!("{} imports {}", file.join("/"), target.join("/"))).collect()
}

#[test]
fn no_files_import_each_other() {
    let circles = circles(&Sources::of_the_crate().graph());
    assert!(circles.is_empty(), "imports in circles:\n{}", circles.join("\n"));
}

#[test]
fn each_file_imports_only_files_of_lower_layers() {
    let graph = Sources::of_the_crate().graph();
    assert!(graph.len() > 200, "{}", graph.len());
    for (folder, layers) in [("", CRATE), ("emulator/", EMULATOR)] {
        let violations = violations(&graph, folder, layers);
        assert!(
            violations.is_empty(),
            "imports that are not of a lower layer of src/{folder}:\n{}",
            violations.join("\n")
        );
        assert_eq!(unused(&graph, folder, layers), [""; 0], "entries without a file in the layers of src/{folder}");
    }
}

#[test]
fn the_emulator_imports_only_what_its_clients_need() {
    let sources = Sources::of_the_crate();
    let mut used = BTreeSet::new();
    for file in sources.graph().keys().filter(|file| file[0] == "emulator") {
        let names = sources.names(file).into_iter().filter_map(|path| path.first().cloned());
        used.extend(names.filter(|name| name != "emulator").map(|name| (file.join("/"), name)));
    }
    let expected = IMPORTS_OF_THE_EMULATOR.map(|(file, name)| (file.to_owned(), name.to_owned()));
    assert_eq!(used, BTreeSet::from(expected));
}

fn sample(files: &[(&str, &str)]) -> Graph {
    let module = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    Sources::new(files.iter().map(|(path, text)| (module(path), (*text).to_owned()))).graph()
}

#[test]
fn an_import_is_found_through_re_exports_and_in_paths() {
    for text in [
        "use super::low::Item;",
        "use crate::low::{\n    Other,\n    Item,\n};",
        "use crate::{Item as Renamed};",
        "#[cfg(test)]\nuse crate::Item;",
        "fn f() -> crate::low::Item {}",
        "fn f() { let _ = super::low::item::Item::new(); }",
        "use crate::low;\nfn f() -> low::Item {}",
        "pub(crate) fn f() {\n    use crate::low::item;\n}",
    ] {
        let graph = sample(&[
            ("", "pub use low::Item;"),
            ("high", text),
            ("low", "mod item;\npub(crate) use item::Item;"),
            ("low/item", "pub struct Item;"),
        ]);
        let targets: Vec<_> = graph[&["high".to_owned()][..]].iter().map(|target| target.join("/")).collect();
        assert!(targets.contains(&"low/item".to_owned()), "{text}: {targets:?}");
        assert_eq!(circles(&graph), [""; 0], "{text}");
        assert_eq!(violations(&graph, "", &[&["low"], &["high"]]), [""; 0], "{text}");
        let against = violations(&graph, "", &[&["high"], &["low"]]);
        assert!(against.contains(&"high imports low/item".to_owned()), "{text}: {against:?}");
    }
}

#[test]
fn an_import_is_found_through_a_glob() {
    let graph = sample(&[
        ("", "pub use room::*;"),
        ("high", "use crate::Item;"),
        ("other", "use crate::room::{Own, Item};"),
        ("room", "mod one;\nmod two;\npub use one::*;\npub use two::*;\npub struct Own;"),
        ("room/one", "pub struct Own;"),
        ("room/two", "pub struct Item;"),
    ]);
    let targets = |file: &str| graph[&[file.to_owned()][..]].iter().map(|target| target.join("/")).collect::<Vec<_>>();
    assert_eq!(
        (targets("high"), targets("other")),
        (vec!["room/two".to_owned()], vec!["room".into(), "room/two".into()])
    );
}

#[test]
fn unit_tests_comments_and_re_exports_import_nothing() {
    for text in [
        "// use crate::low::Item;",
        "#[cfg(test)]\nmod tests {\n    use crate::low::Item;\n}",
        "pub use crate::low::Item;",
    ] {
        let graph = sample(&[("high", text), ("low", "pub struct Item;")]);
        assert!(graph[&["high".to_owned()][..]].is_empty(), "{text}");
    }
}

#[test]
fn a_circle_is_found_through_a_facade() {
    let graph = sample(&[
        ("room", "mod one;\nmod two;\npub(crate) use one::One;"),
        ("room/one", "use super::two::Two;\npub struct One;"),
        ("room/two", "use super::One;\npub struct Two;"),
    ]);
    assert_eq!(circles(&graph), ["room/one imports room/two", "room/two imports room/one"]);
}
