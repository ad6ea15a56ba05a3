//! The pages that stand before everything else: for signing in, and for choosing a password. Whoever has nicer ones hands them in.

use std::fmt::Write;

use accounts::Accounts;

use std::sync::Arc;

/// Signing in, where a gateway has accounts.
#[derive(Clone)]
pub struct SignIn {
    /// The accounts.
    pub accounts: Accounts,
    /// The pages.
    pub page: Arc<dyn SignInPage>,
    /// Accounts that the page shows with their passwords: those of a demonstration.
    pub shown: Arc<[ShownAccount]>,
}

/// An account of a demonstration, which everybody may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAccount {
    /// What it is, in words for people.
    pub what: String,
    /// Under what it signs in.
    pub login: String,
    /// Its password, known to everybody.
    pub password: String,
}

/// What a page for signing in shows.
#[derive(Clone, Debug)]
pub struct SignInForm<'a> {
    /// Why somebody is here again: `onjuist`, `wachten` or `storing`.
    pub said: Option<&'a str>,
    /// The seconds to wait before the next try, where they are known.
    pub wait: Option<u64>,
    /// Where it goes on: an address of this service, as the field `next`.
    pub next: Option<&'a str>,
    /// Accounts to show.
    pub shown: &'a [ShownAccount],
}

/// What a page for choosing a password shows.
#[derive(Clone, Debug)]
pub struct PasswordForm<'a> {
    /// Why somebody is here again: `onjuist`, `wachten`, `storing`, `anders` (the two new ones differ), or the code of a rule.
    pub said: Option<&'a str>,
    /// The seconds to wait before the next try, where they are known.
    pub wait: Option<u64>,
    /// Where it goes on: an address of this service, as the field `next`.
    pub next: Option<&'a str>,
    /// Whether nothing else may be done before.
    pub must: bool,
    /// What guards the form, as the field `csrf`.
    pub csrf: &'a str,
    /// Whose password it is.
    pub account: &'a str,
}

/// Who renders these pages: whole HTML documents. A form is sent to the address of its page, with the fields that are named here.
pub trait SignInPage: Send + Sync + 'static {
    /// With a form of `login`, `password` and `next`.
    fn sign_in(&self, form: &SignInForm<'_>) -> String;
    /// With a form of `old`, `new`, `again`, `next` and `csrf`.
    fn password(&self, form: &PasswordForm<'_>) -> String;
}

/// Pages without any style: labels, fields, a button.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainPage;

impl SignInPage for PlainPage {
    fn sign_in(&self, form: &SignInForm<'_>) -> String {
        let mut body = String::new();
        body.push_str(&alert(form.said, form.wait));
        body.push_str("<form method=\"post\" action=\"/inloggen\">\n");
        body.push_str(&next(form.next));
        body.push_str(
            "<p><label for=\"login\">Gebruikersnaam</label><br><input id=\"login\" name=\"login\" autocomplete=\"username\" \
             autocapitalize=\"none\" spellcheck=\"false\" required></p>\n\
             <p><label for=\"password\">Wachtwoord</label><br><input id=\"password\" name=\"password\" type=\"password\" \
             autocomplete=\"current-password\" required></p>\n<p><button>Inloggen</button></p>\n</form>\n",
        );
        if !form.shown.is_empty() {
            body.push_str("<h2>Accounts van deze demonstratie</h2>\n<table>\n<thead><tr><th scope=\"col\">Wie</th><th scope=\"col\">Gebruikersnaam</th><th scope=\"col\">Wachtwoord</th></tr></thead>\n<tbody>\n");
            for ShownAccount { what, login, password } in form.shown {
                let _ = writeln!(body, "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", text(what), text(login), text(password));
            }
            body.push_str("</tbody>\n</table>\n");
        }
        page("Inloggen", &body)
    }

    fn password(&self, form: &PasswordForm<'_>) -> String {
        let mut body = String::new();
        if form.must {
            body.push_str("<p>U bent ingelogd met een eenmalig wachtwoord. Kies eerst een eigen wachtwoord.</p>\n");
        }
        body.push_str(&alert(form.said, form.wait));
        body.push_str("<form method=\"post\" action=\"/wachtwoord\">\n");
        let _ = writeln!(body, "<input type=\"hidden\" name=\"csrf\" value=\"{}\">", text(form.csrf));
        body.push_str(&next(form.next));
        for (name, label, complete) in [
            ("old", "Huidig of eenmalig wachtwoord", "current-password"),
            ("new", "Nieuw wachtwoord (ten minste 12 tekens)", "new-password"),
            ("again", "Nieuw wachtwoord, nog een keer", "new-password"),
        ] {
            let _ = writeln!(
                body,
                "<p><label for=\"{name}\">{label}</label><br><input id=\"{name}\" name=\"{name}\" type=\"password\" autocomplete=\"{complete}\" required></p>"
            );
        }
        body.push_str("<p><button>Wachtwoord wijzigen</button></p>\n</form>\n");
        page("Wachtwoord kiezen", &body)
    }
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – Trajectlog</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn next(next: Option<&str>) -> String {
    next.map_or_else(String::new, |next| format!("<input type=\"hidden\" name=\"next\" value=\"{}\">\n", text(next)))
}

fn alert(said: Option<&str>, wait: Option<u64>) -> String {
    let sentence = match (said, wait) {
        (None, _) => return String::new(),
        (Some("wachten"), Some(seconds)) => format!("Te veel mislukte pogingen. Probeer het over {seconds} seconden opnieuw."),
        (Some("wachten"), None) => "Te veel mislukte pogingen. Probeer het later opnieuw.".to_owned(),
        (Some("onjuist"), _) => "De gegevens kloppen niet, of het account kan niet worden gebruikt.".to_owned(),
        (Some("anders"), _) => "De twee nieuwe wachtwoorden zijn niet gelijk.".to_owned(),
        (Some("password_too_short"), _) => {
            "Een wachtwoord heeft ten minste 12 tekens: een paar woorden samen zijn makkelijk te onthouden.".to_owned()
        }
        (Some("password_too_long"), _) => "Een wachtwoord heeft hoogstens 128 tekens.".to_owned(),
        (Some("password_common"), _) => "Dit wachtwoord wordt door te veel mensen gebruikt.".to_owned(),
        (Some("password_contains_login"), _) => "Een wachtwoord bevat de gebruikersnaam niet.".to_owned(),
        (Some("password_unchanged"), _) => "Het nieuwe wachtwoord is het oude: kies een ander.".to_owned(),
        (Some(_), _) => "Het lukt nu niet. Probeer het zo opnieuw.".to_owned(),
    };
    format!("<p role=\"alert\">{sentence}</p>\n")
}

/// A text as HTML, also within quotes.
fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_is_told_is_text_in_it() {
        let shown = [ShownAccount { what: "<b>".to_owned(), login: "a\"b".to_owned(), password: "'&".to_owned() }];
        let html = PlainPage.sign_in(&SignInForm { said: Some("wachten"), wait: Some(7), next: Some("/\"><script>"), shown: &shown });
        assert!(
            html.contains("value=\"/&quot;&gt;&lt;script&gt;\"") && html.contains("&lt;b&gt;") && html.contains("&#39;&amp;"),
            "{html}"
        );
        assert!(html.contains("over 7 seconden") && !html.contains("<script"));
    }
}
