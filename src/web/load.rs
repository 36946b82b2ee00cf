//! Something that is fetched: on its way, here, or not to be had.

use domain::problem::ApiProblem;

/// The life of something that is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load<T> {
    /// On its way.
    Waiting,
    /// Here.
    Done(T),
    /// Not to be had.
    Failed(ApiProblem),
}

impl<T> Load<T> {
    /// The thing, once it is here.
    pub fn done(&self) -> Option<&T> {
        match self {
            Self::Done(value) => Some(value),
            _ => None,
        }
    }
}

impl<T> From<Result<T, ApiProblem>> for Load<T> {
    fn from(result: Result<T, ApiProblem>) -> Self {
        match result {
            Ok(value) => Self::Done(value),
            Err(problem) => Self::Failed(problem),
        }
    }
}
