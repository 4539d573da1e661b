//! All rows of a day's bill, and their sums.

mod sum;

use std::collections::{HashSet, VecDeque};
use std::hash::Hash;

use chrono::NaiveDate;
use futures_util::stream::{self, Stream};

use super::Top;
use super::billing::{
    AppBillDetail, BillDetail, BillQuery, SecretAppkeyBillDetail, SecretAppkeyBillDetailResponse, SecretBillDetail,
    SecretBillDetailResponse,
};
use super::shop::Shop;
use crate::error::Error;
use crate::operation::Operation;
pub use sum::BillSum;

/// The public types of this file.
pub(super) mod exports {
    pub use super::{BillError, BillSum};
}

impl Shop {
    /// All rows of this shop's bill of one day in China: a stream that reads page after page of 1000 rows. Safe and
    /// free.
    ///
    /// The stream ends after as many rows as the gateway says that the day has. An error ends it too. If it has ended
    /// without an error, no row is missing and none came twice. Read a day once it is over; only the last 90 days are
    /// guaranteed.
    ///
    /// # Errors
    /// [`BillError`]. The rows before it may be incomplete: read the day again.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use chrono::Utc;
    /// use futures_util::TryStreamExt;
    /// use privacy_number::top::{AppBillDetail, BillDetail, BillItem, BillSum, ReceiverQuery};
    /// use privacy_number::{china, emulator::Emulator};
    /// # use futures_util::StreamExt;
    ///
    /// let emulator = Emulator::start().await?;
    /// let shop = emulator.shop()?;
    /// let query = ReceiverQuery::builder().oaid("oaid-2001").tid("2001").secret_no_days(15).build();
    /// shop.decrypt_all([query]).next().await;
    ///
    /// let today = Utc::now().with_timezone(&china()).date_naive();
    /// let rows: Vec<BillDetail> = shop.bills(today).try_collect().await?;
    /// let sum = BillSum::of_shop(&rows).ok_or("the sum has too many digits")?;
    /// assert_eq!(sum.duration(&BillItem::Rent), 15);
    ///
    /// let of_app: Vec<AppBillDetail> = shop.app_bills(today).try_collect().await?;
    /// let shops = BillSum::per_shop(&of_app).ok_or("the sum has too many digits")?;
    /// assert_eq!(shops[0].1, sum);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "账单")]
    pub fn bills(&self, day: NaiveDate) -> impl Stream<Item = Result<BillDetail, BillError>> + Send + Unpin + use<> {
        self.all_rows::<SecretBillDetail>(day)
    }

    /// All rows of the application's bill of one day in China, as [`bills`](Self::bills): at most two for each shop.
    #[doc(alias = "应用账单")]
    pub fn app_bills(
        &self,
        day: NaiveDate,
    ) -> impl Stream<Item = Result<AppBillDetail, BillError>> + Send + Unpin + use<> {
        self.all_rows::<SecretAppkeyBillDetail>(day)
    }

    fn all_rows<O: BillPage>(
        &self,
        day: NaiveDate,
    ) -> impl Stream<Item = Result<O::Row, BillError>> + Send + Unpin + use<O> {
        let pages = Pages::<O> {
            shop: self.clone().in_workflow(),
            query: BillQuery::first_page(day),
            rows: VecDeque::new(),
            seen: HashSet::new(),
            received: 0,
            total: None,
            is_done: false,
        };
        Box::pin(stream::unfold(pages, async |mut pages| {
            let row = pages.next().await?;
            Some((row, pages))
        }))
    }
}

/// Why the rows of a day are not complete.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum BillError {
    /// A page could not be read.
    #[error(transparent)]
    Call(#[from] Error),
    /// A page has no rows, or too few pages were there: rows are missing.
    #[error("the bill has {received} rows of {total}")]
    #[non_exhaustive]
    Short {
        /// The rows that were received.
        received: u64,
        /// The rows that the day has, by the gateway.
        total: u64,
    },
    /// A page has a row of an earlier page again, so that another row may be missing.
    #[error("page {page} of the bill repeats a row of an earlier page")]
    #[non_exhaustive]
    Repeated {
        /// The page.
        page: u32,
    },
    /// The number of rows changed while the pages were read: the bill is not complete yet.
    #[error("the bill changed from {before} to {after} rows while it was read")]
    #[non_exhaustive]
    Changed {
        /// The number by the first page.
        before: u64,
        /// The number by a later page, or the rows that were received, if they are more.
        after: u64,
    },
}

/// A method that returns pages of a bill.
trait BillPage: Operation<Gateway = Top> + From<BillQuery> + Send + Sync + 'static {
    type Row: Clone + Eq + Hash + Send + 'static;

    /// The rows of a page, and the number of rows of all pages.
    fn rows(page: Self::Output) -> (Vec<Self::Row>, Option<u64>);
}

impl BillPage for SecretBillDetail {
    type Row = BillDetail;

    fn rows(page: SecretBillDetailResponse) -> (Vec<BillDetail>, Option<u64>) {
        (page.data, page.total_num)
    }
}

impl BillPage for SecretAppkeyBillDetail {
    type Row = AppBillDetail;

    fn rows(page: SecretAppkeyBillDetailResponse) -> (Vec<AppBillDetail>, Option<u64>) {
        (page.data, page.total_num)
    }
}

struct Pages<O: BillPage> {
    shop: Shop,
    /// The next page.
    query: BillQuery,
    /// The rows that were received and not yielded.
    rows: VecDeque<O::Row>,
    /// The rows of earlier pages.
    seen: HashSet<O::Row>,
    received: u64,
    total: Option<u64>,
    is_done: bool,
}

impl<O: BillPage> Pages<O> {
    async fn next(&mut self) -> Option<Result<O::Row, BillError>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Some(Ok(row));
            }
            if self.is_done {
                return None;
            }
            if let Err(error) = self.read_page().await {
                self.is_done = true;
                return Some(Err(error));
            }
        }
    }

    async fn read_page(&mut self) -> Result<(), BillError> {
        let (rows, total) = O::rows(self.shop.send(&O::from(self.query)).await?);
        let is_empty = rows.is_empty();
        if let (Some(before), Some(after)) = (self.total, total)
            && before != after
        {
            return Err(BillError::Changed { before, after });
        }
        self.total = self.total.or(total);
        // Two rows of one page may be equal. A row of an earlier page has moved, or its page came again.
        if rows.iter().any(|row| self.seen.contains(row)) {
            return Err(BillError::Repeated { page: self.query.page_no });
        }
        self.received = self.received.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        self.query.page_no = self.query.page_no.saturating_add(1);
        match self.total {
            Some(before) if self.received > before => {
                return Err(BillError::Changed { before, after: self.received });
            }
            Some(total) if self.received == total => self.is_done = true,
            Some(total) if is_empty => return Err(BillError::Short { received: self.received, total }),
            // Without a number, the first page without rows is the end.
            None if is_empty => self.is_done = true,
            _ => self.seen.extend(rows.iter().cloned()),
        }
        self.rows.extend(rows);
        Ok(())
    }
}
