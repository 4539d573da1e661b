//! Ring tones for the two sides of a binding, by the kind of binding.

use bon::Builder;
use serde::Serialize;

/// Ring tones of a binding: a code for each slot, `10000001` for instance. The codes are in the console, under
/// 号码池管理 > 企业彩铃管理; a slot that is not set rings as the pool does.
///
/// Source: Dyplsapi reference, chapters 4.1 to 4.4 and 4.7, parameter `RingConfig`.
#[doc(alias = "彩铃")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum RingConfig {
    /// For an AXB binding.
    Axb(AxbRingConfig),
    /// For an AXN binding.
    Axn(AxnRingConfig),
    /// For an AXG binding.
    Axg(AxgRingConfig),
}

/// Ring tones of an AXB binding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct AxbRingConfig {
    /// The tone when A calls X.
    #[serde(rename = "AXBRing_A", skip_serializing_if = "Option::is_none")]
    pub axb_ring_a: Option<String>,
    /// The tone when B calls X.
    #[serde(rename = "AXBRing_B", skip_serializing_if = "Option::is_none")]
    pub axb_ring_b: Option<String>,
    /// The pick-up slot of A. Known from the official SDK only.
    #[serde(rename = "AXBRing_A_PICKUP", skip_serializing_if = "Option::is_none")]
    pub axb_ring_a_pickup: Option<String>,
    /// The pick-up slot of B. Known from the official SDK only.
    #[serde(rename = "AXBRing_B_PICKUP", skip_serializing_if = "Option::is_none")]
    pub axb_ring_b_pickup: Option<String>,
}

/// Ring tones of an AXN binding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct AxnRingConfig {
    /// The tone when A calls X and there is a number to call back.
    #[serde(rename = "AXNRing_AB", skip_serializing_if = "Option::is_none")]
    pub axn_ring_ab: Option<String>,
    /// The tone when A calls X and there is no number to call back.
    #[serde(rename = "AXNRing_A", skip_serializing_if = "Option::is_none")]
    pub axn_ring_a: Option<String>,
    /// The tone when N calls X.
    #[serde(rename = "AXNRing_N", skip_serializing_if = "Option::is_none")]
    pub axn_ring_n: Option<String>,
    /// The pick-up slot of A. Known from the official SDK only.
    #[serde(rename = "AXNRing_A_PICKUP", skip_serializing_if = "Option::is_none")]
    pub axn_ring_a_pickup: Option<String>,
    /// The pick-up slot of N. Known from the official SDK only.
    #[serde(rename = "AXNRing_N_PICKUP", skip_serializing_if = "Option::is_none")]
    pub axn_ring_n_pickup: Option<String>,
}

/// Ring tones of an AXG binding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct AxgRingConfig {
    /// The tone when A calls X and there is a number to call back.
    #[serde(rename = "AXGRing_AB", skip_serializing_if = "Option::is_none")]
    pub axg_ring_ab: Option<String>,
    /// The tone when A calls X and there is no number to call back.
    #[serde(rename = "AXGRing_A", skip_serializing_if = "Option::is_none")]
    pub axg_ring_a: Option<String>,
    /// The tone when a number of the G group calls X.
    #[serde(rename = "AXGRing_G", skip_serializing_if = "Option::is_none")]
    pub axg_ring_g: Option<String>,
}

impl From<AxbRingConfig> for RingConfig {
    fn from(config: AxbRingConfig) -> Self {
        Self::Axb(config)
    }
}

impl From<AxnRingConfig> for RingConfig {
    fn from(config: AxnRingConfig) -> Self {
        Self::Axn(config)
    }
}

impl From<AxgRingConfig> for RingConfig {
    fn from(config: AxgRingConfig) -> Self {
        Self::Axg(config)
    }
}
