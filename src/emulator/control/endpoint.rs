//! One control endpoint: a method of a path, what it takes and what it gives.

use bytes::Bytes;
use http::{Request, StatusCode};

use super::reply::Problem;
use crate::emulator::delivery::Reply;
use crate::emulator::gateways::Gateways;

/// One HTTP method of one path. The list of endpoints and the OpenAPI document are made from it.
pub(super) struct Endpoint {
    /// In capital letters.
    pub(super) method: &'static str,
    /// The path below `/_emulator/`. It is empty for `/_emulator/` itself.
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    pub(super) run: Run,
    /// The query parameters. A request with another one is refused.
    pub(super) query: &'static [QueryParameter],
    /// What the body of the request must be.
    pub(super) body: Body,
    /// The status of a success.
    pub(super) success: StatusCode,
    /// The type of the answer.
    pub(super) content_type: &'static str,
    /// The name of the schema of an answer in JSON.
    pub(super) answer: &'static str,
    /// The refusals that depend on the state, besides those that every endpoint has.
    pub(super) refusals: &'static [StatusCode],
}

/// The body of a request, with the name of its schema.
#[derive(Clone, Copy)]
pub(super) enum Body {
    None,
    Required(&'static str),
    /// No body is the same as `{}`.
    Optional(&'static str),
}

/// A parameter in the query of a URL. All are optional.
pub(super) struct QueryParameter {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The JSON schema of the value.
    pub(super) schema: &'static str,
}

type Run = fn(&Request<Bytes>, &Gateways) -> Result<Reply, Problem>;

impl Endpoint {
    /// An endpoint without a body that gives the state.
    pub(super) const fn get(path: &'static str, about: &'static str, run: Run, answer: &'static str) -> Self {
        Self {
            method: "GET",
            path,
            about,
            run,
            query: &[],
            body: Body::None,
            success: StatusCode::OK,
            content_type: "application/json",
            answer,
            refusals: &[],
        }
    }

    /// An endpoint that takes a body and changes something. `takes` and `answer` are the names of their schemas.
    pub(super) const fn post(
        path: &'static str,
        about: &'static str,
        run: Run,
        takes: &'static str,
        answer: &'static str,
    ) -> Self {
        Self { method: "POST", body: Body::Required(takes), ..Self::get(path, about, run, answer) }
    }

    /// An endpoint without a body that removes something.
    pub(super) const fn delete(path: &'static str, about: &'static str, run: Run, answer: &'static str) -> Self {
        Self { method: "DELETE", ..Self::get(path, about, run, answer) }
    }

    /// The status of a success is 201.
    pub(super) const fn creates(self) -> Self {
        Self { success: StatusCode::CREATED, ..self }
    }

    /// An endpoint without a body whose answer is not JSON.
    pub(super) const fn get_text(
        path: &'static str,
        about: &'static str,
        run: Run,
        content_type: &'static str,
    ) -> Self {
        Self { content_type, ..Self::get(path, about, run, "") }
    }

    /// The body can be left out.
    pub(super) const fn body_is_optional(self) -> Self {
        let body = match self.body {
            Body::Required(schema) => Body::Optional(schema),
            other => other,
        };
        Self { body, ..self }
    }

    pub(super) const fn query(self, query: &'static [QueryParameter]) -> Self {
        Self { query, ..self }
    }

    pub(super) const fn refuses(self, refusals: &'static [StatusCode]) -> Self {
        Self { refusals, ..self }
    }
}
