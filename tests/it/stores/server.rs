//! A MariaDB or PostgreSQL server on loopback for one test, with its files in a directory of its own.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Folder;

/// The user `nobody`: PostgreSQL does not run as root.
const NOBODY: u32 = 65_534;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    MariaDb,
    PostgreSql,
}

impl Database {
    /// The variable that makes a missing program an error.
    fn required(self) -> &'static str {
        match self {
            Self::MariaDb => "REQUIRE_MARIADB",
            Self::PostgreSql => "REQUIRE_POSTGRES",
        }
    }

    /// The program that makes an empty database, and the server.
    fn programs(self) -> Option<[PathBuf; 2]> {
        let names = match self {
            Self::MariaDb => ["mariadb-install-db", "mariadbd"],
            Self::PostgreSql => ["initdb", "postgres"],
        };
        let mut folders: Vec<PathBuf> = ["/usr/bin", "/usr/sbin", "/usr/local/bin"].map(PathBuf::from).to_vec();
        folders.extend(std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|version| {
            version.path().join("bin") // where Debian has PostgreSQL's programs
        }));
        let found = |name| folders.iter().rev().map(|folder| folder.join(name)).find(|path| path.is_file());
        Some([found(names[0])?, found(names[1])?])
    }
}

pub(crate) struct Server {
    database: Database,
    program: PathBuf,
    port: u16,
    process: Child,
    folder: Folder,
}

impl Server {
    /// `None` and a message if the programs are not installed. Panics instead if the variable is set, as in CI.
    pub(crate) fn start(database: Database) -> Option<Self> {
        let Some([install, program]) = database.programs() else {
            assert!(std::env::var_os(database.required()).is_none(), "{database:?} is not installed");
            println!("skipped: {database:?} is not installed");
            return None;
        };
        let folder = Folder::new();
        owned(&folder.file(""));
        let data = folder.file("data");
        let mut command = plain(&install);
        match database {
            Database::MariaDb => command
                .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
                .arg(format!("--datadir={}", data.display())),
            Database::PostgreSql => command
                .args(["--username=root", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"])
                .arg(&data),
        };
        let output =
            command.current_dir(folder.file("")).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for port in std::iter::repeat_with(|| fastrand::u16(20_000..32_000)).take(20) {
            let process = spawn(database, &program, port, &folder);
            let mut server = Self { database, program: program.clone(), port, process, folder: Folder::new() };
            if server.is_up() {
                server.folder = folder;
                return Some(server);
            }
        }
        panic!("{database:?} does not start");
    }

    /// The URL of the server's database.
    pub(crate) fn url(&self) -> String {
        match self.database {
            Database::MariaDb => format!("mysql://root@127.0.0.1:{}/mysql", self.port),
            Database::PostgreSql => format!("postgres://root@127.0.0.1:{}/postgres", self.port),
        }
    }

    /// A file of the server.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.file(name)
    }

    /// Kills the server, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        if self.database == Database::PostgreSql {
            // The processes of its connections end a moment after it, and hold its shared memory until then.
            std::thread::sleep(Duration::from_millis(500));
        }
        self.process = spawn(self.database, &self.program, self.port, &self.folder);
        assert!(self.is_up());
    }

    fn is_up(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline && self.process.try_wait().unwrap().is_none() {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(database: Database, program: &Path, port: u16, folder: &Folder) -> Child {
    let (data, port) = (folder.file("data"), port.to_string());
    let mut command = plain(program);
    match database {
        Database::MariaDb => command
            .args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=32M"])
            .arg(format!("--port={port}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", folder.file("socket").display())),
        Database::PostgreSql => {
            command.args(["-h", "127.0.0.1", "-p", &port, "-k", "", "-c", "shared_buffers=32MB", "-D"]).arg(data)
        }
    };
    command.current_dir(folder.file("")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// A command that does not run as root.
fn plain(program: &Path) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.env_remove("LC_ALL");
    command
}

fn owned(path: &Path) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
