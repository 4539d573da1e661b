//! All pages of a list of work numbers.

use futures_util::stream::{self, Stream, TryStreamExt};

use super::listing::{ListXTelephones, XTelephone};
use super::req_id::ReqId;
use crate::aliyun::client::Client;
use crate::error::Error;

impl Client {
    /// All work numbers that a query finds, from the first page to the last.
    ///
    /// A page is requested when the numbers of the page before it have been taken. The `page_no` of the query is
    /// without effect. Each page after the first has a new [`ReqId`]. Numbers that are bought or released meanwhile may
    /// be missed or occur twice: the list is no snapshot.
    ///
    /// # Errors
    /// The error of the page that failed, as the last item.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use futures_util::TryStreamExt;
    /// use privacy_number::aliyun::ListXTelephones;
    ///
    /// let query = ListXTelephones::builder().customer_pool_key(pool_key).page_size(2).build();
    /// let numbers: Vec<_> = client.x_telephones(query).try_collect().await?;
    /// assert_eq!(numbers.len(), 3);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub fn x_telephones(&self, query: ListXTelephones) -> impl Stream<Item = Result<XTelephone, Error>> + Send + use<> {
        let first = NextPage { query: ListXTelephones { page_no: Some(1), ..query }, seen: 0 };
        let client = self.clone().in_workflow();
        let pages = stream::try_unfold(Some(first), move |next| read_page(client.clone(), next));
        pages.map_ok(|page| stream::iter(page.into_iter().map(Ok))).try_flatten()
    }
}

struct NextPage {
    query: ListXTelephones,
    /// The count of numbers on the pages before it.
    seen: u64,
}

/// The numbers of a page, and the page after it; `None` after the last page.
async fn read_page(
    client: Client,
    next: Option<NextPage>,
) -> Result<Option<(Vec<XTelephone>, Option<NextPage>)>, Error> {
    let Some(NextPage { query, seen }) = next else { return Ok(None) };
    let page = client.send(&query).await?.data;
    let seen = seen.saturating_add(u64::try_from(page.list.len()).unwrap_or(u64::MAX));
    let is_last = page.list.is_empty() || seen >= page.total;
    let page_no = query.page_no.map(|page_no| page_no.saturating_add(1));
    let following = NextPage { query: ListXTelephones { page_no, req_id: ReqId::random(), ..query }, seen };
    Ok(Some((page.list, (!is_last).then_some(following))))
}
