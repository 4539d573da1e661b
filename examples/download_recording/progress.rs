//! Shows the wait for a recording, and then the progress of its download.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use privacy_number::aliyun::DownloadProgress;

pub(crate) struct ProgressShown {
    bar: ProgressBar,
    started: Instant,
}

impl ProgressShown {
    pub(crate) fn new() -> Self {
        Self { bar: ProgressBar::new(0), started: Instant::now() }
    }

    /// Shows the progress of the download.
    pub(crate) fn on_progress(&self) -> impl Fn(DownloadProgress) + Send + Sync + use<> {
        let bar = self.bar.clone();
        move |progress| {
            bar.set_length(progress.total.unwrap_or(progress.bytes));
            bar.set_position(progress.bytes);
        }
    }

    /// Awaits the download. While there is no recording, prints after a second and then every `pause` how long it has
    /// waited, of at most `wait`.
    pub(crate) async fn until_done<T>(&self, download: impl Future<Output = T>, wait: Duration, pause: Duration) -> T {
        let (mut download, mut tell_after) = (pin!(download), Duration::from_secs(1));
        loop {
            tokio::select! {
                done = &mut download => {
                    self.bar.finish_and_clear();
                    return done;
                }
                () = tokio::time::sleep(tell_after) => tell_after = pause,
            }
            if self.bar.position() == 0 {
                let (waited, wait) = (self.waited().as_secs(), wait.as_secs());
                self.bar.suspend(|| eprintln!("no recording yet: waited {waited} s, at most {wait} s"));
            }
        }
    }

    pub(crate) fn waited(&self) -> Duration {
        self.started.elapsed()
    }
}
