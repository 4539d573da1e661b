//! What the package promises of its dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The dependencies of the library itself, as Cargo resolves them with these features.
fn packages(features: &[&str]) -> BTreeMap<String, Value> {
    let metadata = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host()])
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let metadata = metadata(features);
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let mut reached = BTreeSet::new();
    let mut next = vec![metadata["resolve"]["root"].as_str().unwrap()];
    while let Some(id) = next.pop() {
        if reached.insert(id) {
            let dependencies = nodes[id]["deps"].as_array().unwrap().iter();
            let normal = dependencies.filter(|dependency| {
                dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null())
            });
            next.extend(normal.map(|dependency| dependency["pkg"].as_str().unwrap()));
        }
    }
    let packages = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| reached.contains(package["id"].as_str().unwrap()));
    packages.map(|package| (package["name"].as_str().unwrap().to_owned(), package.clone())).collect()
}

/// The platform that the tests run on: only its dependencies are sure to have been downloaded.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap()).chain([0, 0]).take(3).collect()
}

#[test]
fn no_dependency_needs_a_newer_rust_than_this_package_declares() {
    let packages = packages(&["--all-features"]);
    let ours = packages["privacy-number"]["rust_version"].as_str().unwrap();
    let newer: Vec<String> = packages
        .values()
        .filter_map(|package| Some((package["name"].as_str()?, package["rust_version"].as_str()?)))
        .filter(|(_, needed)| version(needed) > version(ours))
        .map(|(name, needed)| format!("{name} needs {needed}"))
        .collect();
    assert!(newer.is_empty(), "newer than {ours}: {newer:?}");
}

#[test]
fn the_plain_crate_pulls_in_nothing_of_the_emulator_or_the_tests() {
    let plain = packages(&["--no-default-features", "--features", "rustls"]);
    let only_for_others =
        ["wiremock", "proptest", "insta", "criterion", "clap", "csv", "indicatif", "tracing-subscriber", "axum"];
    let found: Vec<_> = only_for_others.iter().filter(|name| plain.contains_key(**name)).collect();
    assert!(found.is_empty(), "{found:?}");
    assert!(plain.contains_key("reqwest"));
}
