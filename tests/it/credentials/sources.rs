//! Static keys, and keys from the environment and from the file of the command line tool.

use std::path::PathBuf;

use privacy_number::aliyun::{CREDENTIALS_UNAVAILABLE, Credentials, Environment, ProfileFile};
use privacy_number::{Advice, Outcome};

use super::{FOUND, builder, key_of, send};
use crate::own_process::run_test;
use crate::server::Server;

#[tokio::test]
async fn a_given_key_is_used_as_it_is() {
    for (credentials, token) in [
        (Credentials::new("key-1", "secret"), None),
        (Credentials::new("STS.key-1", "secret").security_token("token-1"), Some("token-1".to_owned())),
    ] {
        let server = Server::always(FOUND).await;
        send(&builder(&server).credentials(credentials).build().unwrap()).await.unwrap();
        assert_eq!(key_of(&server.received_one().await).1, token);
    }
}

/// The environment belongs to the whole process, so the test runs in another process with its own.
#[test]
fn keys_come_from_the_environment() {
    for (id, token) in [("env-key", ""), ("STS.env-key", "env-token"), ("", "")] {
        run_test("credentials::sources::in_a_process_of_its_own", |test| {
            test.env("ALIBABA_CLOUD_ACCESS_KEY_ID", id)
                .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "env-secret")
                .env("ALIBABA_CLOUD_SECURITY_TOKEN", token);
        });
    }
}

#[tokio::test]
#[ignore = "started by `keys_come_from_the_environment`"]
async fn in_a_process_of_its_own() {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let server = Server::always(FOUND).await;
    let result = send(&builder(&server).credentials_provider(Environment).build().unwrap()).await;
    if variable("ALIBABA_CLOUD_ACCESS_KEY_ID").is_empty() {
        assert_eq!(result.unwrap_err().code(), Some(CREDENTIALS_UNAVAILABLE));
        assert!(Credentials::from_env().unwrap_err().to_string().contains("ALIBABA_CLOUD_ACCESS_KEY_ID"));
        return;
    }
    result.unwrap();
    let token = Some(variable("ALIBABA_CLOUD_SECURITY_TOKEN")).filter(|token| !token.is_empty());
    assert_eq!(key_of(&server.received_one().await), (variable("ALIBABA_CLOUD_ACCESS_KEY_ID"), token));
}

/// A file that is removed when the test ends.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("privacy-number-{}-{name}.json", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const CONFIGURATION: &str = r#"{
    "current": "daily",
    "meta_path": "",
    "profiles": [
        {"name": "daily", "mode": "AK", "access_key_id": "file-key", "access_key_secret": "file-secret",
         "sts_token": "", "region_id": "cn-hangzhou", "output_format": "json", "language": "zh"},
        {"name": "temporary", "mode": "StsToken", "access_key_id": "STS.file-key", "access_key_secret": "s",
         "sts_token": "file-token"},
        {"name": "role", "mode": "EcsRamRole", "ram_role_name": "erp"}
    ]
}"#;

#[tokio::test]
async fn keys_come_from_a_profile_of_the_command_line_tools_file() {
    let file = TemporaryFile::new("profiles", CONFIGURATION);
    let any = ProfileFile::new().path(&file.0);
    for (provider, id, token) in [
        (any.clone(), "file-key", None),
        (any.clone().profile("daily"), "file-key", None),
        (any.profile("temporary"), "STS.file-key", Some("file-token")),
    ] {
        let server = Server::always(FOUND).await;
        send(&builder(&server).credentials_provider(provider).build().unwrap()).await.unwrap();
        assert_eq!(key_of(&server.received_one().await), (id.to_owned(), token.map(str::to_owned)));
    }
}

#[tokio::test]
async fn without_a_usable_profile_nothing_is_sent() {
    let good = TemporaryFile::new("unusable-profiles", CONFIGURATION);
    let truncated = TemporaryFile::new("truncated", &CONFIGURATION[..60]);
    let empty = TemporaryFile::new(
        "empty-key",
        r#"{"profiles":[{"name":"default","mode":"AK","access_key_id":"","access_key_secret":""}]}"#,
    );
    for provider in [
        ProfileFile::new().path(&good.0).profile("no-such-profile"),
        ProfileFile::new().path(&good.0).profile("role"),
        ProfileFile::new().path(&truncated.0),
        ProfileFile::new().path(&empty.0),
        ProfileFile::new().path(std::env::temp_dir().join("privacy-number-no-such-file.json")),
    ] {
        let server = Server::always(FOUND).await;
        let client = builder(&server).credentials_provider(provider.clone()).build().unwrap();
        let error = send(&client).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(CREDENTIALS_UNAVAILABLE), Outcome::NotExecuted));
        assert_eq!((error.advice(), error.attempts()), (Advice::FixRequest, 0));
        assert!(server.received().await.is_empty(), "{provider:?}");
    }
}
