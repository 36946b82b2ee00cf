//! Connections: how many there may be, and how long one may be silent.
//!
//! A connection costs a file descriptor and some memory before anybody has said who they are. There are as many as
//! the process may have descriptors for; when they are all taken, the one that has been silent for longest makes room for
//! the next. One on which nothing is heard for [`SILENCE`] is closed in any case, be it new, between two
//! requests or in the middle of a header.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// How long a connection may be silent between requests, and take for a request's head.
pub const SILENCE: Duration = Duration::from_secs(30);
/// Descriptors for everything else: the database, files, the provider.
const RESERVED: u64 = 64;
/// More connections than this are never open at once.
const MOST: u64 = 10_000;
/// How long to wait when no connection can be accepted at all.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// Raises the limit of file descriptors as far as the process may, and says how many connections fit under it.
pub fn most() -> usize {
    let limit = raised_limit().unwrap_or(MOST);
    usize::try_from(limit.saturating_sub(RESERVED).clamp(16, MOST)).unwrap_or(16)
}

#[cfg(unix)]
fn raised_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(MOST + RESERVED).min(MOST + RESERVED);
    let raised = Rlimit { current: Some(wanted), maximum };
    if current.is_some_and(|current| current < wanted)
        && setrlimit(Resource::Nofile, raised).is_ok()
    {
        return Some(wanted);
    }
    current
}

#[cfg(not(unix))]
fn raised_limit() -> Option<u64> {
    None
}

/// Answers requests on at most `most` connections until `stop` is ready, then lets those that are in flight come to
/// their end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    most: usize,
    stop: impl Future<Output = ()>,
) {
    let (open, tracker, stopping) =
        (Arc::new(Open::default()), TaskTracker::new(), CancellationToken::new());
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(connection) = Open::admit(&open, most) else { continue };
                let answers = answer(stream, peer, router.clone(), connection, stopping.clone());
                tracker.spawn(answers);
            }
            Err(error) => {
                // The client has gone again, or descriptors have run out.
                tracing::debug!(%error, "a connection cannot be accepted");
                open.close_quietest();
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
    drop(listener);
    stopping.cancel();
    tracker.close();
    tracker.wait().await;
}

async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    connection: Connection,
    stopping: CancellationToken,
) {
    // Answers are small and go out as they are.
    let _ = stream.set_nodelay(true);
    let closed = connection.closed.clone();
    let connection = Arc::new(connection);
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let busy = Busy::new(Arc::clone(&connection));
        let response = router.clone().oneshot(request.map(Body::new));
        async move {
            let response: Response = response.await?;
            // It is busy until the last of the body is on its way.
            Ok::<_, Infallible>(response.map(|body| {
                body.map_frame(move |frame| {
                    let _busy = &busy;
                    frame
                })
            }))
        }
    });
    let mut serving = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(SILENCE)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        // Clients that go away in the middle are nobody's error.
        _ = &mut serving => return,
        () = closed.cancelled() => return,
        () = stopping.cancelled() => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = serving.await;
}

/// The connections that are open, by their numbers.
#[derive(Default)]
struct Open(Mutex<Table>);

#[derive(Default)]
struct Table {
    last: u64,
    connections: HashMap<u64, State>,
}

struct State {
    /// Requests in flight: 1 at most in HTTP/1.1.
    in_flight: u32,
    quiet_since: Instant,
    closed: CancellationToken,
}

/// One that is open. Dropping it makes room.
struct Connection {
    number: u64,
    closed: CancellationToken,
    open: Arc<Open>,
}

impl Open {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more; `None` when all others are busy.
    fn admit(open: &Arc<Self>, most: usize) -> Option<Connection> {
        if open.table().connections.len() >= most && !open.close_quietest() {
            tracing::warn!("all {most} connections are busy: one more is refused");
            return None;
        }
        let closed = CancellationToken::new();
        let mut table = open.table();
        table.last += 1;
        let number = table.last;
        let state = State { in_flight: 0, quiet_since: Instant::now(), closed: closed.clone() };
        table.connections.insert(number, state);
        Some(Connection { number, closed, open: Arc::clone(open) })
    }

    /// Closes the connection that has been silent for longest; whether there is one.
    fn close_quietest(&self) -> bool {
        let mut table = self.table();
        let silent = table.connections.iter().filter(|(_, state)| state.in_flight == 0);
        let quietest = silent.min_by_key(|(_, state)| state.quiet_since).map(|(number, _)| *number);
        let Some(state) = quietest.and_then(|number| table.connections.remove(&number)) else {
            return false;
        };
        state.closed.cancel();
        true
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.table().connections.remove(&self.number);
    }
}

/// A request in flight.
struct Busy(Arc<Connection>);

impl Busy {
    fn new(connection: Arc<Connection>) -> Self {
        if let Some(state) = connection.open.table().connections.get_mut(&connection.number) {
            state.in_flight += 1;
        }
        Self(connection)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(state) = self.0.open.table().connections.get_mut(&self.0.number) {
            state.in_flight -= 1;
            state.quiet_since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::oneshot;

    /// A server with room for so many; dropping the sender stops it.
    async fn served(most: usize) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "slow"
        };
        let router = Router::new().route("/", get(|| async { "here" })).route("/slow", get(slow));
        let stopped = async {
            let _ = stopped.await;
        };
        (address, stop, tokio::spawn(serve(listener, router, most, stopped)))
    }

    async fn ask(stream: &mut TcpStream, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 1024];
        let read = stream.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    }

    #[tokio::test]
    async fn silent_connections_make_room_for_those_that_speak() {
        let (address, _stop, _) = served(16).await;
        let mut silent = Vec::new();
        for _ in 0..300 {
            silent.push(TcpStream::connect(address).await.unwrap());
        }
        let mut speaks = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut speaks, "/").await.ends_with("here"));
        // The first of the silent ones was closed.
        assert_eq!(silent[0].read(&mut [0]).await.unwrap(), 0);
        // Whoever speaks again and again stays.
        for _ in 0..20 {
            silent.push(TcpStream::connect(address).await.unwrap());
            assert!(ask(&mut speaks, "/").await.ends_with("here"));
        }
    }

    #[tokio::test]
    async fn what_is_in_flight_is_never_closed_for_others() {
        let (address, _stop, _) = served(1).await;
        let mut busy = TcpStream::connect(address).await.unwrap();
        let answer = tokio::spawn(async move { ask(&mut busy, "/slow").await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut refused = TcpStream::connect(address).await.unwrap();
        assert_eq!(refused.read(&mut [0]).await.unwrap(), 0);
        assert!(answer.await.unwrap().ends_with("slow"));
    }

    #[tokio::test]
    async fn what_is_in_flight_ends_before_the_server_does() {
        let (address, stop, server) = served(16).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _idle = TcpStream::connect(address).await.unwrap();
        let answer = tokio::spawn(async move { ask(&mut stream, "/slow").await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(stop);
        server.await.unwrap();
        assert!(answer.await.unwrap().ends_with("slow"));
    }
}
