//! Connections: how many, how long a head may take, and an orderly end.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, serve::Listener};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::sync::{Semaphore, watch};
use tower_service::Service;

use crate::Limits;

/// How long answers under way may take when the process is to end.
const GRACE: Duration = Duration::from_secs(10);
/// hyper keeps no smaller buffer.
const SMALLEST_BUFFER: usize = 8_192;

/// From which address somebody connected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Serves until `shutdown` is true or its sender is gone, then lets what is under way come to its end. The listener may be of TCP, or of TLS
/// over it.
pub async fn serve<L: Listener<Addr = SocketAddr>>(mut listener: L, router: Router, limits: &Limits, mut shutdown: watch::Receiver<bool>) {
    let (graceful, connections) = (GracefulShutdown::new(), Arc::new(Semaphore::new(limits.connections)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(limits.head_bytes.max(SMALLEST_BUFFER));
    loop {
        let next = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, (io, from)) = tokio::select! {
            next = next => next,
            _ = shutdown.wait_for(|ends| *ends) => break,
        };
        let router = router.clone();
        let answer = service_fn(move |request: hyper::Request<Incoming>| {
            let mut router = router.clone();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(from.ip()));
            async move { router.call(request).await }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(io), answer));
        tokio::spawn(async move {
            if let Err(e) = connection.await {
                tracing::debug!("a connection ended: {e}");
            }
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished when the service ended");
    }
}
