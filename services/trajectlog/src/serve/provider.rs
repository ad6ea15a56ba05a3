//! The provider of identities of an organisation: its settings, and the client of HTTP that asks it.

use std::{net::SocketAddr, path::Path, sync::Arc};

use accounts::SystemClock;
use bytes::Bytes;
use gateway::{
    access::{Provider, ProviderSettings, Question, Reply, Web},
    ports::Later,
};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request, Uri, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use crate::{cli, failure::Failure, settings::Settings};

/// The longest file with a secret.
const LONGEST_SECRET: u64 = 4096;
/// The claim that is compared with logins when nothing is said.
const LOGIN_CLAIM: &str = "email";

/// What was said of a provider.
pub struct Oidc {
    issuer: String,
    client_id: String,
    client_secret: Option<Zeroizing<String>>,
    name: Option<String>,
    login_claim: Option<String>,
    audience: Option<String>,
    public_url: Option<String>,
}

impl Oidc {
    /// From flags, environment and file; `None` where no provider is named.
    pub fn of(args: &cli::Oidc, settings: &Settings) -> Result<Option<Self>, Failure> {
        let text = |flag: &Option<String>, name: &str| settings.text(flag.as_ref(), name);
        let issuer = text(&args.oidc_issuer, "oidc-issuer")?;
        let client_id = text(&args.oidc_client_id, "oidc-client-id")?;
        let (issuer, client_id) = match (issuer, client_id) {
            (Some(issuer), Some(client_id)) => (issuer, client_id),
            (None, None) => return Ok(None),
            (Some(_), None) | (None, Some(_)) => {
                return Err(Failure::wrong_use("--oidc-issuer and --oidc-client-id belong together: give both, or neither"));
            }
        };
        let secret = settings.path(args.oidc_client_secret_file.as_ref(), "oidc-client-secret-file")?;
        Ok(Some(Self {
            issuer,
            client_id,
            client_secret: secret.as_deref().map(read_secret).transpose()?,
            name: text(&args.oidc_name, "oidc-name")?,
            login_claim: text(&args.oidc_login_claim, "oidc-login-claim")?,
            audience: text(&args.oidc_audience, "oidc-audience")?,
            public_url: text(&args.public_url, "public-url")?,
        }))
    }

    /// The provider, for a service that listens here.
    pub fn provider(&self, address: SocketAddr, over_tls: bool) -> Result<Provider, Failure> {
        let scheme = if over_tls { "https" } else { "http" };
        let public_url = match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if address.ip().is_loopback() => format!("{scheme}://{address}"),
            None => {
                return Err(Failure::wrong_use(
                    "the provider sends browsers back to this service: say with --public-url where they reach it",
                ));
            }
        };
        let host = self.issuer.parse::<Uri>().ok().and_then(|issuer| issuer.host().map(str::to_owned));
        let settings = ProviderSettings {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            name: self.name.clone().or(host).unwrap_or_default(),
            login_claim: self.login_claim.clone().unwrap_or_else(|| LOGIN_CLAIM.to_owned()),
            audience: self.audience.clone(),
            public_url,
        };
        let client = Client::new(self.issuer.starts_with("https:"))?;
        let wrong = |error: gateway::access::WrongSettings| Failure::wrong_use(format!("sign-in by the organisation: {error}"));
        Provider::new(settings, Arc::new(client), Arc::new(SystemClock::default())).map_err(wrong)
    }
}

fn read_secret(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let wrong = |cause: String| Failure::wrong_use(format!("the client secret in {}: {cause}", path.display()));
    let metadata = std::fs::metadata(path).map_err(|e| wrong(e.to_string()))?;
    if metadata.len() > LONGEST_SECRET {
        return Err(wrong("the file is too long for a secret".to_owned()));
    }
    // A credential that systemd lays ready may be readable by its group.
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o007 != 0 {
        return Err(wrong("everybody on this machine may read it: chmod 600".to_owned()));
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?);
    let secret = text.trim();
    if secret.is_empty() { Err(wrong("it is empty".to_owned())) } else { Ok(Zeroizing::new(secret.to_owned())) }
}

/// Asks a provider: one connection a question, no redirect, the machine's certificate authorities.
struct Client {
    tls: TlsConnector,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Client {
    fn new(needs_tls: bool) -> Result<Self, Failure> {
        let mut roots = RootCertStore::empty();
        if needs_tls {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err(Failure::wrong_use(
                    "no certificate authorities are found to know the provider by: install ca-certificates, or name a file of them in SSL_CERT_FILE",
                ));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|e| Failure::wrong_use(format!("TLS cannot begin: {e}")))?;
        Ok(Self { tls: TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())) })
    }

    async fn connect(&self, uri: &Uri) -> Result<Box<dyn Stream>, String> {
        let host = uri.host().ok_or("the address has no host")?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let over_tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if over_tls { 443 } else { 80 });
        let stream = TcpStream::connect((bare, port)).await.map_err(|e| e.to_string())?;
        if !over_tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(bare.to_owned()).map_err(|e| e.to_string())?;
        Ok(Box::new(self.tls.connect(name, stream).await.map_err(|e| e.to_string())?))
    }

    async fn answer(&self, question: Question<'_>) -> Result<Reply, String> {
        let uri: Uri = question.url.parse().map_err(|_| "the address cannot be read")?;
        let (mut sender, connection) =
            http1::handshake::<_, Full<Bytes>>(TokioIo::new(self.connect(&uri).await?)).await.map_err(|e| e.to_string())?;
        // It ends when the sender is dropped.
        tokio::spawn(connection);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let host = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        let mut request = Request::builder().uri(path).header(header::HOST, host).header(header::ACCEPT, "application/json");
        if let Some(authorization) = question.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let body = match question.form {
            None => Full::default(),
            Some(form) => {
                request = request.method(Method::POST).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                Full::from(Bytes::copy_from_slice(form.as_bytes()))
            }
        };
        let request = request.body(body).map_err(|e| e.to_string())?;
        let response = sender.send_request(request).await.map_err(|e| e.to_string())?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), question.longest).collect().await.map_err(|e| e.to_string())?;
        Ok(Reply { status, body: body.to_bytes().to_vec() })
    }
}

impl Web for Client {
    fn ask<'a>(&'a self, question: Question<'a>) -> Later<'a, Result<Reply, String>> {
        Box::pin(self.answer(question))
    }
}
