//! A Redis server on loopback for one test, without files on disk.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use privacy_number::{Fleet, RedisLimit};

pub(crate) struct RedisServer {
    port: u16,
    process: Child,
    arguments: Vec<String>,
}

impl RedisServer {
    /// `None` and a message if the program is not installed. Panics instead if `REQUIRE_REDIS` is set, as in CI.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// With further arguments, such as `--requirepass`.
    pub(crate) fn start_with(arguments: &[&str]) -> Option<Self> {
        let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
        // Below the system's ephemeral ports, so no client takes it between a stop and a start.
        for port in std::iter::repeat_with(|| fastrand::u16(20_000..32_000)).take(20) {
            match spawn(port, &arguments) {
                Ok(process) => {
                    let mut server = Self { port, process, arguments: arguments.clone() };
                    if server.is_up() {
                        return Some(server);
                    }
                }
                Err(error) if error.kind() == ErrorKind::NotFound && std::env::var_os("REQUIRE_REDIS").is_none() => {
                    println!("skipped: redis-server is not installed");
                    return None;
                }
                Err(error) => panic!("{error}"),
            }
        }
        panic!("redis-server does not start");
    }

    /// A shared limit on this server, with its own connection and a timeout long enough for a busy machine.
    pub(crate) fn fleet(&self, scope: &str) -> Fleet {
        let limit = RedisLimit::open(&self.url(""), scope).unwrap();
        Fleet::new(limit).timeout(Duration::from_secs(2)).retry_interval(Duration::from_millis(200))
    }

    /// The URL of the server. `user` is the part before the host, or empty.
    pub(crate) fn url(&self, user: &str) -> String {
        format!("redis://{user}127.0.0.1:{}/", self.port)
    }

    /// The raw reply to a command.
    pub(crate) fn send_command(&self, command: &str) -> String {
        send_command(self.port, command).unwrap()
    }

    /// Kills the process.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.process = spawn(self.port, &self.arguments).unwrap();
        assert!(self.is_up());
    }

    fn is_up(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline && self.process.try_wait().unwrap().is_none() {
            if send_command(self.port, "PING")
                .is_ok_and(|answer| answer.starts_with("+PONG") || answer.starts_with("-NOAUTH"))
            {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(port: u16, arguments: &[String]) -> std::io::Result<Child> {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"])
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

fn send_command(port: u16, command: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.trim_end_matches("+OK\r\n").to_owned())
}
