//! What the requests that change one number X have in common.

/// Defines a request that changes the state of one number X, with its response. Within the braces stands what only this
/// operation has.
macro_rules! number_request {
    (
        $(#[$meta:meta])* $request:ident,
        $(#[$response_meta:meta])* $response:ident,
        { $($own:item)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
        #[serde(rename_all = "PascalCase")]
        #[builder(on(String, into), on(VirtualNumber, into))]
        // For the types of the builder: within a macro of this crate the lint sees them as written by hand.
        #[allow(missing_debug_implementations)]
        #[non_exhaustive]
        pub struct $request {
            /// The number pool's key.
            pub pool_key: String,
            /// The whole number.
            pub secret_no: VirtualNumber,
        }

        impl Operation for $request {
            type Gateway = Dyplsapi;
            type Output = $response;
            const NAME: &'static str = stringify!($request);
            const SAFETY: Safety = Safety::Idempotent;
            $($own)*

            fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
                check_not_empty("pool_key", &self.pool_key)?;
                check_virtual("secret_no", &self.secret_no)
            }
        }

        response! {
            $(#[$response_meta])*
            $response {}
        }
    };
}

pub(super) use number_request;
