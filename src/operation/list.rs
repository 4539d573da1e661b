//! The list of all operations. Tests, fuzz targets and tables are derived from it.

/// Calls a macro with every operation, grouped by gateway and family, each with a description:
///
/// ```ignore
/// callback! {
///     (arguments)
///     top "OAIDs" { OaidDecrypt "decrypts up to 20 orders", }
///     aliyun "Bindings" { BindAxb "binds A and B to a shared number X", }
/// }
/// ```
///
/// Public only for the tests and fuzz targets of this package.
#[doc(hidden)]
#[macro_export]
macro_rules! operations {
    ($($callback:ident)::+ $(, $argument:tt)*) => {
        $($callback)::+! {
            ($($argument)*)
            top "OAIDs" {
                OaidDecrypt "decrypts up to 20 orders into receivers with virtual numbers",
                OaidClientDecrypt "decrypts one order on the end user's client",
                OnceTokenGet "exchanges a client's token for the one-time token of such a decryption",
            }
            top "Orders" {
                TradeFullinfoGet "reads one order with its current OAID",
                TradesSoldGet "lists orders by the time of their creation",
                TradesSoldIncrementGet "lists orders by the time of their last change",
                OaidMerge "tells which of up to 100 orders go to the same receiver",
            }
            top "Virtual numbers" {
                SecretExtend "extends the time for which a virtual number is bound",
                SecretBillDetail "reads a page of a shop's bill of one day",
                SecretAppkeyBillDetail "reads a page of the application's bill of one day",
            }
            top "Text messages" {
                SmsOaidMessageSend "sends a text message to the receiver of an order",
                SmsMessageDirectBatchsend "sends text messages to the receivers of up to 50 orders",
            }
            top "Message service" {
                TmcUserPermit "sets the topics of a shop's messages",
                TmcMessagesConsume "takes messages of all shops",
                TmcMessagesConfirm "confirms messages, so that they are not delivered again",
            }
            top "Authorisation" {
                AuthTokenCreate "exchanges an authorisation code for a session",
                AuthTokenRefresh "exchanges a refresh token for a new session",
            }
            top "Callers of 700 numbers" {
                SecretGroupUpdate "reports or removes callers of a 700 number",
                SecretGroupQuery "lists the reported callers",
            }
            top "Work cards" {
                WorkcardVirtualphoneBind "binds a work card's virtual number",
            }
            aliyun "Bindings" {
                BindAxb "binds A and B to a shared number X",
                BindAxn "gives A a number X that anybody can call",
                BindAxnExtension "gives A an extension of a number X",
                BindAxg "binds A to a group of numbers G",
                BindBatchAxg "binds many A numbers to G groups",
                UpdateSubscription "changes one property of a binding",
                UnbindSubscription "removes a binding",
                QuerySubscriptionDetail "reads a binding",
                QuerySubsId "looks up the bindings of a number X",
            }
            aliyun "700 numbers" {
                BindAxb700 "binds A and B to a shared 700 number X",
                BindGxb700 "binds a group of callers G and B to a 700 number X",
                UpdateSubs700 "changes one property of a binding of a 700 number",
                UnbindSubs700 "removes a binding of a 700 number",
            }
            aliyun "G groups" {
                CreateAxgGroup "creates a G group",
                OperateAxgGroup "adds, deletes or replaces the numbers of a G group",
                DeleteAxgGroup "deletes a G group",
            }
            aliyun "Calls and messages" {
                QueryCallStatus "queries whether a binding can be called now",
                ConfirmSendSms "sends an intercepted message",
                QueryRecordFileDownloadUrl "gets the link to a recording",
                GetTotalPublicUrl "gets the links to a recording and its ring tones",
                GetSecretAsrDetail "reads the transcript of a call",
            }
            aliyun "Number stock" {
                QuerySecretNoRemain "counts the numbers on sale",
                BuySecretNo "buys a number X",
                ReleaseSecretNo "releases a number X",
                LockSecretNo "locks a number X, so that no new binding gets it",
                UnlockSecretNo "unlocks a number X",
                QuerySecretNoDetail "reads the attributes of a number X",
            }
            aliyun "Blacklists" {
                OperateBlackNo "adds or deletes a number of a pool's blacklist",
                AddSecretBlacklist "adds an entry to a blacklist, of two numbers or one",
                DeleteSecretBlacklist "deletes an entry of a blacklist",
            }
            aliyun "Reports of A numbers" {
                GetDyplsOSSInfoForUploadFile "gets a permission to upload photos",
                CreatePhoneNoAReport "reports the person behind a mobile number",
                CreateFixedNoAReport "reports the person behind a fixed line",
                QuerySecretAPhoneNoToCust "reads the report of a number and how its review stands",
                DeleteSecretAPhoneNoToCust "deletes the report of a number",
            }
            aliyun "Waybills" {
                QueryPhoneNoAByTrackNo "announces a waybill number and gets the real numbers bound to it",
                AddAxnTrackNo "attaches a waybill number to an AXN binding",
                CreatePickUpWaybillPreQuery "queries pick-up slots and a price",
                CreatePickUpWaybill "orders a courier's pick-up",
                CancelPickUpWaybill "cancels a pick-up",
            }
            aliyun "Fixed lines" {
                BindAxbFixedLine "binds A and B to a shared landline X",
                BindAxnFixedLine "gives A a landline X that anybody can call",
                BindAxnExtensionFixedLine "gives A an extension of a landline X",
                UpdateAxbBindFixedLine "changes a fixed-line AXB binding",
                UpdateAxnBindFixedLine "changes a fixed-line AXN binding",
                UpdateAxnExtensionBindFixedLine "changes a fixed-line AXN extension binding",
                DeleteAxbBindFixedLine "removes a fixed-line AXB binding",
                DeleteAxnBindFixedLine "removes a fixed-line AXN binding",
                DeleteAxnExtensionBindFixedLine "removes a fixed-line AXN extension binding",
                QueryAxbBindFixedLine "reads a fixed-line AXB binding",
                QueryAxnBindFixedLine "reads fixed-line AXN bindings",
                QueryAxnExtensionBindFixedLine "reads fixed-line AXN extension bindings",
            }
            aliyun "Work numbers" {
                BindXB "gives a work number X to an employee B",
                UnBindXB "takes a work number X back from its employee B",
                BindAXBCall "lets B call a customer A through X for a limited time",
                UnBindAXB "removes a call binding of A, X and B",
                ConfigX "sets the options of a work number",
                GetXConfig "reads the options of a work number",
                GetXDefaultConfig "reads the default options of a work number",
                ListXTelephones "lists the work numbers of the account, page by page",
                QuerySoundRecord "gets the link to the recording of a work number's call",
                CreateSmsSign "gets the text that routes an SMS from B to A",
            }
            aliyun "Call receipts" {
                QueryTokenForMnsQueue "gets a token for reading a queue of call receipts",
            }
            aliyun "Number status" {
                DescribePhoneNumberStatus "queries whether a mobile number is in service",
            }
        }
    };
}
