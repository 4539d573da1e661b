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
                CreateAxgGroup "makes a G group",
                OperateAxgGroup "adds, deletes or replaces the numbers of a G group",
                DeleteAxgGroup "deletes a G group",
            }
            aliyun "Calls and messages" {
                QueryCallStatus "asks whether a binding can be called now",
                ConfirmSendSms "lets an intercepted message go out",
                QueryRecordFileDownloadUrl "gets the link to a recording",
                GetTotalPublicUrl "gets the links to a recording and its ring tones",
                GetSecretAsrDetail "reads what was said in a call",
            }
            aliyun "Number stock" {
                QuerySecretNoRemain "counts the numbers on sale",
                BuySecretNo "buys a number X",
                ReleaseSecretNo "gives a number X back",
                LockSecretNo "keeps a number X out of new bindings",
                UnlockSecretNo "lets a locked number X back in",
                QuerySecretNoDetail "reads the attributes of a number X",
            }
            aliyun "Blacklists" {
                OperateBlackNo "adds or deletes a number of a pool's blacklist",
                AddSecretBlacklist "adds an entry to a blacklist, of two numbers or one",
                DeleteSecretBlacklist "deletes an entry of a blacklist",
            }
            aliyun "Waybills" {
                QueryPhoneNoAByTrackNo "announces a waybill number and gets the real numbers bound to it",
                AddAxnTrackNo "attaches a waybill number to an AXN binding",
                CreatePickUpWaybillPreQuery "asks for pick-up slots and a price",
                CreatePickUpWaybill "orders a courier's pick-up",
                CancelPickUpWaybill "cancels a pick-up",
            }
            aliyun "Number status" {
                DescribePhoneNumberStatus "asks the network whether a mobile number is in service",
            }
        }
    };
}
