//! A router that remembers its routes, so that a test can ask of each one who may go there.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing;

use crate::app::App;

/// One method at one path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// `GET` or `POST`; pages need no other.
    pub method: &'static str,
    /// The path, with `{…}` for its parts.
    pub path: &'static str,
}

/// Routes of one area.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<Arc<App>>,
    list: Vec<Route>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add("GET", path, routing::get(handler))
    }

    /// Adds an action.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add("POST", path, routing::post(handler))
    }

    /// Adds another area's routes.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    /// What was added so far.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The router itself.
    pub fn into_router(self) -> Router<Arc<App>> {
        self.router
    }

    fn add(mut self, method: &'static str, path: &'static str, handler: routing::MethodRouter<Arc<App>>) -> Self {
        self.router = self.router.route(path, handler);
        self.list.push(Route { method, path });
        self
    }
}
