//! The products of Alibaba Cloud that the client calls. A product is one entry of [`products!`] below.

use crate::operation::{Gateway, sealed};

/// An Aliyun product: a gateway with an endpoint and an API version of its own.
pub trait Product: Gateway {
    /// The API version, sent as the parameter `Version`.
    const VERSION: &'static str;

    /// The public endpoint, the default of every client.
    const DEFAULT_ENDPOINT: &'static str;

    /// The environment variable from which [`Client::from_env`](super::Client::from_env) reads another endpoint.
    const ENDPOINT_VARIABLE: Option<&'static str>;

    #[doc(hidden)]
    const KIND: ProductKind;
}

macro_rules! products {
    ($(
        $(#[$meta:meta])*
        $product:ident {
            field: $field:ident,
            version: $version:literal,
            endpoint: $endpoint:literal,
            variable: $variable:expr,
        }
    )+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy)]
            #[non_exhaustive]
            pub enum $product {}

            impl sealed::Sealed for $product {}

            impl Gateway for $product {
                const NAME: &'static str = stringify!($product);
            }

            impl Product for $product {
                const VERSION: &'static str = $version;
                const DEFAULT_ENDPOINT: &'static str = $endpoint;
                const ENDPOINT_VARIABLE: Option<&'static str> = $variable;
                const KIND: ProductKind = ProductKind::$product;
            }
        )+

        /// Selects a product's endpoint at run time.
        #[doc(hidden)]
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub enum ProductKind {
            $(#[doc = $endpoint] $product,)+
        }

        impl ProductKind {
            /// Each product with the environment variable that overrides its endpoint.
            pub(super) const VARIABLES: &'static [(Self, Option<&'static str>)] =
                &[$((Self::$product, $product::ENDPOINT_VARIABLE),)+];
        }

        /// One value for each product: the text of its endpoint, or the parsed URL.
        #[derive(Clone)]
        pub(super) struct Endpoints<T> {
            $($field: T,)+
        }

        impl Endpoints<String> {
            /// The public endpoints.
            pub(super) fn public() -> Self {
                Self { $($field: $product::DEFAULT_ENDPOINT.to_owned(),)+ }
            }

            /// The same endpoint for every product.
            pub(super) fn all(url: &str) -> Self {
                Self { $($field: url.to_owned(),)+ }
            }
        }

        impl<T> Endpoints<T> {
            pub(super) fn get(&self, product: ProductKind) -> &T {
                match product {
                    $(ProductKind::$product => &self.$field,)+
                }
            }

            pub(super) fn set(&mut self, product: ProductKind, endpoint: T) {
                match product {
                    $(ProductKind::$product => self.$field = endpoint,)+
                }
            }

            pub(super) fn try_map<U, E>(&self, convert: impl Fn(&T) -> Result<U, E>) -> Result<Endpoints<U>, E> {
                Ok(Endpoints { $($field: convert(&self.$field)?,)+ })
            }

            /// Each endpoint with the name of its product.
            pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &T)> {
                [$(($product::NAME, &self.$field),)+].into_iter()
            }
        }
    };
}

products! {
    /// Marks the operations of Phone Number Protection (号码隐私保护), version 2017-05-25.
    Dyplsapi {
        field: dyplsapi,
        version: "2017-05-25",
        endpoint: "https://dyplsapi.aliyuncs.com/",
        variable: Some("ALIYUN_DYPLS_ENDPOINT"),
    }

    /// Marks the operations of Phone Number Service (号码百科), version 2020-02-17.
    Dytnsapi {
        field: dytnsapi,
        version: "2020-02-17",
        endpoint: "https://dytnsapi.aliyuncs.com/",
        variable: Some("ALIYUN_DYTNS_ENDPOINT"),
    }

    /// Marks the operations of Dybaseapi, version 2017-05-25: the tokens for the queues of call receipts (话单).
    Dybaseapi {
        field: dybaseapi,
        version: "2017-05-25",
        endpoint: "https://dybaseapi.aliyuncs.com/",
        variable: Some("ALIYUN_DYBASE_ENDPOINT"),
    }

    /// Marks the operations of the Security Token Service, version 2015-04-01.
    Sts {
        field: sts,
        version: "2015-04-01",
        endpoint: "https://sts.aliyuncs.com/",
        variable: None,
    }
}
