//! Who is let in: accounts in the data folder of the gateway, wherever its log is, or everybody on a loopback address.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use accounts::{Accounts, FiledRegister, SystemClock};
use gateway::{
    access::{Access, Hosts, LocalAccess, NoAuth},
    entrance::{ShownAccount, SignIn},
};

use super::Wanted;
use crate::{
    cli::{Auth, Role},
    commands::demo,
    failure::Failure,
    folder::private_folder,
    place::Place,
};

/// How often what has ended is removed: nothing that is removed counted any more, so it is a matter of room alone.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// Where accounts lie in a data folder.
const FOLDER: &str = "accounts";

/// The accounts of a data folder, for this process alone.
pub async fn open(data: &Path) -> Result<Accounts, Failure> {
    let folder = data.join(FOLDER);
    private_folder(&folder)?;
    let register = FiledRegister::open(&folder).map_err(accounts::AccountsError::from)?;
    Ok(Accounts::open(Arc::new(register), Arc::new(SystemClock::default())).await?)
}

/// Who is let in.
pub enum People {
    /// Everybody, on a loopback address.
    Everybody,
    /// Those who have an account.
    Known {
        /// The accounts and the pages.
        sign_in: SignIn,
        /// Who finds out who asks.
        access: Arc<LocalAccess>,
    },
}

impl People {
    /// As was asked for. Where nobody can sign in yet, how to begin is said.
    pub(super) async fn of(place: &Place, wanted: &Wanted, shown: &[ShownAccount], address: SocketAddr) -> Result<Self, Failure> {
        match wanted.auth {
            Auth::None => return Ok(Self::Everybody),
            // Beside its health and its numbers, a service without a gateway answers nobody over HTTP.
            Auth::Local | Auth::Oidc if !wanted.has(Role::Gateway) => return Ok(Self::Everybody),
            Auth::Local | Auth::Oidc => {}
        }
        if place.folder().path().join(demo::MADE).exists() && !wanted.listen.ip().is_loopback() {
            return Err(Failure::wrong_use(
                "this is the folder of a demonstration, whose passwords everybody knows, so it listens on a loopback address only",
            ));
        }
        let accounts = open(place.folder().path()).await?;
        if accounts.accounts().is_empty() {
            let data = place.folder().path().display();
            tracing::warn!(
                "nobody can sign in yet: make the first account with `trajectlog --data {data} accounts add --login … --name … --role administrator`"
            );
        }
        if wanted.tls.is_none() && !wanted.listen.ip().is_loopback() {
            tracing::warn!(
                "passwords and tokens come in over {} without TLS: give --tls-cert and --tls-key, or let nothing but a proxy with TLS reach it",
                wanted.listen
            );
        }
        let provider = wanted.oidc.as_ref().map(|oidc| oidc.provider(address, wanted.tls.is_some())).transpose()?.map(Arc::new);
        let access = LocalAccess::new(accounts.clone(), Arc::new(SystemClock::default())).with_provider(provider.clone());
        let access = Arc::new(access);
        let sign_in = SignIn { accounts, shown: shown.into(), passwords: wanted.auth == Auth::Local, provider };
        Ok(Self::Known { sign_in, access })
    }

    /// The accounts, where there are some.
    pub fn accounts(&self) -> Option<Accounts> {
        self.sign_in().map(|sign_in| sign_in.accounts)
    }

    /// Who finds out who asks.
    pub fn access(&self) -> Arc<dyn Access> {
        match self {
            Self::Everybody => Arc::new(NoAuth),
            Self::Known { access, .. } => access.clone(),
        }
    }

    /// The accounts and the pages.
    pub fn sign_in(&self) -> Option<SignIn> {
        match self {
            Self::Everybody => None,
            Self::Known { sign_in, .. } => Some(sign_in.clone()),
        }
    }

    /// Under which names the service may be addressed: where a credential is shown, under any.
    pub fn hosts(&self, port: u16) -> Hosts {
        match self {
            Self::Everybody => Hosts::Loopback { port },
            // A demonstration's passwords are known to everybody: no page of another site may try them by a name that points here.
            Self::Known { sign_in, .. } if !sign_in.shown.is_empty() => Hosts::Loopback { port },
            Self::Known { .. } => Hosts::Any,
        }
    }
}

/// Removes what has ended, now and then.
pub async fn sweep(accounts: Accounts) {
    loop {
        match accounts.sweep().await {
            Ok(swept) if swept == accounts::Swept::default() => {}
            Ok(swept) => {
                tracing::info!("removed what had ended: {} sessions, {} tokens, {} covers", swept.sessions, swept.tokens, swept.covers)
            }
            Err(error) => tracing::warn!("what has ended could not be removed: {error}"),
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}
