//! The listener: HTTP, or HTTPS when certificate and key are given.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::serve::Listener;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::failure::Failure;

/// A client that has not agreed on a key by then is not waited for.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Clients that agree on a key at once: each costs a signature.
const HANDSHAKES: usize = 64;
/// Between two looks at the certificate's files: a renewed one is taken into use without a restart.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Takes the port: nobody is answered yet.
pub async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let cannot = |e: std::io::Error| Failure::cannot_open(format!("{address} cannot be listened on: {e}. Name another one with --listen"));
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    Ok((listener, address))
}

/// Certificate and key.
pub struct Tls {
    /// The certificate with its chain, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
}

impl Tls {
    fn load(&self) -> Result<Arc<ServerConfig>, String> {
        let certificates: Vec<_> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect)
            .map_err(|e| format!("the certificate {}: {e}", self.certificate.display()))?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|e| format!("the key {}: {e}", self.key.display()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|e| e.to_string())?;
        let config = config.with_no_client_auth().with_single_cert(certificates, key);
        let mut config = config.map_err(|e| format!("certificate {} and key {}: {e}", self.certificate.display(), self.key.display()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn changed(&self) -> [Option<std::time::SystemTime>; 2] {
        [&self.certificate, &self.key].map(|path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok())
    }
}

/// Connections on which a key has been agreed. Handshakes happen beside each other: a slow client holds up nobody.
pub struct TlsListener {
    agreed: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl TlsListener {
    /// Agrees on keys with whoever comes to this listener.
    pub fn over(listener: TcpListener, address: SocketAddr, tls: Tls) -> Result<Self, Failure> {
        let unusable = |cause: String| Failure::wrong_use(format!("TLS cannot begin: {cause}"));
        let config = Arc::new(RwLock::new(tls.load().map_err(unusable)?));
        tokio::spawn(renew(tls, Arc::clone(&config)));
        let (sender, agreed) = mpsc::channel(HANDSHAKES);
        let room = Arc::new(Semaphore::new(HANDSHAKES));
        tokio::spawn(async move {
            let mut listener = listener;
            while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
                // axum's way of accepting waits out what passes by itself, such as too many open files.
                let (stream, from) = tokio::select! {
                    accepted = Listener::accept(&mut listener) => accepted,
                    () = sender.closed() => return,
                };
                let acceptor = TlsAcceptor::from(Arc::clone(&config.read().unwrap_or_else(PoisonError::into_inner)));
                let sender = sender.clone();
                tokio::spawn(async move {
                    match tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)).await {
                        // Whoever waits for it is gone when the service ends.
                        Ok(Ok(stream)) => drop(sender.send((stream, from)).await),
                        Ok(Err(e)) => tracing::debug!("no key was agreed on with {from}: {e}"),
                        Err(_) => tracing::debug!("no key was agreed on with {from} in time"),
                    }
                    drop(permit);
                });
            }
        });
        Ok(Self { agreed, address })
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        match self.agreed.recv().await {
            Some(agreed) => agreed,
            // Nobody comes any more.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Takes a certificate into use when its files have changed; one that cannot be used is left alone, and said.
async fn renew(tls: Tls, config: Arc<RwLock<Arc<ServerConfig>>>) {
    let mut known = tls.changed();
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let now = tls.changed();
        if now != known {
            match tls.load() {
                Ok(renewed) => {
                    *config.write().unwrap_or_else(PoisonError::into_inner) = renewed;
                    tracing::info!("the renewed certificate {} is in use", tls.certificate.display());
                    known = now;
                }
                Err(e) => tracing::warn!("the renewed certificate cannot be used: {e}"),
            }
        }
    }
}
