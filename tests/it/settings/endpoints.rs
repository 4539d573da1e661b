use privacy_number::{Error, Settings, aliyun, top};

/// Endpoints of TOP, with `PATH` for its path and `secret` for what must not be quoted.
const REFUSED: [&str; 34] = [
    // No TLS, and not this machine.
    "http://gw.api.taobao.comPATH",
    "http://127.0.0.1.example.comPATH",
    "http://localhost.example.comPATH",
    "http://localhost.PATH",
    "http://10.0.0.1PATH",
    "http://0.0.0.0PATH",
    "http://[::ffff:10.0.0.1]PATH",
    "http://[::]PATH",
    // Another host behind a familiar name.
    "https://gw.api.taobao.com@example.comPATH",
    "https://gw.api.taobao.com:secret@example.comPATH",
    "https://user:secret@gw.api.taobao.comPATH",
    "https://secret@gw.api.taobao.comPATH",
    "https://@gw.api.taobao.comPATH",
    "https://:@gw.api.taobao.comPATH",
    "https://gw.api.taobao.com\\@example.comPATH",
    "https://example.com\\.taobao.comPATH",
    // Letters that look like other letters, or are mapped to them.
    "https://gw.\u{430}pi.taobao.comPATH",
    "https://gw.api.taobao\u{3002}comPATH",
    "https://gw.api.taobao.com\u{ff0f}PATH",
    "https://\u{6dd8}\u{5b9d}.comPATH",
    // Characters that a URL parser would drop silently.
    " https://gw.api.taobao.comPATH",
    "https://gw.api.taobao.comPATH ",
    "https://gw.api.tao\tbao.comPATH",
    "https://gw.api.taobao.com\nPATH",
    // Other parts than scheme, host and port.
    "https://gw.api.taobao.comPATH?session=secret",
    "https://gw.api.taobao.comPATH?",
    "https://gw.api.taobao.comPATH#secret",
    "https://gw.api.taobao.com/secretPATH",
    // Other schemes, and none.
    "ftp://127.0.0.1PATH",
    "file:///etc/secret",
    "unix:///run/secret.sock",
    "gw.api.taobao.comPATH",
    "https://PATH",
    "",
];

#[test]
fn an_endpoint_that_could_be_another_host_is_refused_by_name_and_not_quoted() {
    for text in REFUSED {
        let refused = |path: &str, settings: Settings| {
            let url = text.replace("PATH", path);
            let top = top::Client::builder().app("1", "s").endpoint(&*url).settings(settings.clone()).build();
            let account = || aliyun::Client::builder().access_key("id", "s").settings(settings.clone());
            let aliyun = [account().endpoint(&*url), account().dytns_endpoint(&*url), account().sts_endpoint(&*url)];
            let aliyun = aliyun.map(|builder| builder.build().err());
            if path == "/" { aliyun.into_iter().collect() } else { vec![top.err()] }
        };
        // If plain HTTP is allowed, only the first few are accepted.
        let unsafe_settings = || Settings::new().allow_plain_http();
        let mut errors = [refused("/", Settings::new()), refused("/router/rest", Settings::new())].concat();
        if !text.starts_with("http:") {
            errors.extend([refused("/", unsafe_settings()), refused("/router/rest", unsafe_settings())].concat());
        }
        for error in errors {
            let Some(Error::Invalid(error)) = error else { panic!("{text:?} must be refused: {error:?}") };
            assert_eq!(error.field(), "endpoint", "{text:?}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{text:?}: {error}");
        }
    }
}

#[test]
fn other_names_of_this_machine_and_other_ports_are_accepted() {
    for host in ["http://localhost:1", "http://127.0.0.1:1", "http://127.1.2.3", "http://[::1]:1", "https://host:8443"]
    {
        aliyun::Client::builder().access_key("id", "s").endpoint(host).build().unwrap();
        top::Client::builder().app("1", "s").endpoint(format!("{host}/router/rest")).build().unwrap();
    }
}
