//! No request is sent to a gateway with an untrusted certificate.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use privacy_number::{Error, Outcome, Settings};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::{RequestKind, is_signed};
use crate::clients::once;
use crate::raw_server::{RawServer, Reply, http};

/// A server with a self-signed certificate and the same response to every request.
struct TlsServer {
    address: SocketAddr,
    certificate: reqwest::Certificate,
    received: Arc<Mutex<Received>>,
}

#[derive(Default)]
struct Received {
    connections: usize,
    requests: Vec<String>,
}

impl TlsServer {
    async fn start(name: &str, last_year: i32, body: &'static str) -> Self {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(last_year, 12, 31);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let private_key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![certificate.der().clone()], private_key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Received::default()));
        let shared = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = vec![0; 16 * 1024];
                let length = stream.read(&mut request).await.unwrap_or(0);
                if length > 0 {
                    shared.lock().unwrap().requests.push(String::from_utf8_lossy(&request[..length]).into_owned());
                    let _ = stream.write_all(&http("200 OK", &[("Connection", "close")], body.as_bytes())).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        Self { address, certificate: reqwest::Certificate::from_der(certificate.der()).unwrap(), received }
    }

    fn endpoint(&self) -> String {
        format!("https://{}/", self.address)
    }

    /// Settings of a user who trusts this certificate, and nothing else.
    fn settings_that_trust(&self) -> Settings {
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([self.certificate.clone()]);
        once().http_client(http.build().unwrap())
    }

    fn assert_refused(&self, error: &Error, what: &str) {
        assert!(matches!(error, Error::Transport(_)), "{what}: {error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{what}: {error}");
        let received = self.received.lock().unwrap();
        assert!(received.connections > 0, "{what}: it was asked for its certificate");
        assert!(received.requests.is_empty(), "{what}: {:?}", received.requests);
    }
}

#[tokio::test]
async fn no_request_is_sent_to_a_server_with_an_untrusted_certificate() {
    for kind in RequestKind::ALL {
        let server = TlsServer::start("127.0.0.1", 2099, kind.success()).await;
        let error = kind.send(&server.endpoint(), once()).await.unwrap_err();
        server.assert_refused(&error, "self-signed");
        // Plain HTTP being allowed does not weaken TLS.
        let error = kind.send(&server.endpoint(), once().allow_plain_http()).await.unwrap_err();
        server.assert_refused(&error, "self-signed, with plain HTTP allowed");
    }
}

#[tokio::test]
async fn a_trusted_certificate_gets_the_request_unless_it_is_anothers_or_has_ended() {
    for kind in RequestKind::ALL {
        let server = TlsServer::start("127.0.0.1", 2099, kind.success()).await;
        kind.send(&server.endpoint(), server.settings_that_trust()).await.unwrap();
        assert!(is_signed(&server.received.lock().unwrap().requests.concat()));
        for (name, last_year) in [("gw.example.com", 2099), ("127.0.0.1", 2020)] {
            let server = TlsServer::start(name, last_year, kind.success()).await;
            let error = kind.send(&server.endpoint(), server.settings_that_trust()).await.unwrap_err();
            server.assert_refused(&error, name);
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_receives_nothing_of_an_https_request() {
    for kind in RequestKind::ALL {
        let server = RawServer::start([Reply::ok(kind.success())]).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let reading = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut first = vec![0; 4096];
            let length = stream.read(&mut first).await.unwrap();
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
            String::from_utf8_lossy(&first[..length]).into_owned()
        });
        let error = kind.send(&format!("https://{address}/"), once()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotExecuted, "{error}");
        assert!(matches!(error, Error::Transport(_)), "{error}");
        let first = reading.await.unwrap();
        assert!(first.starts_with('\u{16}') && !is_signed(&first), "only a TLS greeting: {first:?}");
        // The same request over plain HTTP is received.
        kind.send(&server.aliyun_endpoint(), once()).await.unwrap();
        assert!(is_signed(&server.requests()[0]));
    }
}
