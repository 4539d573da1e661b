//! What the package promises about its dependencies.

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
fn the_default_features_pull_in_nothing_of_the_emulator_or_the_tests() {
    let default = packages(&[]);
    let declared = default["privacy-number"]["dependencies"].as_array().unwrap();
    let names = |matches: &dyn Fn(&Value) -> bool| -> BTreeSet<&str> {
        declared.iter().filter(|dependency| matches(dependency)).map(|it| it["name"].as_str().unwrap()).collect()
    };
    let library = names(&|dependency| dependency["kind"].is_null());
    let tests = names(&|dependency| dependency["kind"] == "dev");
    let only_tests: Vec<_> = tests.difference(&library).collect();
    assert!(only_tests.contains(&&"wiremock") && only_tests.contains(&&"proptest"), "{only_tests:?}");
    let found: Vec<&str> = only_tests.iter().map(|name| **name).filter(|name| default.contains_key(*name)).collect();
    // The HTTP client brings these for its own decompression and TLS.
    assert_eq!(found, ["flate2", "tokio-rustls"]);
    assert!(default.contains_key("reqwest"));
}

#[test]
fn the_http_server_is_built_for_the_emulator_only() {
    assert!(!features_of_hyper(&[]).contains(&"server".to_owned()));
    assert!(features_of_hyper(&["--features", "emulator"]).contains(&"server".to_owned()));
}

/// The features as built for the library alone: `cargo metadata` adds those that dev-dependencies enable.
fn features_of_hyper(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let (_, features) = tree.lines().find(|line| line.starts_with("hyper v")).unwrap().split_once('|').unwrap();
    features.split(',').map(|feature| feature.trim_end_matches(" (*)").to_owned()).collect()
}
