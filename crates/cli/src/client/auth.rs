//! Who we are: login, tokens.

use http::Method;
use nagaya_api::{ApiError, Kind, kinds::team::TeamRole};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Client;
use crate::{CliError, Connection};

/// The person a token or session stands for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Name of the user.
    pub name: String,
    /// The name shown.
    #[serde(default)]
    pub display_name: String,
    /// Whether the person is of operations.
    #[serde(default)]
    pub admin: bool,
    /// Whether somebody else knows the password: a session may do nothing until another is chosen.
    #[serde(default)]
    pub must_change_password: bool,
    /// The teams the person is in.
    #[serde(default)]
    pub teams: Vec<Membership>,
}

/// A person's place in a team.
#[derive(Clone, Debug, Deserialize)]
pub struct Membership {
    /// Name of the team.
    pub name: String,
    /// What the person may do there.
    #[serde(default)]
    pub role: TeamRole,
}

/// A token as listed: never the secret itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenInfo {
    /// What `revoke` takes.
    pub id: String,
    /// What it is for.
    #[serde(default)]
    pub name: String,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<jiff::Timestamp>,
    /// When it ends.
    #[serde(default)]
    pub expires_at: Option<jiff::Timestamp>,
    /// When it was last used.
    #[serde(default)]
    pub last_used_at: Option<jiff::Timestamp>,
}

/// A new token: shown once.
#[derive(Clone, Debug, Deserialize)]
pub struct NewToken {
    /// What `revoke` takes.
    #[serde(default)]
    pub id: String,
    /// The secret.
    pub token: String,
}

#[derive(Deserialize)]
struct Items {
    items: Vec<TokenInfo>,
}

impl Client {
    /// Who we are there.
    ///
    /// # Errors
    /// The server's.
    pub async fn me(&self) -> Result<Me, CliError> {
        self.json(self.request(Method::GET, self.url("me"))).await
    }

    /// Our tokens.
    ///
    /// # Errors
    /// The server's.
    pub async fn tokens(&self) -> Result<Vec<TokenInfo>, CliError> {
        Ok(self.json::<Items>(self.request(Method::GET, self.url("tokens"))).await?.items)
    }

    /// Makes a token.
    ///
    /// # Errors
    /// The server's.
    pub async fn create_token(
        &self,
        name: &str,
        expires_at: Option<jiff::Timestamp>,
    ) -> Result<NewToken, CliError> {
        self.json(self.request(Method::POST, self.url("tokens")).json(&token_request(name, expires_at))).await
    }

    /// Ends a token.
    ///
    /// # Errors
    /// The server's.
    pub async fn revoke_token(&self, id: &str) -> Result<(), CliError> {
        let path = format!("tokens/{}", super::encode(id));
        self.send(self.request(Method::DELETE, self.url(&path))).await.map(drop)
    }
}

fn token_request(name: &str, expires_at: Option<jiff::Timestamp>) -> Value {
    match expires_at {
        Some(at) => json!({"name": name, "expiresAt": at.to_string()}),
        None => json!({"name": name}),
    }
}

/// Logs in with a password and makes a token by that session, which is then closed. `choose` asks for another password
/// when somebody else knows this one.
///
/// # Errors
/// When the password is wrong or the server refuses otherwise; those of `choose`.
pub async fn create_token_with_password(
    connection: &Connection,
    user: &str,
    password: &str,
    name: &str,
    choose: impl FnOnce() -> Result<String, CliError>,
) -> Result<NewToken, CliError> {
    let client = Client::new(Connection { token: String::new(), ..connection.clone() })?;
    // A session is the browser's way in: as from a page, unsafe methods must say where they come from.
    let origin = client.server().to_owned();
    let login = client
        .request(Method::POST, client.url("login"))
        .header("origin", &origin)
        .json(&json!({"user": user, "password": password}));
    let response = match client.send(login).await {
        Err(CliError::NotLoggedIn(_)) => {
            return Err(ApiError::unauthorized("user or password is wrong").into());
        }
        other => other?,
    };
    let cookie = response
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next().map(str::to_owned))
        .collect::<Vec<_>>()
        .join("; ");
    let with_session =
        |request: reqwest::RequestBuilder| request.header("origin", &origin).header("cookie", &cookie);
    let me: Me = response.json().await.map_err(|error| CliError::Other(error.to_string()))?;
    if me.must_change_password {
        let path = client.url(&format!("{}/password", super::object_path(Kind::User, user)));
        let change = json!({"password": choose()?, "current": password});
        client.send(with_session(client.request(Method::POST, path)).json(&change)).await?;
    }
    let token =
        with_session(client.request(Method::POST, client.url("tokens"))).json(&token_request(name, None));
    let token: NewToken = client.json(token).await?;
    // The token stands by itself; a session left open would only be one more thing to steal.
    let _ = client.send(with_session(client.request(Method::POST, client.url("logout")))).await;
    Ok(token)
}
