//! How much memory a malformed response takes, in a separate process: the same test binary, limited to one call.
//! The kernel records the peak memory of a process (`VmHWM`), so nothing has to be sampled meanwhile.

use super::Gateway;
use super::flood::{Flood, chunk, gzip_bomb};
use crate::clients::once;
use crate::own_process::run_test;
use crate::raw_server::{RawServer, Reply, http};

const MEBIBYTE: usize = 1 << 20;

/// The default limit of a body.
const LIMIT: usize = 8 * MEBIBYTE;

/// The most memory that one of these responses may take: eight times the limit.
const ALLOWED: usize = 64 * MEBIBYTE;

const HOST: &str = "HOSTILE_HOST";
const GATEWAY: &str = "HOSTILE_GATEWAY";

/// The measured process; not a test by itself.
#[tokio::test]
#[ignore = "run by the other tests, with the answer to ask for"]
async fn one_call() {
    let Ok(host) = std::env::var(HOST) else { return };
    let gateway = Gateway::BOTH.into_iter().find(|gateway| std::env::var(GATEWAY).unwrap() == format!("{gateway:?}"));
    let gateway = gateway.unwrap();
    // The first call allocates what every call needs.
    let small = RawServer::start([Reply::ok("{}")]).await;
    gateway.call(&small.aliyun_endpoint(), once()).await.unwrap_err();
    let before = most_memory_in_kib();
    let result = gateway.call(&host, once()).await;
    println!("grown by {} KiB", most_memory_in_kib() - before);
    drop(result);
}

fn most_memory_in_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// How much memory one call added.
async fn measured(gateway: Gateway, host: &str) -> usize {
    let host = host.to_owned();
    let run = move || {
        run_test("hostile::memory::one_call", |test| {
            test.env(HOST, host).env(GATEWAY, format!("{gateway:?}"));
        })
    };
    let text = tokio::task::spawn_blocking(run).await.unwrap();
    let (_, rest) = text.split_once("grown by ").unwrap_or_else(|| panic!("{text}"));
    let (kib, _) = rest.split_once(" KiB").unwrap();
    kib.parse::<usize>().unwrap() << 10
}

async fn assert_small(gateway: Gateway, host: &str, what: &str) {
    let grown = measured(gateway, host).await;
    println!("{what} from {gateway:?}: {} KiB", grown >> 10);
    assert!(grown < ALLOWED, "{what} from {gateway:?} took {} MiB", grown / MEBIBYTE);
}

/// `start`, as many repetitions as fit into the limit, and `end`.
fn filled(start: &str, repeated: &str, end: &str) -> String {
    let times = (LIMIT - start.len() - end.len() - 200) / repeated.len();
    format!("{start}{}{end}", repeated.repeat(times))
}

async fn assert_body_is_small(gateway: Gateway, body: Vec<u8>, what: &str) {
    assert!(body.len() > LIMIT - 1000 && body.len() <= LIMIT, "{what}: {}", body.len());
    let server = RawServer::start([Reply::ok(body)]).await;
    assert_small(gateway, &server.aliyun_endpoint(), what).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_the_largest_allowed_size_takes_little_memory() {
    for (gateway, start, repeated, end) in [
        (Gateway::Top, r#""receiver_list":["#, "{},", "{}]"),
        (Gateway::Top, r#""unknown":["#, "{},", "{}]"),
        (Gateway::Top, r#""request_id":""#, "a", "\""),
        (Gateway::Aliyun, r#""SubsId":["#, r#""a","#, r#""a"]"#),
        (Gateway::Aliyun, r#""SubsId":""#, "a,", "\""),
    ] {
        let body = gateway.json(&filled(start, repeated, end));
        assert_body_is_small(gateway, body, &format!("JSON of {start}{repeated}")).await;
    }
    for (start, repeated, end) in [
        ("<receiver_list>", "<a/>", "</receiver_list>"),
        ("<receiver_list>", "<a><b/></a>", "</receiver_list>"),
        ("<request_id>", "a", "</request_id>"),
    ] {
        let body = Gateway::Top.xml("", &filled(start, repeated, end));
        assert_body_is_small(Gateway::Top, body, &format!("XML of {start}{repeated}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_body_takes_little_memory() {
    let endless =
        Flood::start("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk(&vec![b' '; 65_536]), u64::MAX);
    let endless = endless.await;
    let bomb = http("200 OK", &[("Content-Encoding", "gzip")], &gzip_bomb());
    let bomb = RawServer::start([Reply::Bytes(bomb)]).await;
    assert_small(Gateway::Top, &endless.host, "an endless body").await;
    assert_small(Gateway::Aliyun, &bomb.aliyun_endpoint(), "a gzip bomb").await;
}
